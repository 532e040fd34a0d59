/*
 * pool.h - memory for the pixels of images, within a budget. A buffer that was given back is handed
 * out again for an image of about the same size: its pages exist, and to make new ones costs more
 * than to copy the image. Any thread.
 */
#ifndef VITRINE_CONSUMER_POOL_H
#define VITRINE_CONSUMER_POOL_H

#include <stdbool.h>
#include <stdint.h>

struct pool;

/* `budget`: bytes for all buffers together, those in use and the spare ones. NULL: no memory. */
struct pool *pool_create(uint64_t budget);
/* Buffers that are still out stay valid: the last one that comes back takes the pool with it. */
void pool_destroy(struct pool *pool); /* NULL is allowed */

uint64_t pool_budget(const struct pool *pool);

/*
 * A buffer of at least `bytes`, its contents undefined; NULL: what is in use leaves no room for it in
 * the budget, or the system has no memory. `must`: even if it is beyond the budget.
 */
void *pool_get(struct pool *pool, uint64_t bytes, bool must);

/* Back to its pool, to be used again. NULL is allowed. Fits as picture_new()'s release. */
void pool_give_back(void *memory);

struct pool_use {
	uint64_t used;  /* bytes of buffers that are out */
	uint64_t spare; /* bytes of buffers that wait to be used again */
};
struct pool_use pool_use(struct pool *pool);

#endif
