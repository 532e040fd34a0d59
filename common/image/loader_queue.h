/*
 * loader_queue.h - the list of jobs that the loader's threads share; private to loader*.c. A job is
 * in exactly one list at a time: waiting, running or finished. The loader's lock guards all three.
 */
#ifndef VITRINE_IMAGE_LOADER_QUEUE_H
#define VITRINE_IMAGE_LOADER_QUEUE_H

#include <stdatomic.h>

#include "loader.h"

struct loader_job {
	struct loader_job *next;
	struct loader_job *previous;
	uint64_t id;
	unsigned wants;    /* enum loader_wants; 0: expand */
	size_t path_count; /* 1, unless the job is an expansion */
	char **paths;
	atomic_bool cancelled; /* set under the lock; collect reads it without */
	uint64_t reserved;     /* bytes that count against the room */
	struct loader_result result;
};

struct loader_queue {
	struct loader_job *first;
	struct loader_job *last;
};

/* Copies the paths. NULL: no memory. */
struct loader_job *loader_job_new(uint64_t id, unsigned wants, const char *const paths[],
	size_t count);

/* Frees the job and its result. */
void loader_job_free(struct loader_job *job);

void loader_queue_append(struct loader_queue *queue, struct loader_job *job);

/* Inserts the job after `before`; NULL: at the beginning. */
void loader_queue_insert(struct loader_queue *queue, struct loader_job *job,
	struct loader_job *before);

/* Removes the job, which must be in this queue. */
void loader_queue_remove(struct loader_queue *queue, struct loader_job *job);

#endif
