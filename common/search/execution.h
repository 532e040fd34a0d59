/*
 * execution.h - one run of the programs, from their beginning to their end, under a schedule that is
 * ours: a prefix of decisions, and behind it a policy. Only one actor moves at a time, and none is let
 * into a call that would sleep: it stands before it until the kernel could do it at once. So nobody
 * ever has to be asked whether it sleeps, and every state is a function of the decisions.
 */
#ifndef VITRINE_SEARCH_EXECUTION_H
#define VITRINE_SEARCH_EXECUTION_H

#include "control/call.h"
#include "control/control.h"
#include "search/decision.h"

#define EXECUTION_PROGRAMS 16
#define EXECUTION_BOUNDS   64

/* A semaphore that must never be above `most`; by the name that it has for people. */
struct execution_bound {
	char name[48];
	unsigned most;
};

struct execution_options {
	struct tracer_program programs[EXECUTION_PROGRAMS]; /* `prepare` is ours */
	size_t program_count;
	unsigned tasks_max;
	uint64_t memory_bytes; /* of each process; 0: no limit */
	uint64_t output_bytes; /* of each file that it writes */
	uint64_t seed;
	const char *init;     /* for the shell, before each run; NULL: nothing */
	const char *expected; /* what all programs write, one after the other; NULL: anything */
	size_t expected_bytes;
	bool allows_leftovers;
	bool allows_failure; /* an exit status that is not 0 is no fault */
	struct execution_bound bounds[EXECUTION_BOUNDS];
	size_t bound_count;
	call_namer *name;
	void *name_data;
	int32_t salt; /* of keys, so that two workers do not meet; 0: they have namespaces */
	volatile const bool *is_over; /* set by another process: ends a run at its next step */
};

struct execution;

/* The options are copied; what they point to is kept by the caller. false: `reason` says why. */
bool execution_create(struct execution **execution, const struct execution_options *options,
	char reason[512]);
void execution_destroy(struct execution *execution);

/* Runs, tells of it, and removes all objects that the programs created. */
void execution_run(struct execution *execution, const struct job *job, struct report *report);

#endif
