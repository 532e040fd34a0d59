/* created_objects.c - see created_objects.h. */
#include "created_objects.h"

#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "base/grow.h"

bool created_objects_is_new(const struct call *call)
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

static void add(struct created_objects *created, enum call_kind kind, int id)
{
	struct created_object *objects =
		grow_array(created->objects, created->count, sizeof(*objects));

	if (objects == NULL)
		return;
	objects[created->count++] = (struct created_object){kind, id};
	created->objects = objects;
}

static void drop(struct created_objects *created, enum call_kind kind, int id)
{
	for (size_t i = 0; i < created->count; i++)
		if (created->objects[i].kind == kind && created->objects[i].id == id)
			created->objects[i--] = created->objects[--created->count];
}

void created_objects_note(struct created_objects *created, const struct call *call, bool was_new)
{
	bool removes = call->command == IPC_RMID && call->result == 0;

	switch (call->kind) {
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET:
		if (was_new && call->result >= 0)
			add(created, call->kind, call->id);
		break;
	case CALL_SEMCTL:
		if (removes)
			drop(created, CALL_SEMGET, call->id);
		break;
	case CALL_SHMCTL:
		if (removes)
			drop(created, CALL_SHMGET, call->id);
		break;
	case CALL_MSGCTL:
		if (removes)
			drop(created, CALL_MSGGET, call->id);
		break;
	default: break;
	}
}

void created_objects_remove(struct created_objects *created)
{
	for (size_t i = 0; i < created->count; i++) {
		int id = created->objects[i].id;

		switch (created->objects[i].kind) {
		case CALL_SEMGET: semctl(id, 0, IPC_RMID); break;
		case CALL_SHMGET: shmctl(id, IPC_RMID, NULL); break;
		default: msgctl(id, IPC_RMID, NULL); break;
		}
	}
	created->count = 0;
}

void created_objects_end(struct created_objects *created)
{
	free(created->objects);
	*created = (struct created_objects){0};
}
