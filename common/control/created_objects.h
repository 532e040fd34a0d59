/*
 * created_objects.h - the System V objects that the programs under control created themselves. They
 * are removed before the programs are started again: a second run must find what the first one
 * found. No other object is ever removed.
 */
#ifndef VITRINE_CONTROL_CREATED_OBJECTS_H
#define VITRINE_CONTROL_CREATED_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "control/call.h"

struct created_object {
	enum call_kind kind; /* CALL_SEMGET, CALL_SHMGET or CALL_MSGGET */
	int id;
};

struct created_objects {
	struct created_object *objects;
	size_t count;
};

/* Before a …get: true if no object has the key, so that the call would create one. */
bool created_objects_is_new(const struct call *call);

/*
 * Notes a call that returned: …get and IPC_RMID. `was_new`: what created_objects_is_new() returned
 * before it.
 */
void created_objects_note(struct created_objects *created, const struct call *call, bool was_new);

/* Removes all these objects from the system and from the list. */
void created_objects_remove(struct created_objects *created);

/* Forgets the objects without removing them. */
void created_objects_end(struct created_objects *created);

#endif
