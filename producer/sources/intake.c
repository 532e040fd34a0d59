/*
 * intake.c - adds files to the tray. Paths form a batch; the loader expands it into files; these
 * become items, as many at a time as the window has time for; the loader decodes them.
 */
#include "monotonic.h"
#include "producer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BATCH_IDS  (UINT64_C(1) << 63) /* the loader's ids of batches; lower ids are items */
#define TURN_NS    INT64_C(5000000)
#define WHOLE      (LOADER_FILES | LOADER_THUMBNAIL | LOADER_PIXELS)
#define WHEN_LOOSE (LOADER_FILES | LOADER_THUMBNAIL | LOADER_PIXELS_IF_ROOM)

/* Paths that were given together. */
struct batch {
	uint64_t id; /* the loader's, above BATCH_IDS */
	bool publish;
	bool by_hand;
	bool is_watch;    /* publish items already in the tray only if they changed */
	bool is_expanded; /* the collection is complete */
	bool has_chosen;  /* its first new image */
	uint64_t known;   /* its first image that was already in the tray; 0: none */
	size_t next;      /* next file of the collection */
	struct collection collection;
	struct batch *next_batch;
};

void intake_refuse(struct producer *app, const char *path, const char *reason)
{
	log_event(app->log, "refused", LOG_STR("path", path), LOG_STR("reason", reason));
	log_error(app->log, path, reason);
	notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, text_base_name(path), reason);
	window_touch(app->window);
}

/* ---- paths become batches ------------------------------------------------------------------ */

static struct batch *add_batch(struct producer *app, const char *const paths[], size_t count)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	struct batch **end = &app->intake.batches;

	if (batch == NULL)
		return NULL;
	batch->id = BATCH_IDS | ++app->intake.last_id;
	if (!loader_expand(app->loader, batch->id, paths, count)) {
		free(batch);
		return NULL;
	}
	while (*end != NULL)
		end = &(*end)->next_batch;
	*end = batch;
	return batch;
}

static void end_batch(struct batch **place)
{
	struct batch *batch = *place;

	*place = batch->next_batch;
	collect_free(&batch->collection);
	free(batch);
}

void intake_paths(struct producer *app, const char *const paths[], size_t count, unsigned how)
{
	struct batch *batch = count > 0 ? add_batch(app, paths, count) : NULL;

	if (batch != NULL) {
		batch->publish = how & INTAKE_PUBLISHES;
		batch->by_hand = how & INTAKE_BY_HAND;
	} else if (count > 0) {
		intake_refuse(app, paths[0], strerror(ENOMEM));
	}
}

/* ---- batches become items ------------------------------------------------------------------ */

/* Has the item decoded, as much of it as `wants` says. */
static void load(struct producer *app, struct tray_item *item, unsigned wants)
{
	if (loader_load(app->loader, item->id, item->path, wants))
		item->wants = wants;
}

void intake_request(struct producer *app, struct tray_item *item)
{
	if (item->pixels != NULL || tray_is_file(item))
		return;
	if (item->wants == 0)
		load(app, item, WHOLE);
	loader_hurry(app->loader, item->id);
}

static void load_again(struct producer *app, struct tray_item *item)
{
	item->again_ns = 0;
	loader_cancel(app->loader, item->id);
	tray_outdate(app->tray, item);
	load(app, item, WHOLE);
}

/* True if the item was loaded from a file of this size and time. */
static bool is_of(const struct tray_item *item, uint64_t size, const struct timespec *mtime)
{
	const struct picture *picture = item->thumbnail;
	uint64_t old_size = picture != NULL ? picture->file_size : item->file.size;
	struct timespec old = picture != NULL ? picture->mtime : item->file.mtime;

	return old_size == size && old.tv_sec == mtime->tv_sec && old.tv_nsec == mtime->tv_nsec;
}

static bool was_loaded(const struct tray_item *item)
{
	return item->thumbnail != NULL || tray_is_file(item);
}

/* True if the file has changed since it was loaded. */
static bool has_changed(const struct tray_item *item)
{
	struct stat now;

	return was_loaded(item) && stat(item->path, &now) == 0 &&
	       !is_of(item, (uint64_t)now.st_size, &now.st_mtim);
}

static void choose(struct producer *app, const struct tray_item *item)
{
	tray_choose(app->tray, tray_place(app->tray, item->id));
	loader_hurry(app->loader, item->id);
}

static void take_known(struct producer *app, struct batch *batch, struct tray_item *item)
{
	bool changed = has_changed(item);

	if (changed)
		load_again(app, item);
	if (batch->known == 0)
		batch->known = item->id;
	if (batch->publish && (changed || !batch->is_watch))
		outgoing_publish(app, item);
}

static void take_new(struct producer *app, struct batch *batch, const char *path)
{
	struct tray_item *item = tray_add(app->tray, path);
	bool is_first = !batch->has_chosen;

	if (item == NULL) {
		intake_refuse(app, path, strerror(ENOMEM));
		return;
	}
	item->by_hand = batch->by_hand;
	load(app, item, is_first || batch->publish ? WHOLE : WHEN_LOOSE);
	if (is_first)
		choose(app, item);
	batch->has_chosen = true;
	if (batch->publish)
		outgoing_publish(app, item);
}

