/*
 * 13-replies-right.c - a server and two clients share a message queue. Each gets its own reply.
 *
 *	cc -g -std=c17 -pedantic -o replies-right 13-replies-right.c lesson.c
 *	./replies-right
 *
 * The type of a reply is the pid of its client, and each client receives only messages of that type.
 * Its twin is 13-replies-wrong.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <unistd.h>

#include "lesson.h"

enum { REQUEST = 1 };

struct message {
	long type; /* above 0 */
	pid_t from;
	int number;
};
enum { CONTENTS = sizeof(struct message) - sizeof(long) };

static int queue;

static void send(long type, int number)
{
	struct message message = {.type = type, .from = getpid(), .number = number};

	if (msgsnd(queue, &message, CONTENTS, 0) != 0)
		lesson_fail("msgsnd");
}

/* Sleeps until there is a message of this type. */
static struct message receive(long type)
{
	struct message message = {0};

	while (msgrcv(queue, &message, CONTENTS, type, 0) < 0)
		if (errno != EINTR || lesson_interrupted())
			lesson_fail("msgrcv");
	return message;
}

static void ask(int number)
{
	int answer;

	send(REQUEST, number);
	answer = receive(getpid()).number;
	printf("the square of %d is %d\n", number, answer);
	exit(answer == number * number ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void reply(struct message request)
{
	send(request.from, request.number * request.number);
}

int main(void)
{
	struct message first, second;
	pid_t one, other;
	bool are_right;

	lesson_start();
	queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	if (queue < 0)
		lesson_fail("msgget");
	lesson_remove_queue_later(queue);

	/* The unlucky timing is forced: both clients wait, and the second gets its reply first. */
	one = lesson_child(ask, 3);
	first = receive(REQUEST);
	lesson_sleep_ms(100);
	other = lesson_child(ask, 5);
	second = receive(REQUEST);
	lesson_sleep_ms(100);
	reply(second);
	reply(first);
	are_right = lesson_wait(one);
	are_right = lesson_wait(other) && are_right;
	return are_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
