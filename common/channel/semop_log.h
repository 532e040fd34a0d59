/*
 * semop_log.h - the observer behind --verbose: one log line for each semop array, as the kernel
 * received it.
 *
 *     semop name=claim slot=2 array="ready 2 =0, latest 2 =0, …, writer 2 +1U" result=0 us=3
 *
 * While the channel's mutex is held nothing is written, because a slow reader of the log would make
 * all other programs wait: lines are kept until the mutex is released.
 */
#ifndef VITRINE_CHANNEL_SEMOP_LOG_H
#define VITRINE_CHANNEL_SEMOP_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "vitrine.h"

#define TRACE_KEPT 8 /* lines while the mutex is held; three are usual */

struct trace_line {
	char name[32];
	char array[256];
	int32_t slot;
	int32_t result;
	uint64_t microseconds;
};

/* Initialise with {.log = log}; one per handle. */
struct trace {
	const struct log *log;
	bool mutex_held;
	uint32_t kept;
	struct trace_line lines[TRACE_KEPT];
};

/* A vitrine_observer; `data` is a struct trace. */
void trace_observe(const struct vitrine_event *event, void *data);

#endif
