/*
 * tray.c - see tray.h. The row is an array; two trees of the same items find ids and paths.
 */
#include "tray.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "text.h"

struct tray {
	struct tray_item **items;
	size_t count;
	size_t chosen; /* < count, or 0 */
	void *by_path; /* tsearch()'s trees of struct tray_item */
	void *by_id;
	uint64_t version;
	uint64_t last_id;
	uint64_t clock;
	uint64_t budget;
	uint64_t bytes;
};

static int compare_paths(const void *a, const void *b)
{
	const struct tray_item *one = a;
	const struct tray_item *other = b;

	return strcmp(one->path, other->path);
}

static int compare_ids(const void *a, const void *b)
{
	const struct tray_item *one = a;
	const struct tray_item *other = b;

	return (one->id > other->id) - (one->id < other->id);
}

static void drop_pixels(struct tray *tray, struct tray_item *item)
{
	if (item->pixels == NULL)
		return;
	tray->bytes -= item->pixels->bytes;
	picture_unref(item->pixels);
	item->pixels = NULL;
}

static void free_item(struct tray *tray, struct tray_item *item)
{
	drop_pixels(tray, item);
	picture_unref(item->thumbnail);
	free(item->path);
	free(item);
}

struct tray *tray_create(uint64_t budget)
{
	struct tray *tray = calloc(1, sizeof(*tray));

	if (tray != NULL)
		tray->budget = budget;
	return tray;
}

void tray_destroy(struct tray *tray)
{
	if (tray == NULL)
		return;
	while (tray->count > 0)
		tray_remove(tray, tray->items[tray->count - 1]->id);
	free(tray->items);
	free(tray);
}

/* ---- the row ------------------------------------------------------------------------------- */

/* Updates the positions of the items from `first` on. */
static void number(struct tray *tray, size_t first)
{
	for (size_t i = first; i < tray->count; i++)
		tray->items[i]->place = i;
	tray->version++;
}

/* False: no memory, and the item is in none of the trees. */
static bool index_item(struct tray *tray, struct tray_item *item)
{
	if (tsearch(item, &tray->by_path, compare_paths) == NULL)
		return false;
	if (tsearch(item, &tray->by_id, compare_ids) != NULL)
		return true;
	tdelete(item, &tray->by_path, compare_paths);
	return false;
}

struct tray_item *tray_insert(struct tray *tray, const char *path, size_t place)
{
	struct tray_item *item = calloc(1, sizeof(*item));
	struct tray_item **items = grow_array(tray->items, tray->count, sizeof(struct tray_item *));

	if (items != NULL)
		tray->items = items;
	if (item == NULL)
		return NULL;
	item->path = strdup(path);
	item->id = tray->last_id + 1;
	if (item->path == NULL || items == NULL || !index_item(tray, item)) {
		free(item->path);
		free(item);
		return NULL;
	}
	item->name = text_base_name(item->path);
	item->orientation = 1;
	tray->last_id++;
	if (place > tray->count)
		place = tray->count;
	memmove(&tray->items[place + 1], &tray->items[place],
		(tray->count - place) * sizeof(struct tray_item *));
	tray->items[place] = item;
	if (tray->count > 0 && tray->chosen >= place)
		tray->chosen++;
	tray->count++;
	number(tray, place);
	return item;
}

struct tray_item *tray_add(struct tray *tray, const char *path)
{
	return tray_insert(tray, path, SIZE_MAX);
}

void tray_remove(struct tray *tray, uint64_t id)
{
	size_t place = tray_place(tray, id);
	struct tray_item *item;

	if (place == TRAY_NONE)
		return;
	item = tray->items[place];
	tdelete(item, &tray->by_path, compare_paths);
	tdelete(item, &tray->by_id, compare_ids);
	tray->count--;
	memmove(&tray->items[place], &tray->items[place + 1],
		(tray->count - place) * sizeof(struct tray_item *));
	if (tray->chosen > place || (tray->chosen == tray->count && tray->chosen > 0))
		tray->chosen--;
	number(tray, place);
	free_item(tray, item);
}

void tray_move(struct tray *tray, uint64_t id, size_t place)
{
	struct tray_item *chosen = tray_chosen(tray);
	struct tray_item *item = tray_find(tray, id);
	size_t from;

	if (item == NULL || chosen == NULL)
		return;
	from = item->place;
	if (place >= tray->count)
		place = tray->count - 1;
	if (place < from)
		memmove(&tray->items[place + 1], &tray->items[place],
			(from - place) * sizeof(struct tray_item *));
	else
		memmove(&tray->items[from], &tray->items[from + 1],
			(place - from) * sizeof(struct tray_item *));
	tray->items[place] = item;
	number(tray, place < from ? place : from);
	tray->chosen = chosen->place;
}

size_t tray_count(const struct tray *tray)
{
	return tray->count;
}

struct tray_item *tray_at(const struct tray *tray, size_t place)
{
	return place < tray->count ? tray->items[place] : NULL;
}

struct tray_item *tray_find(const struct tray *tray, uint64_t id)
{
	struct tray_item key = {.id = id}; /* to compare with; tfind() changes nothing */
	void *const *node = tfind(&key, &tray->by_id, compare_ids);

	return node != NULL ? *node : NULL;
}

