/*
 * prefault.h - a thread that runs ahead of a reader of a slot and makes the kernel map its pages in
 * long strides. A write() from memory that is not mapped yet stops at every page and takes almost
 * three times as long. Only an optimisation: without it the reading is just as correct.
 */
#ifndef VITRINE_TOOLS_PREFAULT_H
#define VITRINE_TOOLS_PREFAULT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct prefault {
	const void *data; /* page-aligned */
	uint64_t size;
	bool is_running;
	atomic_bool stop;
	pthread_t thread;
};

/* Does nothing for a small size, which is not worth a thread. */
void prefault_start(struct prefault *prefault, const void *data, uint64_t size);
void prefault_end(struct prefault *prefault);

#endif
