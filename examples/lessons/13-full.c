/*
 * 13-full.c - a message queue is a bounded buffer that the kernel keeps: it has a limit, the sender
 * sleeps while it is full, and what was sent stays when the sender is killed.
 *
 *	cc -g -std=c17 -pedantic -o full 13-full.c lesson.c
 *	./full
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>

#include "lesson.h"

static struct {
	long type;
	char contents[1024];
} message = {.type = 1};

static struct msqid_ds look(int queue)
{
	struct msqid_ds state;

	if (msgctl(queue, IPC_STAT, &state) != 0)
		lesson_fail("msgctl");
	return state;
}

static void send_one_more(int queue)
{
	while (msgsnd(queue, &message, sizeof(message.contents), 0) != 0)
		if (errno != EINTR || lesson_interrupted())
			lesson_fail("msgsnd");
}

static unsigned long count(int queue)
{
	return (unsigned long)look(queue).msg_qnum;
}

int main(void)
{
	unsigned long most, after;
	pid_t sender;
	int queue;

	lesson_start();
	queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	if (queue < 0)
		lesson_fail("msgget");
	lesson_remove_queue_later(queue);
	while (msgsnd(queue, &message, sizeof(message.contents), IPC_NOWAIT) == 0)
		continue;
	if (errno != EAGAIN)
		lesson_fail("msgsnd");
	most = count(queue);
	printf("the queue takes %lu bytes: %lu messages of %zu bytes fit\n",
		(unsigned long)look(queue).msg_qbytes, most, sizeof(message.contents));

	sender = lesson_child(send_one_more, queue);
	lesson_sleep_ms(200);
	printf("another process sends one more and sleeps; the queue still has %lu messages\n",
		count(queue));
	if (count(queue) != most || msgrcv(queue, &message, sizeof(message.contents), 0, 0) < 0)
		return EXIT_FAILURE;
	if (!lesson_wait(sender))
		return EXIT_FAILURE;
	printf("one message is taken: the sender continues, and the queue has %lu again\n",
		count(queue));

	sender = lesson_child(send_one_more, queue);
	lesson_sleep_ms(200);
	lesson_kill(sender);
	after = count(queue);
	printf("kill -9 of the next sender while it sleeps: %lu complete messages remain\n", after);
	return after == most ? EXIT_SUCCESS : EXIT_FAILURE;
}
