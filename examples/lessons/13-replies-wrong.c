/*
 * 13-replies-wrong.c - a server and two clients share a message queue. A client gets another's reply.
 *
 *	cc -g -std=c17 -pedantic -o replies-wrong 13-replies-wrong.c lesson.c
 *	./replies-wrong
 *
 * All replies have the same type, so a client takes the first one that comes. Its twin is
 * 13-replies-right.c.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <unistd.h>

#include "lesson.h"

enum { REQUEST = 1, REPLY = 2 };

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
	answer = receive(REPLY).number;
	printf("the square of %d is %d\n", number, answer);
	exit(answer == number * number ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void reply(struct message request)
{
	send(REPLY, request.number * request.number);
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
	printf("%s\n", are_right ? "all is well" : "MIXED UP: each got the other's reply");
	return are_right ? EXIT_FAILURE : EXIT_SUCCESS;
}
