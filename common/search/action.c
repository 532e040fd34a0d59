/* action.c - see action.h. */
#include "action.h"

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* Names of objects: the kind is in the upper bits. */
enum {
	NAME_SET = 1,
	NAME_SEMAPHORE,
	NAME_SEGMENT,
	NAME_QUEUE,
	NAME_SET_KEY,
	NAME_SEGMENT_KEY,
	NAME_QUEUE_KEY,
	NAME_CHILDREN,
};

static uint64_t name_of(unsigned kind, int id, unsigned number)
{
	return (uint64_t)kind << 56 | (uint64_t)number << 32 | (uint32_t)id;
}

uint64_t action_children(int pid)
{
	return name_of(NAME_CHILDREN, pid, 0);
}

uint64_t action_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	hash ^= hash >> 32;
	hash *= UINT64_C(0xd6e8feb86659fd93);
	return hash ^ (hash >> 29);
}

void action_add(struct action *action, struct action_object object)
{
	if (action->count == ACTION_OBJECTS)
		action->touches_all = true;
	else
		action->objects[action->count++] = object;
}

static void add(struct action *action, uint64_t name, bool writes)
{
	action_add(action, (struct action_object){.name = name, .writes = writes});
}

void action_add_semaphore(struct action *action, int set, unsigned semaphore, bool writes)
{
	add(action, name_of(NAME_SEMAPHORE, set, semaphore), writes);
}

static void add_set(struct action *action, int id, bool writes)
{
	action_add(action,
		(struct action_object){
			.name = name_of(NAME_SET, id, 0), .is_whole = true, .writes = writes});
}

static void add_operations(struct action *action, const struct call *call)
{
	if (call->count > CALL_OPERATIONS_MAX || call->is_unreadable)
		return;
	for (uint32_t i = 0; i < call->count; i++)
		add(action, name_of(NAME_SEMAPHORE, call->id, call->operations[i].sem_num),
			call->operations[i].sem_op != 0);
}

static void add_semctl(struct action *action, const struct call *call)
{
	switch (call->command) {
	case SETVAL:
		add(action, name_of(NAME_SEMAPHORE, call->id, (unsigned)call->semaphore), true);
		break;
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
		add(action, name_of(NAME_SEMAPHORE, call->id, (unsigned)call->semaphore), false);
		break;
	case IPC_RMID:
		add_set(action, call->id, true);
		add(action, name_of(NAME_SET_KEY, 0, 0), true);
		break;
	case SETALL: add_set(action, call->id, true); break;
	default: add_set(action, call->id, false); break;
	}
}

/* Two calls that create or remove objects under keys conflict; a private object has no key. */
static void add_get(struct action *action, const struct call *call, unsigned kind)
{
	if (call->key != IPC_PRIVATE)
		add(action, name_of(kind, 0, 0), (call->flags & IPC_CREAT) != 0);
}

void action_add_call(struct action *action, const struct call *call)
{
	switch (call->kind) {
	case CALL_SEMOP: add_operations(action, call); break;
	case CALL_SEMCTL: add_semctl(action, call); break;
	case CALL_SEMGET: add_get(action, call, NAME_SET_KEY); break;
	case CALL_SHMGET: add_get(action, call, NAME_SEGMENT_KEY); break;
	case CALL_MSGGET: add_get(action, call, NAME_QUEUE_KEY); break;
	case CALL_SHMCTL:
		if (call->command == IPC_RMID)
			add(action, name_of(NAME_SEGMENT_KEY, 0, 0), true);
		add(action, name_of(NAME_SEGMENT, call->id, 0), call->command != IPC_STAT);
		break;
	case CALL_SHMAT:
		add(action, name_of(NAME_SEGMENT, call->id, 0), true);
		add(action, name_of(NAME_SEGMENT_KEY, 0, 0), false);
		break;
	case CALL_SHMDT:
		action->touches_all = true;
		break; /* the segment is not looked up, so assume all of them */
	case CALL_MSGCTL:
		if (call->command == IPC_RMID)
			add(action, name_of(NAME_QUEUE_KEY, 0, 0), true);
		add(action, name_of(NAME_QUEUE, call->id, 0), true);
		break;
	case CALL_MSGSND:
	case CALL_MSGRCV: add(action, name_of(NAME_QUEUE, call->id, 0), true); break;
	case CALL_OTHER: action->touches_all = true; break;
	}
}

static bool meet(const struct action_object *one, const struct action_object *other)
{
	const uint64_t semaphore = (uint64_t)NAME_SEMAPHORE << 56;

	if (!one->writes && !other->writes)
		return false;
	if (one->name == other->name)
		return true;
	if (one->is_whole == other->is_whole)
		return false;
	/* One covers all semaphores of a set, the other is one of them. */
	return (uint32_t)one->name == (uint32_t)other->name &&
	       ((one->is_whole ? other : one)->name & UINT64_C(0xff) << 56) == semaphore;
}

bool action_is_independent(const struct action *one, const struct action *other)
{
	if (one->touches_all || other->touches_all || one->pid == other->pid ||
		one->enabled != ACTION_GOES_ON || other->enabled != ACTION_GOES_ON)
		return false;
	for (unsigned i = 0; i < one->count; i++)
		for (unsigned j = 0; j < other->count; j++)
			if (meet(&one->objects[i], &other->objects[j]))
				return false;
	return true;
}

uint32_t action_identity(const struct call *call)
{
	uint64_t hash = action_mix((uint64_t)call->kind, (uint64_t)call->number);

	switch (call->kind) {
	case CALL_SEMOP:
		hash = action_mix(hash, call->count);
		for (uint32_t i = 0; i < call->count && i < CALL_OPERATIONS_MAX; i++) {
			const struct sembuf *operation = &call->operations[i];

			hash = action_mix(hash,
				(uint64_t)operation->sem_num << 32 |
					(uint64_t)(uint16_t)operation->sem_op << 16 |
					(uint16_t)operation->sem_flg);
		}
		break;
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET:
		hash = action_mix(hash, (uint32_t)call->flags);
		hash = action_mix(hash, call->size);
		break;
	case CALL_SEMCTL:
	case CALL_SHMCTL:
	case CALL_MSGCTL:
		hash = action_mix(hash, (uint32_t)call->command);
		hash = action_mix(hash, (uint32_t)call->semaphore);
		hash = action_mix(hash, (uint64_t)call->value);
		break;
	case CALL_MSGSND:
	case CALL_MSGRCV:
		hash = action_mix(hash, (uint64_t)call->type);
		hash = action_mix(hash, call->size);
		break;
	default: break;
	}
	return (uint32_t)(hash >> 16);
}
