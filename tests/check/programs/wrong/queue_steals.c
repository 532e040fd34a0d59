/* One queue for both ways without types: the client takes its own question for the answer. */
#include "../homework.h"

struct message {
	long type;
	int number;
};

static int queue;

static void serve(void)
{
	struct message message;

	msgrcv(queue, &message, sizeof(int), 0, 0);
	message.number++;
	msgsnd(queue, &message, sizeof(int), 0);
}

int main(void)
{
	struct message message = {1, 7};
	int status;

	make(1);
	queue = msgget(IPC_PRIVATE, 0600);
	child(serve);
	msgsnd(queue, &message, sizeof(int), 0);
	msgrcv(queue, &message, sizeof(int), 0, 0);
	status = finish(1);
	msgctl(queue, IPC_RMID, NULL);
	return status;
}
