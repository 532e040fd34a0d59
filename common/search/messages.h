/*
 * messages.h - which messages lie in the queues, by the calls that were done: the kernel tells only
 * how many there are, and whether msgrcv() has to wait depends on their types.
 */
#ifndef VITRINE_SEARCH_MESSAGES_H
#define VITRINE_SEARCH_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "control/call.h"

#define MESSAGES_MAX                                                                               \
	256 /* in all queues; of those beyond, it is not known whether they are there */

struct message {
	int queue;
	int64_t type;
};

struct messages {
	struct message messages[MESSAGES_MAX]; /* in the order in which they were sent */
	size_t count;
};

/* A call that was done: takes msgsnd, msgrcv and the removal of a queue. */
void messages_note(struct messages *messages, const struct call *call);

/* Whether a msgrcv() would find one. */
bool messages_fit(const struct messages *messages, const struct call *call);

#endif
