/* history.c - see history.h. */
#include "history.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "pool.h"

struct history {
	pthread_mutex_t lock;
	struct pool *pool;
	struct history_entry entries[HISTORY_MAX]; /* by number, the oldest first */
	uint32_t count;
};

struct history *history_create(uint64_t memory)
{
	struct history *history = calloc(1, sizeof(*history));

	if (history == NULL)
		return NULL;
	history->pool = pool_create(memory);
	if (history->pool == NULL) {
		free(history);
		return NULL;
	}
	pthread_mutex_init(&history->lock, NULL);
	return history;
}

static void drop_oldest(struct history *history)
{
	picture_unref(history->entries[0].picture);
	history->count--;
	memmove(history->entries, history->entries + 1,
		history->count * sizeof(history->entries[0]));
}

void history_destroy(struct history *history)
{
	if (history == NULL)
		return;
	while (history->count > 0)
		drop_oldest(history);
	pool_destroy(history->pool);
	pthread_mutex_destroy(&history->lock);
	free(history);
}

uint64_t history_memory(const struct history *history)
{
	return pool_budget(history->pool);
}

uint64_t history_used(const struct history *history)
{
	struct pool_use use = pool_use(history->pool);

	return use.used + use.spare;
}

void *history_reserve(struct history *history, uint64_t bytes, bool must)
{
	void *memory = NULL;

	if (bytes <= pool_budget(history->pool)) {
		pthread_mutex_lock(&history->lock);
		memory = pool_get(history->pool, bytes, false);
		while (memory == NULL && history->count > 0) {
			drop_oldest(history);
			memory = pool_get(history->pool, bytes, false);
		}
		pthread_mutex_unlock(&history->lock);
	}
	return memory != NULL || !must ? memory : pool_get(history->pool, bytes, true);
}

/* The memory to release with the last reference to a picture. */
struct memory {
	void *pixels;
	void *bytes;
};

static void give_back(void *data)
{
	struct memory *memory = data;

	pool_give_back(memory->pixels);
	pool_give_back(memory->bytes);
	free(memory);
}

static struct picture *make_picture(const struct vitrine_image *image,
	const struct content *content)
{
	const struct memory what = {
		.pixels = (void *)(uintptr_t)content->pixels.data,
		.bytes = (void *)(uintptr_t)content->bytes,
	};
	struct memory *memory = malloc(sizeof(*memory));
	struct picture *picture =
		memory != NULL ? picture_new(&content->pixels, image->name, memory, give_back)
			       : NULL;

	if (picture != NULL) {
		*memory = what;
		return picture;
	}
	free(memory);
	pool_give_back(what.pixels);
	pool_give_back(what.bytes);
	return NULL;
}

/*
 * A stream would push out all other images, and its frames are much alike. Returns the orientation
 * of the frame before.
 */
static int drop_frame_before(struct history *history, const struct vitrine_image *image)
{
	const struct history_entry *last;

	if (history->count == 0)
		return 1;
	last = &history->entries[history->count - 1];
	if (!frames_follow(&last->image, image))
		return 1;
	picture_unref(last->picture);
	history->count--;
	return last->orientation;
}

struct picture *history_add(struct history *history, uint64_t number,
	const struct vitrine_image *image, const struct content *content)
{
	struct picture *picture = make_picture(image, content);
	struct history_entry *entry;
	int orientation;

	if (picture == NULL)
		return NULL;
	picture_ref(picture); /* the caller's reference */
	pthread_mutex_lock(&history->lock);
	orientation = drop_frame_before(history, image);
	if (history->count == HISTORY_MAX)
		drop_oldest(history);
	entry = &history->entries[history->count++];
	*entry = (struct history_entry){
		.number = number,
		.image = *image,
		.content = *content,
		.picture = picture,
		.orientation = orientation,
	};
	entry->image.data = NULL;
	pthread_mutex_unlock(&history->lock);
	return picture;
}

/* The place of the first image after `number`, or the count if there is none. */
static uint32_t after(const struct history *history, uint64_t number)
{
	uint32_t i = history->count;

	while (i > 0 && history->entries[i - 1].number > number)
		i--;
	return i;
}

/* The image `number`, or NULL. */
static struct history_entry *find(struct history *history, uint64_t number)
{
	uint32_t i = after(history, number);

	return i > 0 && history->entries[i - 1].number == number ? &history->entries[i - 1] : NULL;
}

void history_set_latency(struct history *history, uint64_t number, double latency_ms)
{
	struct history_entry *entry;

	pthread_mutex_lock(&history->lock);
	entry = find(history, number);
	if (entry != NULL)
		entry->latency_ms = latency_ms;
	pthread_mutex_unlock(&history->lock);
}

void history_set_orientation(struct history *history, uint64_t number, int orientation)
{
	struct history_entry *entry;

	pthread_mutex_lock(&history->lock);
	entry = find(history, number);
	if (entry != NULL)
		entry->orientation = orientation;
	pthread_mutex_unlock(&history->lock);
}

void history_mark_former(struct history *history)
{
	pthread_mutex_lock(&history->lock);
	for (uint32_t i = 0; i < history->count; i++)
		history->entries[i].is_former = true;
	pthread_mutex_unlock(&history->lock);
}

static struct history_entry *locate(struct history *history, enum history_which which,
	uint64_t number)
{
	uint32_t i;

	switch (which) {
	case HISTORY_OLDER:
		i = number > 0 ? after(history, number - 1) : 0;
		return i > 0 ? &history->entries[i - 1] : NULL;
	case HISTORY_NEWER:
		i = after(history, number);
		return i < history->count ? &history->entries[i] : NULL;
	default: return find(history, number);
	}
}

bool history_get(struct history *history, enum history_which which, uint64_t number,
	struct history_entry *entry)
{
	const struct history_entry *found;

	pthread_mutex_lock(&history->lock);
	found = locate(history, which, number);
	if (found != NULL) {
		*entry = *found;
		picture_ref(entry->picture);
	}
	pthread_mutex_unlock(&history->lock);
	return found != NULL;
}

uint32_t history_count(struct history *history, uint64_t number)
{
	uint32_t count;

	pthread_mutex_lock(&history->lock);
	count = history->count - after(history, number);
	pthread_mutex_unlock(&history->lock);
	return count;
}
