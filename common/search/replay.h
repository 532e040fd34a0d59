/*
 * replay.h - a saved schedule, one decision at a time, forward and back: what `vitrine xray
 * --replay` shows. After the last decision the caller goes on with control_step(): in a deadlock
 * each process then enters the call in which it sleeps. For one thread, like control.h.
 */
#ifndef VITRINE_SEARCH_REPLAY_H
#define VITRINE_SEARCH_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "control/control.h"
#include "search/execution.h"

#define REPLAY_REASON_MAX 512

struct replay;

struct replay_options {
	const char *path;                    /* of the schedule */
	const struct execution_options *run; /* only what run_options.h sets */
	const struct tracer_program *programs;
	size_t program_count;
	call_namer *name; /* of semaphores */
	void *name_data;
};

/*
 * Reads the schedule and starts the programs. What the options point to still belongs to the
 * caller, which must pass *replay to replay_destroy() whatever this returns. false: `reason` says
 * why.
 */
bool replay_create(struct replay **replay, const struct replay_options *options,
	char reason[REPLAY_REASON_MAX]);

/* Kills the programs and removes what they created. NULL is allowed. */
void replay_destroy(struct replay *replay);

/* The programs. Valid until replay_back(), replay_restart() or replay_destroy(). */
struct control *replay_control(const struct replay *replay);

/* The number of decisions that were executed, and of all decisions. */
size_t replay_at(const struct replay *replay);
size_t replay_length(const struct replay *replay);

/*
 * Number 0: executes the next decision; *stepped (may be NULL) is the actor. CONTROL_DIVERGED: the
 * programs no longer follow the schedule; replay_reason() says where. With another number, or after
 * the last decision, it does the same as control_step(), and leaves the schedule.
 */
enum control_result replay_step(struct replay *replay, unsigned number, unsigned *stepped);

/*
 * Call before the programs run or are killed outside of the schedule. Afterwards only replay_back()
 * and replay_restart() return to it.
 */
void replay_leave(struct replay *replay);
bool replay_has_left(const struct replay *replay);

/*
 * Start the programs again. replay_back() then repeats all decisions except the last or, if the
 * schedule had been left, all that were executed; replay_restart() repeats none.
 */
enum control_result replay_back(struct replay *replay);
enum control_result replay_restart(struct replay *replay);

/* The reason for the last CONTROL_DIVERGED or CONTROL_FAILED, or control_reason(). */
const char *replay_reason(const struct replay *replay);

#endif
