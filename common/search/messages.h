/*
 * messages.h - which messages are in the queues, known from the calls that were done. The kernel
 * shows only how many there are, but whether msgrcv() has to wait depends on their types.
 */
#ifndef VITRINE_SEARCH_MESSAGES_H
#define VITRINE_SEARCH_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "control/call.h"

#define MESSAGES_MAX 16384 /* in all queues; the kernel's default limit of one queue */

struct queued_message {
	int queue;
	int64_t type;
};

struct messages {
	struct queued_message messages[MESSAGES_MAX]; /* in the order in which they were sent */
	size_t count;
};

/*
 * Notes a call that was done: msgsnd, msgrcv, and the removal of a queue. false: there are more
 * than MESSAGES_MAX messages, so they are no longer known.
 */
bool messages_note(struct messages *messages, const struct call *call);

/* True if a msgrcv() would find a message. */
bool messages_fit(const struct messages *messages, const struct call *call);

#endif