size_t tray_place(const struct tray *tray, uint64_t id)
{
	const struct tray_item *item = tray_find(tray, id);

	return item != NULL ? item->place : TRAY_NONE;
}

uint64_t tray_last_id(const struct tray *tray)
{
	return tray->last_id;
}

uint64_t tray_version(const struct tray *tray)
{
	return tray->version;
}

size_t tray_by_hand(const struct tray *tray)
{
	size_t count = 0;

	for (size_t i = 0; i < tray->count; i++)
		count += tray->items[i]->by_hand;
	return count;
}

struct tray_item *tray_find_path(const struct tray *tray, const char *path)
{
	/* A key to compare with; tfind() changes nothing. */
	struct tray_item key = {.path = (char *)(uintptr_t)path};
	void *const *node = tfind(&key, &tray->by_path, compare_paths);

	return node != NULL ? *node : NULL;
}

/* ---- the chosen one ------------------------------------------------------------------------ */

void tray_choose(struct tray *tray, size_t place)
{
	if (tray->count == 0)
		return;
	tray->chosen = place < tray->count ? place : tray->count - 1;
	tray_use(tray, tray->items[tray->chosen]);
}

size_t tray_chosen_place(const struct tray *tray)
{
	return tray->count > 0 ? tray->chosen : TRAY_NONE;
}

struct tray_item *tray_chosen(const struct tray *tray)
{
	return tray_at(tray, tray->chosen);
}

/* ---- the selection ------------------------------------------------------------------------- */

size_t tray_selected(const struct tray *tray)
{
	size_t count = 0;

	for (size_t i = 0; i < tray->count; i++)
		count += tray->items[i]->is_selected;
	return count;
}

void tray_select_all(struct tray *tray, bool is_selected)
{
	for (size_t i = 0; i < tray->count; i++)
		tray->items[i]->is_selected = is_selected;
}

void tray_select_range(struct tray *tray, size_t from, size_t to)
{
	size_t first = from < to ? from : to;
	size_t last = from < to ? to : from;

	for (size_t i = first; i <= last && i < tray->count; i++)
		tray->items[i]->is_selected = true;
}

/* ---- pictures in memory -------------------------------------------------------------------- */

void tray_use(struct tray *tray, struct tray_item *item)
{
	item->used = ++tray->clock;
}

/* The item whose pixels are dropped first: the least recently used one, never the chosen one. */
static struct tray_item *least_used(const struct tray *tray, const struct tray_item *except)
{
	struct tray_item *least = NULL;

	for (size_t i = 0; i < tray->count; i++) {
		struct tray_item *item = tray->items[i];

		if (item->pixels == NULL || item == except || i == tray->chosen)
			continue;
		if (least == NULL || item->used < least->used)
			least = item;
	}
	return least;
}

void tray_decoded(struct tray *tray, struct tray_item *item, struct picture *thumbnail,
	struct picture *pixels, bool is_wanted)
{
	struct tray_item *least;

	item->file = (struct loader_file){0};
	if (thumbnail != NULL) {
		picture_unref(item->thumbnail);
		item->thumbnail = thumbnail;
		if (thumbnail->frames > 1)
			item->orientation = 1; /* a stream cannot be turned */
	}
	if (pixels == NULL)
		return;
	drop_pixels(tray, item);
	item->bytes = pixels->bytes;
	if (!is_wanted && tray->bytes + pixels->bytes > tray->budget) {
		picture_unref(pixels);
		return;
	}
	item->pixels = pixels;
	tray->bytes += pixels->bytes;
	if (is_wanted)
		tray_use(tray, item);
	while (tray->bytes > tray->budget && (least = least_used(tray, item)) != NULL)
		drop_pixels(tray, least);
}

void tray_set_file(struct tray *tray, struct tray_item *item, const struct loader_file *file)
{
	drop_pixels(tray, item);
	picture_unref(item->thumbnail);
	item->thumbnail = NULL;
	item->file = *file;
}

bool tray_is_file(const struct tray_item *item)
{
	return item->file.type != NULL;
}

void tray_outdate(struct tray *tray, struct tray_item *item)
{
	drop_pixels(tray, item);
}

static uint64_t need(const struct tray_item *item)
{
	if (item == NULL || item->thumbnail == NULL)
		return 0;
	if (item->bytes > 0)
		return item->bytes;
	return UINT64_C(4) * item->thumbnail->width * item->thumbnail->height;
}

static bool lacks_pixels(const struct tray_item *item)
{
	return item != NULL && item->pixels == NULL && item->thumbnail != NULL && item->wants == 0;
}

struct tray_item *tray_lacking(const struct tray *tray)
{
	struct tray_item *chosen = tray_chosen(tray);
	struct tray_item *next = tray_at(tray, tray->chosen + 1);
	struct tray_item *previous = tray->chosen > 0 ? tray_at(tray, tray->chosen - 1) : NULL;

	if (lacks_pixels(chosen))
		return chosen;
	if (lacks_pixels(next) && need(chosen) + need(next) <= tray->budget)
		return next;
	if (lacks_pixels(previous) && need(chosen) + need(next) + need(previous) <= tray->budget)
		return previous;
	return NULL;
}

uint64_t tray_bytes(const struct tray *tray)
{
	return tray->bytes;
}
