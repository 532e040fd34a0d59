/*
 * crew.h - processes that run schedules at the same time, one a processor. Each has a namespace of its
 * own for System V IPC where the system allows that, so that no two of them meet, nor anybody else;
 * elsewhere each gives its programs other keys. A worker shares a job and a report with its master.
 */
#ifndef VITRINE_SEARCH_CREW_H
#define VITRINE_SEARCH_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/decision.h"
#include "search/execution.h"

#define CREW_MAX 64

struct crew;

/* 0 workers: one a processor. false: `reason` says why. */
bool crew_create(struct crew **crew, const struct execution_options *options, unsigned workers,
	char reason[512]);

/* Ends all runs; every object that a program made is removed. NULL is allowed. */
void crew_destroy(struct crew *crew);

unsigned crew_count(const struct crew *crew);

/* Whether workers have namespaces of their own: then no key that a program uses is another one's. */
bool crew_is_apart(const struct crew *crew);

/* A worker that has nothing to do; -1: all are busy. */
int crew_idle(const struct crew *crew);
unsigned crew_busy(const struct crew *crew);

/* To be filled in while it is idle. */
struct job *crew_job(struct crew *crew, unsigned worker);
void crew_start(struct crew *crew, unsigned worker);

/*
 * The next worker that is done, within `timeout_ns`: its report holds until it is started again. -1:
 * none; -2: one was lost. `interrupt`: a descriptor that ends the wait when it is readable, or -1.
 */
int crew_wait(struct crew *crew, int64_t timeout_ns, int interrupt);
const struct report *crew_report(const struct crew *crew, unsigned worker);

#endif
