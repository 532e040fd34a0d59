/*
 * loader.c - see loader.h: the window's side. One lock guards all; it is never held while a file is
 * read, decoded or freed. What the threads do is in loader_work.c.
 */
#include "loader.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "loader_work.h"

static uint32_t processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return count < 1 ? 1 : count > LOADER_THREADS_MAX ? LOADER_THREADS_MAX : (uint32_t)count;
}

/* Starts the threads with all signals blocked: signals are for the window's thread. */
static int start_threads(struct loader *loader)
{
	uint32_t wanted = loader->options.threads > 0 ? loader->options.threads : processors();
	sigset_t all, before;
	int error = 0;

	if (wanted > LOADER_THREADS_MAX)
		wanted = LOADER_THREADS_MAX;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (error == 0 && loader->thread_count < wanted) {
		error = pthread_create(&loader->threads[loader->thread_count], NULL, loader_work,
			loader);
		loader->thread_count += error == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return loader->thread_count > 0 ? 0 : error; /* fewer threads than requested are enough */
}

struct loader *loader_create(const struct loader_options *options)
{
	struct loader *loader = calloc(1, sizeof(*loader));

	if (loader == NULL)
		return NULL;
	loader->options = *options;
	pthread_mutex_init(&loader->lock, NULL);
	pthread_cond_init(&loader->work, NULL);
	pthread_cond_init(&loader->room, NULL);
	pthread_cond_init(&loader->finished, NULL);
	int error = start_threads(loader);
	if (error != 0) {
		loader_destroy(loader);
		errno = error;
		return NULL;
	}
	return loader;
}

void loader_destroy(struct loader *loader)
{
	if (loader == NULL)
		return;
	loader_cancel_all(loader);
	pthread_mutex_lock(&loader->lock);
	loader->quit = true;
	pthread_cond_broadcast(&loader->work);
	pthread_mutex_unlock(&loader->lock);
	for (uint32_t i = 0; i < loader->thread_count; i++)
		pthread_join(loader->threads[i], NULL);
	pthread_cond_destroy(&loader->finished);
	pthread_cond_destroy(&loader->room);
	pthread_cond_destroy(&loader->work);
	pthread_mutex_destroy(&loader->lock);
	free(loader);
}

bool loader_load(struct loader *loader, uint64_t id, const char *path, unsigned wants)
{
	struct loader_job *job = loader_job_new(id, wants, &path, 1);

	if (job == NULL)
		return false;
	pthread_mutex_lock(&loader->lock);
	if (loader->done == loader->total)
		loader->done = loader->total = 0;
	loader->total++;
	loader_queue_append(&loader->waiting, job);
	pthread_cond_signal(&loader->work);
	pthread_mutex_unlock(&loader->lock);
	return true;
}

bool loader_expand(struct loader *loader, uint64_t id, const char *const paths[], size_t count)
{
	struct loader_job *job = loader_job_new(id, 0, paths, count);

	if (job == NULL)
		return false;
	pthread_mutex_lock(&loader->lock);
	struct loader_job *before = NULL; /* expansions keep their order */
	for (struct loader_job *j = loader->waiting.first; j != NULL && j->wants == 0; j = j->next)
		before = j;
	loader_queue_insert(&loader->waiting, job, before);
	pthread_cond_signal(&loader->work);
	pthread_mutex_unlock(&loader->lock);
	return true;
}

void loader_hurry(struct loader *loader, uint64_t id)
{
	pthread_mutex_lock(&loader->lock);
	struct loader_job *job = loader->waiting.last;
	while (job != NULL && job->id != id)
		job = job->previous;
	if (job != NULL) {
		loader_queue_remove(&loader->waiting, job);
		loader_queue_insert(&loader->waiting, job, NULL);
	}
	pthread_mutex_unlock(&loader->lock);
}

/* Moves the jobs with this id (or all) from one list to another. */
static void move_jobs(struct loader_queue *from, struct loader_queue *to, const uint64_t *id)
{
	struct loader_job *next;

	for (struct loader_job *job = from->first; job != NULL; job = next) {
		next = job->next;
		if (id != NULL && job->id != *id)
			continue;
		loader_queue_remove(from, job);
		loader_queue_append(to, job);
	}
}

/* Cancels the jobs with this id; NULL: all. Frees them after unlocking. */
static void cancel(struct loader *loader, const uint64_t *id)
{
	struct loader_queue forgotten = {0};
	struct loader_job *job;

	pthread_mutex_lock(&loader->lock);
	for (job = loader->running.first; job != NULL; job = job->next) {
		if ((id != NULL && job->id != *id) || job->cancelled)
			continue;
		job->cancelled = true;
		loader->total -= job->wants != 0;
	}
	move_jobs(&loader->waiting, &forgotten, id);
	for (job = forgotten.first; job != NULL; job = job->next)
		loader->total -= job->wants != 0;
	move_jobs(&loader->results, &forgotten, id);
	for (job = forgotten.first; job != NULL; job = job->next)
		loader_reserve(loader, job, 0);
	pthread_cond_broadcast(&loader->room);
	pthread_mutex_unlock(&loader->lock);

	while ((job = forgotten.first) != NULL) {
		loader_queue_remove(&forgotten, job);
		loader_job_free(job);
	}
}

void loader_cancel(struct loader *loader, uint64_t id)
{
	cancel(loader, &id);
}

void loader_cancel_all(struct loader *loader)
{
	cancel(loader, NULL);
}

/* Takes a result if there is one; with the lock held. */
static bool take_result(struct loader *loader, struct loader_result *result)
{
	struct loader_job *job = loader->results.first;

	if (job == NULL)
		return false;
	loader_queue_remove(&loader->results, job);
	loader_reserve(loader, job, 0);
	*result = job->result;
	result->id = job->id;
	job->result = (struct loader_result){0};
	loader_job_free(job);
	return true;
}

bool loader_pop(struct loader *loader, struct loader_result *result)
{
	pthread_mutex_lock(&loader->lock);
	bool taken = take_result(loader, result);
	pthread_mutex_unlock(&loader->lock);
	return taken;
}

bool loader_wait(struct loader *loader, struct loader_result *result)
{
	pthread_mutex_lock(&loader->lock);
	while (loader->results.first == NULL &&
		(loader->waiting.first != NULL || loader->running.first != NULL))
		pthread_cond_wait(&loader->finished, &loader->lock);
	bool taken = take_result(loader, result);
	pthread_mutex_unlock(&loader->lock);
	return taken;
}

void loader_result_free(struct loader_result *result)
{
	picture_unref(result->picture);
	picture_unref(result->thumbnail);
	collect_free(&result->collection);
	free(result->path);
	*result = (struct loader_result){0};
}

static bool has_expansion(const struct loader_queue *queue)
{
	for (const struct loader_job *job = queue->first; job != NULL; job = job->next)
		if (job->wants == 0)
			return true;
	return false;
}

struct loader_progress loader_progress(struct loader *loader)
{
	struct loader_progress progress = {0};

	pthread_mutex_lock(&loader->lock);
	if (loader->done < loader->total) {
		progress.done = loader->done;
		progress.total = loader->total;
	}
	progress.bytes = loader->reserved;
	progress.expanding = has_expansion(&loader->waiting) || has_expansion(&loader->running);
	pthread_mutex_unlock(&loader->lock);
	return progress;
}
