/* made.c - see made.h. */
#include "made.h"

#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "base/grow.h"

bool made_is_new(const struct call *call)
{
	if (call->kind != CALL_SEMGET && call->kind != CALL_SHMGET && call->kind != CALL_MSGGET)
		return false;
	if (call->key == IPC_PRIVATE)
		return true;
	if ((call->flags & IPC_CREAT) == 0)
		return false;
	switch (call->kind) {
	case CALL_SEMGET: return semget(call->key, 0, 0) < 0;
	case CALL_SHMGET: return shmget(call->key, 0, 0) < 0;
	default: return msgget(call->key, 0) < 0;
	}
}

static void add(struct made *made, enum call_kind kind, int id)
{
	struct made_object *objects = grow_array(made->objects, made->count, sizeof(*objects));

	if (objects == NULL)
		return;
	objects[made->count++] = (struct made_object){kind, id};
	made->objects = objects;
}

static void drop(struct made *made, enum call_kind kind, int id)
{
	for (size_t i = 0; i < made->count; i++)
		if (made->objects[i].kind == kind && made->objects[i].id == id)
			made->objects[i--] = made->objects[--made->count];
}

void made_note(struct made *made, const struct call *call, bool was_new)
{
	bool removes = call->command == IPC_RMID && call->result == 0;

	switch (call->kind) {
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET:
		if (was_new && call->result >= 0)
			add(made, call->kind, call->id);
		break;
	case CALL_SEMCTL:
		if (removes)
			drop(made, CALL_SEMGET, call->id);
		break;
	case CALL_SHMCTL:
		if (removes)
			drop(made, CALL_SHMGET, call->id);
		break;
	case CALL_MSGCTL:
		if (removes)
			drop(made, CALL_MSGGET, call->id);
		break;
	default: break;
	}
}

void made_remove(struct made *made)
{
	for (size_t i = 0; i < made->count; i++) {
		int id = made->objects[i].id;

		switch (made->objects[i].kind) {
		case CALL_SEMGET: semctl(id, 0, IPC_RMID); break;
		case CALL_SHMGET: shmctl(id, IPC_RMID, NULL); break;
		default: msgctl(id, IPC_RMID, NULL); break;
		}
	}
	made->count = 0;
}

void made_end(struct made *made)
{
	free(made->objects);
	*made = (struct made){0};
}
