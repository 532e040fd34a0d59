/* reducer.c - see reducer.h. */
#include "reducer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "thumbnail.h"

struct wish {
	uint64_t id;
	struct picture *picture; /* a reference; NULL: no wish */
	uint32_t width;
	uint32_t height;
};

struct reducer {
	pthread_t thread;
	pthread_mutex_t lock; /* over wish, result and ending */
	pthread_cond_t work;
	struct wish wish;
	struct reduced result; /* pixels.data NULL: none */
	bool ending;
	void (*wake)(void *data);
	void *wake_data;
	struct wish last; /* the window's: what was asked for last; no reference */
};

static bool reduce(const struct wish *wish, struct reduced *reduced)
{
	uint8_t *data = malloc((size_t)wish->width * wish->height * 4);

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
		.format = wish->picture->pixels.format,
	};
	return true;
}

static void *work(void *argument)
{
	struct reducer *reducer = argument;

	pthread_mutex_lock(&reducer->lock);
	while (!reducer->ending) {
		struct wish wish = reducer->wish;
		struct reduced made = {0};
		bool is_made;

		if (wish.picture == NULL) {
			pthread_cond_wait(&reducer->work, &reducer->lock);
			continue;
		}
		reducer->wish.picture = NULL;
		pthread_mutex_unlock(&reducer->lock);
		is_made = reduce(&wish, &made);
		picture_unref(wish.picture);
		pthread_mutex_lock(&reducer->lock);
		if (!is_made)
			continue;
		reduced_free(&reducer->result);
		reducer->result = made;
		reducer->wake(reducer->wake_data);
	}
	pthread_mutex_unlock(&reducer->lock);
	return NULL;
}

struct reducer *reducer_create(void (*wake)(void *data), void *data)
{
	struct reducer *reducer = calloc(1, sizeof(*reducer));
	int rc;

	if (reducer == NULL)
		return NULL;
	reducer->wake = wake;
	reducer->wake_data = data;
	pthread_mutex_init(&reducer->lock, NULL);
	pthread_cond_init(&reducer->work, NULL);
	rc = pthread_create(&reducer->thread, NULL, work, reducer);
	if (rc == 0)
		return reducer;
	pthread_cond_destroy(&reducer->work);
	pthread_mutex_destroy(&reducer->lock);
	free(reducer);
	errno = rc;
	return NULL;
}

void reducer_destroy(struct reducer *reducer)
{
	if (reducer == NULL)
		return;
	pthread_mutex_lock(&reducer->lock);
	reducer->ending = true;
	pthread_cond_signal(&reducer->work);
	pthread_mutex_unlock(&reducer->lock);
	pthread_join(reducer->thread, NULL);
	picture_unref(reducer->wish.picture);
	reduced_free(&reducer->result);
	pthread_cond_destroy(&reducer->work);
	pthread_mutex_destroy(&reducer->lock);
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
	pthread_mutex_lock(&reducer->lock);
	replaced = reducer->wish.picture;
	reducer->wish = reducer->last;
	reducer->wish.picture = picture_ref(picture);
	pthread_cond_signal(&reducer->work);
	pthread_mutex_unlock(&reducer->lock);
	picture_unref(replaced);
}

bool reducer_pop(struct reducer *reducer, struct reduced *reduced)
{
	pthread_mutex_lock(&reducer->lock);
	*reduced = reducer->result;
	reducer->result = (struct reduced){0};
	pthread_mutex_unlock(&reducer->lock);
	return reduced->pixels.data != NULL;
}

void reduced_free(struct reduced *reduced)
{
	free((void *)(uintptr_t)reduced->pixels.data);
	*reduced = (struct reduced){0};
}
