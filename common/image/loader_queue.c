/*
 * loader_queue.c - see loader_queue.h.
 */
#include "loader_queue.h"

#include <stdlib.h>
#include <string.h>

struct loader_job *loader_job_new(uint64_t id, unsigned wants, const char *const paths[],
	size_t count)
{
	struct loader_job *job = calloc(1, sizeof(*job));
	char **copies = calloc(count > 0 ? count : 1, sizeof(*copies));

	if (job == NULL || copies == NULL) {
		free(job);
		free(copies);
		return NULL;
	}
	job->id = id;
	job->wants = wants;
	job->paths = copies;
	job->path_count = count;
	for (size_t i = 0; i < count; i++) {
		copies[i] = strdup(paths[i]);
		if (copies[i] == NULL) {
			loader_job_free(job);
			return NULL;
		}
	}
	return job;
}

void loader_job_free(struct loader_job *job)
{
	loader_result_free(&job->result);
	for (size_t i = 0; i < job->path_count; i++)
		free(job->paths[i]);
	free(job->paths);
	free(job);
}

void loader_queue_insert(struct loader_queue *queue, struct loader_job *job,
	struct loader_job *before)
{
	job->previous = before;
	job->next = before != NULL ? before->next : queue->first;
	*(job->previous != NULL ? &job->previous->next : &queue->first) = job;
	*(job->next != NULL ? &job->next->previous : &queue->last) = job;
}

void loader_queue_append(struct loader_queue *queue, struct loader_job *job)
{
	loader_queue_insert(queue, job, queue->last);
}

void loader_queue_remove(struct loader_queue *queue, struct loader_job *job)
{
	*(job->previous != NULL ? &job->previous->next : &queue->first) = job->next;
	*(job->next != NULL ? &job->next->previous : &queue->last) = job->previous;
	job->next = NULL;
	job->previous = NULL;
}
