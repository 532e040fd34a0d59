/* state.c - hashes the state of the kernel's objects and of the programs. See run.h. */
#include <string.h>
#include <sys/sem.h>

#include "run.h"
#include "search/contents.h"

int run_values(struct execution *execution, int set)
{
	if (execution->kept_set != set) {
		execution->kept_count = sysv_values_read(&execution->kept, set);
		execution->kept_set = set;
	}
	if (execution->kept_count > 0)
		memcpy(execution->values.values, execution->kept.values,
			(size_t)execution->kept_count * sizeof(execution->values.values[0]));
	return execution->kept_count;
}

void run_forget_values(struct execution *execution)
{
	execution->kept_set = -1;
}

void run_note_set(struct execution *execution, unsigned actor, const struct call *call)
{
	uint64_t name;

	for (size_t i = 0; i < execution->set_count; i++)
		if (execution->sets[i].id == call->id)
			return;
	if (execution->set_count == RUN_SETS)
		return;
	name = call->key != IPC_PRIVATE ? (uint32_t)(call->key ^ execution->options.salt)
					: action_mix(actor, execution->parts[actor].history);
	execution->sets[execution->set_count++] = (struct run_set){call->id, name};
}

/* Which actors were the last to change the semaphores of a set: what GETPID tells. */
static uint64_t hash_last(struct execution *execution, int set, int count)
{
	uint64_t hash = 0;

	for (int i = 0; i < count; i++) {
		int pid = semctl(set, i, GETPID);
		unsigned last = 0;

		for (unsigned number = 1; number <= control_count(execution->control); number++) {
			const struct control_actor *actor =
				control_actor(execution->control, number);

			if (actor != NULL && actor->task->pid == pid)
				last = number;
		}
		hash = action_mix(hash, last);
	}
	return hash;
}

/* What the kernel's objects and the segments hold. */
void run_hash_state(struct execution *execution)
{
	uint64_t state = 0;

	for (size_t i = 0; i < execution->set_count; i++) {
		int count = run_values(execution, execution->sets[i].id);
		uint64_t own = action_mix(execution->sets[i].name, (uint64_t)count);

		for (int j = 0; j < count; j++)
			own = action_mix(own, execution->values.values[j]);
		if (execution->asks_last)
			own = action_mix(own, hash_last(execution, execution->sets[i].id, count));
		state += own;
	}
	if (execution->virtual.was_asked)
		state = action_mix(state, (uint64_t)execution->virtual.clock_ns);
	execution->state = state;
	execution->has_contents = contents_hash(&execution->attachments, &execution->contents);
}

/*
 * The state before a decision. Programs in equal states behave the same from there on: the history
 * of an actor covers everything that it has done and seen, and so determines where it is and what
 * it knows.
 */
uint64_t run_fingerprint(const struct execution *execution)
{
	uint64_t sum = action_mix(execution->state, execution->contents);

	/*
	 * If there are more sets than are hashed, different states would have the same fingerprint.
	 */
	if (!execution->has_contents || execution->set_count == RUN_SETS)
		return 0;
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++)
		sum += action_mix(execution->parts[number].history,
			action_mix(number, (execution->alive & bit_of(number)) != 0));
	if (execution->options.watches)
		sum = action_mix(sum, clocks_hash(&execution->races.order));
	sum = action_mix(sum, execution->current);
	sum = action_mix(sum, execution->yielded);
	return action_mix(sum, execution->report->was_killed) | 1;
}

/* What the actor did, the result, and what it could see meanwhile. */
void run_add_history(struct execution *execution, unsigned actor, const struct call *call)
{
	struct part *part = &execution->parts[actor];
	uint64_t history = action_mix(part->history, execution->actions[actor].identity);

	if (call != NULL) {
		bool is_error = call->result < 0 && call->result >= -4095;
		bool is_getpid = call->kind == CALL_SEMCTL && call->command == GETPID;
		bool is_plain = call->kind == CALL_SEMOP || call->kind == CALL_SHMDT || is_getpid ||
				(call->kind == CALL_SEMCTL && call->command == GETVAL);

		execution->asks_last |= is_getpid;

		history = action_mix(history, is_plain || is_error ? (uint64_t)call->result : 0);
		if (!is_plain)
			history = action_mix(history, execution->state);
	}
	part->history = action_mix(history, execution->contents);
}
