/* The answer has another type than the one that is waited for. */
#include "../homework.h"

struct message {
	long type;
	int number;
};

static int queue;

static void serve(void)
{
	struct message message;

	msgrcv(queue, &message, sizeof(int), 1, 0);
	message.type = 3;
	msgsnd(queue, &message, sizeof(int), 0);
}

int main(void)
{
	struct message message = {1, 7};

	make(1);
	queue = msgget(IPC_PRIVATE, 0600);
	child(serve);
	msgsnd(queue, &message, sizeof(int), 0);
	msgrcv(queue, &message, sizeof(int), 2, 0);
	msgctl(queue, IPC_RMID, NULL);
	return finish(1);
}
