/* reducer.c - see reducer.h. */
#include "reducer.h"

#include <stdlib.h>

#include "expand.h"
#include "thumbnail.h"
#include "vitrine.h"
#include "worker.h"

struct wish {
	uint64_t id;
	struct picture *picture; /* a reference; NULL: no wish */
	uint32_t width;
	uint32_t height;
};

struct reducer {
	struct worker worker; /* protects wish, result and ending */
	struct wish wish;
	struct reduced result; /* none if pixels.data is NULL */
	bool ending;
	void (*wake)(void *data);
	void *wake_data;
	struct wish last; /* the last wish, for the window's thread only; not a reference */
};

static bool reduce(const struct wish *wish, struct reduced *reduced)
{
	uint8_t *data = malloc((size_t)wish->width * wish->height * 4);
	const uint32_t format = wish->picture->pixels.format;

	if (data == NULL)
		return false;
	if (!thumbnail_scale(&wish->picture->pixels, wish->width, wish->height, data)) {
		free(data);
		return false;
	}
	reduced->id = wish->id;
	reduced->pixels = (struct pixels){
		.data = data,
		.width = wish->width,
		.height = wish->height,
		.pitch = wish->width * 4,
		.format = expand_needed(format) ? VITRINE_XR24 : format,
	};
	return true;
}

static void *work(void *argument)
{
	struct reducer *reducer = argument;

	worker_lock(&reducer->worker);
	while (!reducer->ending) {
		struct wish wish = reducer->wish;
		struct reduced made = {0};
		bool is_made;

		if (wish.picture == NULL) {
			worker_wait(&reducer->worker);
			continue;
		}
		reducer->wish.picture = NULL;
		worker_unlock(&reducer->worker);
		is_made = reduce(&wish, &made);
		picture_unref(wish.picture);
		worker_lock(&reducer->worker);
		if (!is_made)
			continue;
		reduced_free(&reducer->result);
		reducer->result = made;
		reducer->wake(reducer->wake_data);
	}
	worker_unlock(&reducer->worker);
	return NULL;
}

struct reducer *reducer_create(void (*wake)(void *data), void *data)
{
	struct reducer *reducer = calloc(1, sizeof(*reducer));

	if (reducer == NULL)
		return NULL;
	reducer->wake = wake;
	reducer->wake_data = data;
	if (worker_start(&reducer->worker, work, reducer))
		return reducer;
	free(reducer);
	return NULL;
}

void reducer_destroy(struct reducer *reducer)
{
	if (reducer == NULL)
		return;
	worker_lock(&reducer->worker);
	reducer->ending = true;
	worker_tell(&reducer->worker);
	worker_unlock(&reducer->worker);
	worker_end(&reducer->worker);
	picture_unref(reducer->wish.picture);
	reduced_free(&reducer->result);
	free(reducer);
}

void reducer_ask(struct reducer *reducer, uint64_t id, struct picture *picture, uint32_t width,
	uint32_t height)
{
	struct picture *replaced;

	if (reducer->last.id == id && reducer->last.width == width &&
		reducer->last.height == height)
		return;
	reducer->last = (struct wish){.id = id, .width = width, .height = height};
	worker_lock(&reducer->worker);
	replaced = reducer->wish.picture;
	reducer->wish = reducer->last;
	reducer->wish.picture = picture_ref(picture);
	worker_tell(&reducer->worker);
	worker_unlock(&reducer->worker);
	picture_unref(replaced);
}

bool reducer_pop(struct reducer *reducer, struct reduced *reduced)
{
	worker_lock(&reducer->worker);
	*reduced = reducer->result;
	reducer->result = (struct reduced){0};
	worker_unlock(&reducer->worker);
	return reduced->pixels.data != NULL;
}

void reduced_free(struct reduced *reduced)
{
	free((void *)(uintptr_t)reduced->pixels.data);
	*reduced = (struct reduced){0};
}
