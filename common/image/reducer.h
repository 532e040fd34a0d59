/*
 * reducer.h - a thread that makes reduced versions of pictures at display size, for
 * view_set_reduced(): renderers skip pixels when they shrink much. It works only on the newest
 * request. All functions are for one thread (the window's); only reducer_destroy() waits for the
 * work.
 */
#ifndef VITRINE_IMAGE_REDUCER_H
#define VITRINE_IMAGE_REDUCER_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"

struct reduced {
	uint64_t id;          /* of the request */
	struct pixels pixels; /* in separate memory: free it with reduced_free() */
};

struct reducer;

/* `wake` is called by the thread when there is a result. NULL: see errno. */
struct reducer *reducer_create(void (*wake)(void *data), void *data);
void reducer_destroy(struct reducer *reducer); /* NULL is allowed */

/*
 * Requests `picture` at width x height; replaces a request that has not begun. Does nothing if the
 * last request was the same. It takes a reference of its own.
 */
void reducer_ask(struct reducer *reducer, uint64_t id, struct picture *picture, uint32_t width,
	uint32_t height);

/* Takes the newest result; false: there is none. */
bool reducer_pop(struct reducer *reducer, struct reduced *reduced);
void reduced_free(struct reduced *reduced);

#endif
