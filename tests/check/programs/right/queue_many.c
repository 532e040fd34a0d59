/* More messages wait in a queue than a program usually has: they are all there, and come out in order. */
#include "../homework.h"

#define MESSAGES 300

int main(void)
{
	struct {
		long type;
		char byte;
	} message = {1, 0};
	int queue = msgget(IPC_PRIVATE, 0600), wrong = 0;

	for (int i = 0; i < MESSAGES; i++) {
		message.byte = (char)i;
		msgsnd(queue, &message, 1, 0);
	}
	for (int i = 0; i < MESSAGES; i++) {
		msgrcv(queue, &message, 1, 0, 0);
		wrong += message.byte != (char)i;
	}
	msgctl(queue, IPC_RMID, NULL);
	return wrong != 0;
}
