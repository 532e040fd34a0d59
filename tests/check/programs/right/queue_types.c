/* Questions of type 1, answers of type 2, on one queue. */
#include "../homework.h"

struct message {
	long type;
	int number;
};

static int queue;

static void serve(void)
{
	struct message message;

	for (int i = 0; i < 2; i++) {
		msgrcv(queue, &message, sizeof(int), 1, 0);
		message.type = 2;
		message.number++;
		msgsnd(queue, &message, sizeof(int), 0);
	}
}

int main(void)
{
	make(1);
	queue = msgget(IPC_PRIVATE, 0600);
	child(serve);
	for (int i = 0; i < 2; i++) {
		struct message message = {1, i};

		msgsnd(queue, &message, sizeof(int), 0);
		msgrcv(queue, &message, sizeof(int), 2, 0);
		if (message.number != i + 1)
			return 1;
	}
	msgctl(queue, IPC_RMID, NULL);
	return finish(1);
}
