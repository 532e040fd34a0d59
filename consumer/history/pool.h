/*
 * pool.h - memory for the pixels of images, within a budget. A returned buffer is reused for an
 * image of about the same size: its pages exist, and allocating new ones costs more than copying
 * the image. Any thread.
 */
#ifndef VITRINE_CONSUMER_POOL_H
#define VITRINE_CONSUMER_POOL_H

#include <stdbool.h>
#include <stdint.h>

struct pool;

/* `budget`: bytes for all buffers, used and spare. NULL: out of memory. */
struct pool *pool_create(uint64_t budget);
/* Buffers in use stay valid: the pool is freed with the last one. */
void pool_destroy(struct pool *pool); /* NULL is allowed */

uint64_t pool_budget(const struct pool *pool);

/*
 * Returns a buffer of at least `bytes` with undefined contents; NULL: the budget does not allow it,
 * or out of memory. `must`: ignore the budget.
 */
void *pool_get(struct pool *pool, uint64_t bytes, bool must);

/* Returns a buffer to its pool. NULL is allowed. Can be the release function of picture_new(). */
void pool_give_back(void *memory);

struct pool_use {
	uint64_t used;  /* bytes of buffers in use */
	uint64_t spare; /* bytes of spare buffers */
};
struct pool_use pool_use(struct pool *pool);

#endif
