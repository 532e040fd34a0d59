/*
 * made.h - the System V objects that the programs under control created themselves. When they are
 * started again, these are removed first: a second run must find what the first one found. No other
 * object is ever removed.
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
	size_t count, room;
};

/* Before a …get: whether there is nothing under its key, so that it would create the object. */
bool made_is_new(const struct call *call);

/* A call came back: `was_new` as made_is_new() said of it. Takes …get and IPC_RMID. */
void made_note(struct made *made, const struct call *call, bool was_new);

/* Removes them all from the machine, and from the list. */
void made_remove(struct made *made);

/* Forgets them, and leaves them. */
void made_end(struct made *made);

#endif
