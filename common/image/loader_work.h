/*
 * loader_work.h - what the loader's threads and the window's side of it share; private to
 * loader*.c.
 */
#ifndef VITRINE_IMAGE_LOADER_WORK_H
#define VITRINE_IMAGE_LOADER_WORK_H

#include <pthread.h>
#include <stdbool.h>

#include "loader_queue.h"

#define LOADER_THREADS_MAX 64

struct loader {
	struct loader_options options;
	pthread_mutex_t lock;
	pthread_cond_t work;     /* a job was queued, or the threads must end */
	pthread_cond_t room;     /* less is reserved, or something was cancelled */
	pthread_cond_t finished; /* a job has ended, with or without a result */
	struct loader_queue waiting;
	struct loader_queue running;
	struct loader_queue results;
	uint64_t reserved; /* bytes */
	uint32_t done;
	uint32_t total;
	bool quit;
	uint32_t thread_count;
	pthread_t threads[LOADER_THREADS_MAX];
};

/*
 * Changes how many bytes a job has reserved, and wakes workers that wait for room. Call with the
 * lock held.
 */
void loader_reserve(struct loader *loader, struct loader_job *job, uint64_t bytes);

/*
 * The start routine of the loader's threads: works until loader->quit. `data` is the loader.
 * Returns NULL.
 */
void *loader_work(void *data);

#endif
