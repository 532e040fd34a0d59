/*
 * execution.h - one run of the programs, from start to end, under a given schedule: a prefix of
 * decisions, then a policy. Only one actor runs at a time, and none enters a call that would sleep:
 * it stays before the call until the kernel could do it at once. So it is never necessary to find
 * out whether an actor sleeps, and the decisions determine every state.
 */
#ifndef VITRINE_SEARCH_EXECUTION_H
#define VITRINE_SEARCH_EXECUTION_H

#include "control/call.h"
#include "control/control.h"
#include "search/decision.h"

#define EXECUTION_PROGRAMS 16
#define EXECUTION_BOUNDS   64

/* A semaphore that must never be above `most`, given by its name. */
struct execution_bound {
	char name[48];
	unsigned most;
};

struct namespaces;

struct execution_options {
	struct tracer_program programs[EXECUTION_PROGRAMS]; /* `prepare` is set by this module */
	size_t program_count;
	unsigned tasks_max;
	uint64_t memory_bytes; /* of each process; 0: no limit */
	uint64_t output_bytes; /* of each file that a process writes */
	uint64_t seed;
	const char *init;     /* shell command to run before each run; NULL: none */
	const char *expected; /* expected output of all programs, one after the other; NULL: any */
	size_t expected_bytes;
	bool watches; /* accesses to segments: finds races and lost updates */
	bool allows_leftovers;
	bool allows_failure; /* accept any exit status */
	struct execution_bound bounds[EXECUTION_BOUNDS];
	size_t bound_count;
	call_namer *name;
	void *name_data;
	const struct namespaces *namespaces; /* of the programs; NULL: those of the caller */
	int32_t salt; /* added to keys, so that workers do not collide; 0: they have namespaces */
	volatile const bool *is_over; /* set by another process: ends the run at its next step */
};

struct execution;

/*
 * Copies the options, but not what they point to: that remains the caller's. false: `reason` says
 * why.
 */
bool execution_create(struct execution **execution, const struct execution_options *options,
	char reason[512]);
void execution_destroy(struct execution *execution);

/* Runs the programs, reports the run, and removes all objects that the programs created. */
void execution_run(struct execution *execution, const struct job *job, struct report *report);

/*
 * The same, one decision at a time: starts the programs; executes the next decision of the job's
 * prefix; kills the programs and removes what they created. `job` and `report` must exist until the
 * end. false: see report->reason. At the end of the prefix it returns false without a reason.
 */
bool execution_begin(struct execution *execution, const struct job *job, struct report *report);
bool execution_follow(struct execution *execution);
void execution_finish(struct execution *execution);

/* The programs of the run; valid until it is finished. */
struct control *execution_control(const struct execution *execution);

#endif
