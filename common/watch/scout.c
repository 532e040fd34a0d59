/* scout.c - see scout.h: the thread, and the window's side of it. A look is in scout_look.c. */
#include "scout_state.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_NS  INT64_C(50000000)
#define TRACE_NS INT64_C(20000000)

/* ---- the thread ---------------------------------------------------------------------------- */

/* Sleeps until it is time for the next look. False: the end. */
static bool wait_for_next(struct scout *scout)
{
	bool is_tracing = scout->options.tracefile != NULL;
	int64_t next = worker_now() + (is_tracing ? TRACE_NS : LOOK_NS);
	bool is_early = true;

	worker_lock(&scout->worker);
	while (is_early && !scout->ending && !scout->hurried) {
		if (scout->wanted || is_tracing)
			is_early = worker_wait_until(&scout->worker, next);
		else
			worker_wait(&scout->worker);
	}
	scout->hurried = false;
	scout->box[0] = scout->box_width;
	scout->box[1] = scout->box_height;
	bool goes_on = !scout->ending;
	worker_unlock(&scout->worker);
	return goes_on;
}

static void *work(void *argument)
{
	struct scout *scout = argument;

	while (wait_for_next(scout))
		scout_look_round(scout);
	scout_trace(scout, false, worker_now() + 1000000000);
	return NULL;
}

struct scout *scout_create(const struct scout_options *options)
{
	struct scout *scout = calloc(1, sizeof(*scout));

	if (scout == NULL)
		return NULL;
	scout->options = *options;
	if (worker_start(&scout->worker, work, scout))
		return scout;
	free(scout);
	return NULL;
}

void scout_destroy(struct scout *scout)
{
	if (scout == NULL)
		return;
	worker_lock(&scout->worker);
	scout->ending = true;
	worker_tell(&scout->worker);
	worker_unlock(&scout->worker);
	worker_end(&scout->worker);
	for (size_t i = 0; i < VITRINE_SLOTS_MAX; i++)
		free(scout->thumbnails[i].thumbnail.pixels);
	free(scout);
}

/* ---- the window's side --------------------------------------------------------------------- */

void scout_want(struct scout *scout, bool wanted, uint32_t box_width, uint32_t box_height)
{
	worker_lock(&scout->worker);
	if (scout->wanted != wanted || scout->box_width != box_width ||
		scout->box_height != box_height) {
		scout->wanted = wanted;
		scout->box_width = box_width;
		scout->box_height = box_height;
		scout->hurried = wanted;
		worker_tell(&scout->worker);
	}
	worker_unlock(&scout->worker);
}

void scout_hurry(struct scout *scout)
{
	worker_lock(&scout->worker);
	scout->hurried = true;
	worker_tell(&scout->worker);
	worker_unlock(&scout->worker);
}

bool scout_look(struct scout *scout, uint64_t *version, struct xray_model *model)
{
	bool is_newer;

	worker_lock(&scout->worker);
	is_newer = scout->version != *version;
	if (is_newer)
		*model = scout->model;
	*version = scout->version;
	worker_unlock(&scout->worker);
	return is_newer;
}

bool scout_thumbnail(struct scout *scout, uint32_t slot, uint64_t *version,
	struct xray_thumbnail *thumbnail)
{
	const struct kept_thumbnail *kept = &scout->thumbnails[slot];
	bool is_newer;

	worker_lock(&scout->worker);
	is_newer = kept->version != *version;
	*version = kept->version;
	if (is_newer) {
		size_t bytes = (size_t)kept->thumbnail.width * kept->thumbnail.height * 4;

		*thumbnail = kept->thumbnail;
		thumbnail->pixels = bytes > 0 && kept->thumbnail.pixels ? malloc(bytes) : NULL;
		if (thumbnail->pixels != NULL)
			memcpy(thumbnail->pixels, kept->thumbnail.pixels, bytes);
		else
			thumbnail->width = thumbnail->height = 0;
	}
	worker_unlock(&scout->worker);
	return is_newer;
}

void scout_timeline(struct scout *scout, struct timeline *timeline)
{
	worker_lock(&scout->worker);
	*timeline = scout->timeline;
	worker_unlock(&scout->worker);
}
