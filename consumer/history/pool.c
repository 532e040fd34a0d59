/* pool.c - see pool.h. Each buffer is preceded by the pool's data about it. */
#include "pool.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct buffer {
	_Alignas(max_align_t) struct pool *pool;
	struct buffer *next; /* the spare buffers, most recently used first */
	uint64_t bytes;      /* its capacity */
};

struct pool {
	pthread_mutex_t lock;
	uint64_t budget;
	struct pool_use use;
	struct buffer *spares;
	uint32_t out;
	bool is_ending;
};

struct pool *pool_create(uint64_t budget)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pool->budget = budget;
	return pool;
}

static void free_pool(struct pool *pool)
{
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

static struct buffer *take_out(struct buffer **place)
{
	struct buffer *buffer = *place;

	*place = buffer->next;
	buffer->pool->use.spare -= buffer->bytes;
	return buffer;
}

static void drop_spares(struct pool *pool)
{
	while (pool->spares != NULL)
		free(take_out(&pool->spares));
}

void pool_destroy(struct pool *pool)
{
	bool is_last;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	drop_spares(pool);
	pool->is_ending = true;
	is_last = pool->out == 0;
	pthread_mutex_unlock(&pool->lock);
	if (is_last)
		free_pool(pool);
}

uint64_t pool_budget(const struct pool *pool)
{
	return pool->budget;
}

/* A spare buffer that fits without wasting more than a quarter. */
static struct buffer *fitting_spare(struct pool *pool, uint64_t bytes)
{
	for (struct buffer **place = &pool->spares; *place != NULL; place = &(*place)->next)
		if ((*place)->bytes >= bytes && (*place)->bytes / 5 * 4 <= bytes)
			return take_out(place);
	return NULL;
}

static struct buffer *new_buffer(struct pool *pool, uint64_t bytes, bool must)
{
	struct buffer *buffer;

	if (bytes > SIZE_MAX - sizeof(*buffer))
		return NULL;
	/*
	 * Not `used + bytes > budget`: another process wrote the image's size, so the sum could
	 * overflow.
	 */
	if (!must && (pool->use.used > pool->budget || bytes > pool->budget - pool->use.used))
		return NULL;
	/* Frees the oldest spare buffers first. */
	while (pool->spares != NULL && pool->use.used + pool->use.spare + bytes > pool->budget) {
		struct buffer **place = &pool->spares;
		while ((*place)->next != NULL)
			place = &(*place)->next;
		free(take_out(place));
	}
	buffer = malloc(sizeof(*buffer) + (size_t)bytes);
	if (buffer != NULL)
		*buffer = (struct buffer){.pool = pool, .bytes = bytes};
	return buffer;
}

void *pool_get(struct pool *pool, uint64_t bytes, bool must)
{
	struct buffer *buffer;

	pthread_mutex_lock(&pool->lock);
	buffer = fitting_spare(pool, bytes);
	if (buffer == NULL)
		buffer = new_buffer(pool, bytes, must);
	if (buffer != NULL) {
		pool->use.used += buffer->bytes;
		pool->out++;
	}
	pthread_mutex_unlock(&pool->lock);
	return buffer != NULL ? buffer + 1 : NULL;
}

void pool_give_back(void *memory)
{
	struct buffer *buffer = memory;
	struct pool *pool;
	bool is_last;

	if (memory == NULL)
		return;
	buffer--;
	pool = buffer->pool;
	pthread_mutex_lock(&pool->lock);
	pool->use.used -= buffer->bytes;
	pool->out--;
	buffer->next = pool->spares;
	pool->spares = buffer;
	pool->use.spare += buffer->bytes;
	if (pool->is_ending || pool->use.used + pool->use.spare > pool->budget)
		drop_spares(pool);
	is_last = pool->is_ending && pool->out == 0;
	pthread_mutex_unlock(&pool->lock);
	if (is_last)
		free_pool(pool);
}

struct pool_use pool_use(struct pool *pool)
{
	struct pool_use use;

	pthread_mutex_lock(&pool->lock);
	use = pool->use;
	pthread_mutex_unlock(&pool->lock);
	return use;
}