/* Takes one more file of the batch; false: there are no more. */
static bool take_file(struct producer *app, struct batch *batch)
{
	struct tray_item *known;
	const char *path;

	if (batch->next == batch->collection.count)
		return false;
	path = batch->collection.files[batch->next++];
	known = tray_find_path(app->tray, path);
	if (known != NULL)
		take_known(app, batch, known);
	else
		take_new(app, batch, path);
	return true;
}

/* If everything was already in the tray, chooses the first of it. */
static void finish_batch(struct producer *app, const struct batch *batch)
{
	struct tray_item *known = tray_find(app->tray, batch->known);

	if (!batch->has_chosen && known != NULL && !batch->is_watch)
		choose(app, known);
}

/* True: there is more to do. */
static bool work_on_batches(struct producer *app, int64_t deadline)
{
	struct batch **place = &app->intake.batches;

	while (*place != NULL) {
		struct batch *batch = *place;

		if (!batch->is_expanded) {
			place = &batch->next_batch;
			continue;
		}
		window_touch(app->window);
		while (take_file(app, batch))
			if (monotonic_ns() > deadline)
				return true;
		finish_batch(app, batch);
		end_batch(place);
	}
	return false;
}

/* ---- what the window had in the tray before it was a consumer ------------------------------- */

struct tray_item *intake_put_back(struct producer *app, const char *path, size_t place)
{
	struct tray_item *item = tray_find_path(app->tray, path);

	if (item == NULL && (item = tray_insert(app->tray, path, place)) != NULL)
		load(app, item, WHEN_LOOSE);
	if (item == NULL)
		intake_refuse(app, path, strerror(ENOMEM));
	return item;
}

void intake_restore(struct producer *app, const struct role_state *previous)
{
	for (size_t i = 0; i < previous->count; i++) {
		const struct role_state_item *thing = &previous->items[i];
		struct tray_item *item;

		if (thing->kind == ROLE_STATE_PRODUCER || thing->kind == ROLE_STATE_CONSUMER)
			continue;
		if (thing->kind == ROLE_STATE_DROPPED) { /* on the consumer; may be a folder */
			intake_paths(app, (const char *const[]){thing->text}, 1, INTAKE_BY_HAND);
			continue;
		}
		if (thing->kind == ROLE_STATE_TURNED) {
			item = tray_find_path(app->tray, &thing->text[1]);
			if (item != NULL)
				item->orientation = thing->text[0] - '0';
			continue;
		}
		item = intake_put_back(app, thing->text, SIZE_MAX);
		if (item == NULL)
			continue;
		if (thing->kind == ROLE_STATE_BY_HAND)
			item->by_hand = true;
		else if (thing->kind == ROLE_STATE_CHOSEN)
			choose(app, item);
		else if (thing->kind == ROLE_STATE_QUEUED)
			outgoing_publish(app, item);
		else if (thing->kind == ROLE_STATE_QUEUED_BYTES)
			outgoing_publish_bytes(app, item);
	}
}

bool intake_is_idle(const struct producer *app)
{
	return app->intake.batches == NULL;
}

/*
 * ---- the watched folder -------------------------------------------------------------------------
 */

void intake_watched_file(struct producer *app, const char *path)
{
	struct tray_item *item = tray_find_path(app->tray, path);

	if (item != NULL)
		load_again(app, item);
	else if ((item = tray_add(app->tray, path)) != NULL)
		load(app, item, WHOLE);
	if (item == NULL)
		return;
	choose(app, item);
	outgoing_publish_changed(app, item);
}

void intake_watched_folder(struct producer *app, const char *folder, bool publish)
{
	struct batch *batch = add_batch(app, &folder, 1);

	if (batch == NULL)
		return;
	batch->is_watch = true;
	batch->publish = publish;
}

/* ---- files that are still being written ------------------------------------------------------ */

#define WRITING_NS INT64_C(1000000000) /* a file that changed so recently may not be finished */

