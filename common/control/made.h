/*
 * made.h - the System V objects that the programs under control created themselves. They are
 * removed before the programs are started again: a second run must find what the first one found.
 * No other object is ever removed.
 */
#ifndef VITRINE_CONTROL_MADE_H
#define VITRINE_CONTROL_MADE_H

#include <stdbool.h>
#include <stddef.h>

#include "control/call.h"

struct made_object {
	enum call_kind kind; /* CALL_SEMGET, CALL_SHMGET or CALL_MSGGET */
	int id;
};

struct made {
	struct made_object *objects;
	size_t count;
};

/* Before a …get: true if no object has the key, so that the call would create one. */
bool made_is_new(const struct call *call);

/*
 * Notes a call that returned: …get and IPC_RMID. `was_new`: what made_is_new() returned before it.
 */
void made_note(struct made *made, const struct call *call, bool was_new);

/* Removes all these objects from the system and from the list. */
void made_remove(struct made *made);

/* Forgets the objects without removing them. */
void made_end(struct made *made);

#endif
