/*
 * prefault.h - a thread that runs ahead of a reader of a slot and has the kernel map its pages in
 * long strides. A write() out of memory that is not mapped yet stops at every page: it takes almost
 * three times as long. A help only: if it cannot be had, the reading is as right as before.
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

/* Little is not worth a thread. */
void prefault_start(struct prefault *prefault, const void *data, uint64_t size);
void prefault_end(struct prefault *prefault);

#endif