static bool is_being_written(const struct producer *app, const char *path)
{
	struct timespec now;
	struct stat status;
	int64_t age_ns;

	if (app->watch == NULL || stat(path, &status) != 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	age_ns = (int64_t)(now.tv_sec - status.st_mtim.tv_sec) * 1000000000 + now.tv_nsec -
		 status.st_mtim.tv_nsec;
	return age_ns > -WRITING_NS && age_ns < WRITING_NS;
}

/*
 * The item keeps its place and its picture, and is decoded again in a second: only then is it clear
 * whether the file is really damaged. `wants` stays set, so that it is not requested before.
 */
static void wait_for_writer(struct producer *app, struct tray_item *item)
{
	item->again_ns = monotonic_ns() + WRITING_NS;
	if (app->intake.again_ns == 0)
		app->intake.again_ns = item->again_ns;
}

/* Decodes the items again for which the second has passed. */
static void look_at_writers(struct producer *app)
{
	const int64_t now = monotonic_ns();
	int64_t next = 0;

	if (app->intake.again_ns == 0 || now < app->intake.again_ns)
		return;
	for (size_t i = 0; i < tray_count(app->tray); i++) {
		struct tray_item *item = tray_at(app->tray, i);

		if (item->again_ns != 0 && item->again_ns <= now)
			load_again(app, item);
		else if (item->again_ns != 0 && (next == 0 || item->again_ns < next))
			next = item->again_ns;
	}
	app->intake.again_ns = next;
}

int64_t intake_deadline(const struct producer *app)
{
	return app->intake.again_ns != 0 ? app->intake.again_ns : WINDOW_FOREVER;
}

/* ---- what was decoded ---------------------------------------------------------------------- */

static void take_collection(struct producer *app, struct loader_result *result)
{
	struct batch *batch = app->intake.batches;

	while (batch != NULL && batch->id != result->id)
		batch = batch->next_batch;
	if (batch == NULL)
		return;
	batch->collection = result->collection;
	result->collection = (struct collection){0};
	batch->is_expanded = true;
	for (size_t i = 0; i < batch->collection.refused_count; i++) {
		const struct collect_refusal *refusal = &batch->collection.refused[i];

		/* A watched folder may be empty. */
		if (!batch->is_watch)
			intake_refuse(app, refusal->path, refusal->reason);
	}
}

static void take_out(struct producer *app, uint64_t id)
{
	outgoing_forget(app, id);
	tray_remove(app->tray, id);
}

/* True if the file is new or has changed. */
static bool is_news(const struct tray_item *item, uint64_t size, const struct timespec *mtime)
{
	return !was_loaded(item) || !is_of(item, size, mtime);
}

static void take_other_file(struct producer *app, struct tray_item *item,
	struct loader_result *result)
{
	const struct loader_file *file = &result->file;

	item->wants = 0;
	if (is_news(item, file->size, &file->mtime)) {
		item->version++;
		item->published = 0;
		log_event(app->log, "loaded", LOG_STR("name", item->name),
			LOG_STR("path", item->path), LOG_STR("type", file->type),
			LOG_U64("bytes", file->size),
			LOG_REAL("ms", (double)result->duration_ns / 1e6),
			LOG_U64("tray", tray_place(app->tray, item->id) + 1));
	}
	tray_set_file(app->tray, item, file);
}

static void take_picture(struct producer *app, struct tray_item *item, struct loader_result *result)
{
	const struct picture *picture =
		result->thumbnail != NULL ? result->thumbnail : result->picture;
	bool is_wanted = (item->wants & LOADER_PIXELS) != 0 || item == tray_chosen(app->tray) ||
			 item->id == outbox_at(&app->outbox, 0);

	item->wants = 0;
	if (is_news(item, picture->file_size, &picture->mtime)) {
		item->version++;
		item->published = 0;
		log_event(app->log, "loaded", LOG_STR("name", picture->name),
			LOG_STR("path", picture->path), LOG_U64("width", picture->width),
			LOG_U64("height", picture->height),
			LOG_REAL("ms", (double)result->duration_ns / 1e6),
			LOG_U64("tray", tray_place(app->tray, item->id) + 1));
	}
	tray_decoded(app->tray, item, result->thumbnail, result->picture, is_wanted);
	result->thumbnail = NULL;
	result->picture = NULL;
}

/* True if the result is bad, but may be only because the file is being written. */
static bool is_unfinished(const struct producer *app, const struct loader_result *result)
{
	const struct picture *picture =
		result->thumbnail != NULL ? result->thumbnail : result->picture;
	const bool is_bad = result->outcome == LOADER_LOADED ? picture->is_damaged
							     : result->outcome != LOADER_FILE;

	return is_bad && is_being_written(app,
				 result->outcome == LOADER_LOADED ? picture->path : result->path);
}

static void take_result(struct producer *app, struct loader_result *result)
{
	struct tray_item *item = tray_find(app->tray, result->id);

	if ((result->id & (BATCH_IDS | SOURCES_GALLERY_IDS)) == SOURCES_GALLERY_IDS) {
		sources_gallery_result(app, result);
	} else if (result->outcome == LOADER_EXPANDED) {
		take_collection(app, result);
	} else if (item != NULL && is_unfinished(app, result)) {
		wait_for_writer(app, item);
	} else if (item != NULL && result->outcome == LOADER_LOADED) {
		take_picture(app, item, result);
	} else if (item != NULL && result->outcome == LOADER_FILE) {
		take_other_file(app, item, result);
	} else if (item != NULL) {
		intake_refuse(app, result->path, result->reason);
		take_out(app, item->id);
	}
	window_touch(app->window);
}

/* ---- a turn -------------------------------------------------------------------------------- */

bool intake_work(struct producer *app)
{
	int64_t deadline = monotonic_ns() + TURN_NS;
	struct loader_result result;

	look_at_writers(app);
	while (loader_pop(app->loader, &result)) {
		take_result(app, &result);
		loader_result_free(&result);
		if (monotonic_ns() > deadline)
			return true;
	}
	return work_on_batches(app, deadline);
}

void intake_end(struct producer *app)
{
	while (app->intake.batches != NULL)
		end_batch(&app->intake.batches);
}
