/*
 * crew.h - worker processes that run schedules in parallel, one per processor. Where the system
 * allows it, each worker has namespaces of its own (namespaces.h), so that its objects cannot
 * collide with those of other workers or programs; otherwise each worker gives its programs
 * different keys. A worker shares a job and a report with its master.
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

/* Starts the workers; 0: one per processor. false: `reason` says why. */
bool crew_create(struct crew **crew, const struct execution_options *options, unsigned workers,
	char reason[512]);

/* Ends all runs and removes every object that a program created. NULL is allowed. */
void crew_destroy(struct crew *crew);

/* True if workers have namespaces of their own, so that no key can collide. */
bool crew_is_apart(const struct crew *crew);

/* An idle worker; -1: all are busy. */
int crew_idle(const struct crew *crew);
unsigned crew_busy(const struct crew *crew);

/* The worker's job. Fill it in while the worker is idle. */
struct job *crew_job(struct crew *crew, unsigned worker);
void crew_start(struct crew *crew, unsigned worker);

/*
 * Waits up to `timeout_ns` for the next worker to finish. Its report is valid until the worker is
 * started again. -1: none finished; -2: a worker was lost. `interrupt`: a descriptor that ends the
 * wait when it becomes readable, or -1.
 */
int crew_wait(struct crew *crew, int64_t timeout_ns, int interrupt);
const struct report *crew_report(const struct crew *crew, unsigned worker);

#endif
