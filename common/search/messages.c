/* messages.c - see messages.h. */
#include "messages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>

/*
 * Selects as msgop(2) does: the first message of the type, the first of another type, or the first
 * of the lowest type up to -type.
 */
static bool fits(const struct queued_message *message, const struct call *call)
{
	if (message->queue != call->id)
		return false;
	if (call->type == 0)
		return true;
	if (call->type < 0)
		return message->type <= -call->type;
	return (message->type == call->type) != ((call->flags & MSG_EXCEPT) != 0);
}

/* The message that msgrcv() takes; `count`: none. */
static size_t find(const struct messages *messages, const struct call *call)
{
	size_t found = messages->count;

	for (size_t i = 0; i < messages->count; i++) {
		if (!fits(&messages->messages[i], call))
			continue;
		if (call->type >= 0)
			return i;
		if (found == messages->count ||
			messages->messages[i].type < messages->messages[found].type)
			found = i;
	}
	return found;
}

static void drop(struct messages *messages, size_t at)
{
	messages->count--;
	memmove(&messages->messages[at], &messages->messages[at + 1],
		(messages->count - at) * sizeof(messages->messages[0]));
}

bool messages_note(struct messages *messages, const struct call *call)
{
	if (call->result < 0)
		return true;
	if (call->kind == CALL_MSGSND) {
		if (messages->count == MESSAGES_MAX)
			return false;
		messages->messages[messages->count++] =
			(struct queued_message){call->id, call->type};
	} else if (call->kind == CALL_MSGRCV) {
		size_t at = find(messages, call);

		if (at < messages->count)
			drop(messages, at);
	} else if (call->kind == CALL_MSGCTL && call->command == IPC_RMID) {
		for (size_t i = messages->count; i > 0; i--)
			if (messages->messages[i - 1].queue == call->id)
				drop(messages, i - 1);
	}
	return true;
}

bool messages_fit(const struct messages *messages, const struct call *call)
{
	return find(messages, call) < messages->count;
}
