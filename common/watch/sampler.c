/* scout.c - see scout.h: one look at the channel, the thread that repeats it, and the window's side. */
#include "scout.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "presence.h"
#include "text.h"
#include "worker.h"

#define LOOK_NS     INT64_C(50000000)
#define TRACE_NS    INT64_C(20000000)
#define PROGRAMS_NS INT64_C(3000000000) /* so long a list of attached programs is believed */

enum {
	THUMBNAILS_EACH = 4, /* made in one look */
	TRACED_EACH = 64
};

struct kept_thumbnail {
	uint64_t sequence; /* of the image; 0: none */
	int64_t published_ns;
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_thumbnail thumbnail;
};

struct scout {
	struct scout_options options;
	struct worker worker; /* its lock is over all up to `thumbnails` */
	bool wanted, hurried, ending;
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_model model;
	struct timeline timeline;
	struct kept_thumbnail thumbnails[VITRINE_SLOTS_MAX];

	/* the thread's own */
	uint32_t box[2]; /* width and height, as of this look */
	bool has_info;
	struct vitrine_info info;
	struct vitrine_snapshot snapshot;
	struct attached_program programs[ATTACHED_MAX];
	size_t program_count;
	int32_t members[5]; /* who was there when they were looked for: ids and counts */
	int64_t programs_at;
	uint32_t sleeps; /* that were found at the last look */
	uint32_t owner_uid;
	char owner[32];
	struct call calls[XRAY_CALLS];
	struct xray_model fresh;
	uint64_t traced, lost;
};

/* ---- thumbnails ---------------------------------------------------------------------------- */

static void keep(struct scout *scout, struct kept_thumbnail *kept,
	const struct vitrine_image *image, const struct xray_thumbnail *made)
{
	uint32_t *old;

	worker_lock(&scout->worker);
	old = kept->thumbnail.pixels;
	kept->thumbnail = *made;
	kept->sequence = image != NULL ? image->sequence : 0;
	kept->published_ns = image != NULL ? image->published_ns : 0;
	kept->box_width = scout->box[0];
	kept->box_height = scout->box[1];
	kept->version++;
	worker_unlock(&scout->worker);
	free(old);
}

static bool is_kept(const struct scout *scout, const struct kept_thumbnail *kept,
	const struct vitrine_image *image)
{
	return kept->sequence == image->sequence && kept->published_ns == image->published_ns &&
	       kept->box_width == scout->box[0] && kept->box_height == scout->box[1];
}

/* Makes what is missing, each once for its sequence number; what changed meanwhile is thrown away. */
static bool make_thumbnails(struct scout *scout, const struct vitrine_channel *channel)
{
	int made = 0;

	for (uint32_t i = 0; i < scout->snapshot.slot_count; i++) {
		const struct vitrine_slot_info *slot = &scout->snapshot.slots[i];
		struct kept_thumbnail *kept = &scout->thumbnails[i];
		struct xray_thumbnail thumbnail = {0};

		if (!slot->has_image) {
			if (kept->sequence != 0) {
				keep(scout, kept, NULL, &thumbnail);
				made++;
			}
			continue;
		}
		if (is_kept(scout, kept, &slot->image) || made >= THUMBNAILS_EACH)
			continue;
		xray_thumbnail_make(&thumbnail, &slot->image, scout->box[0], scout->box[1]);
		if (vitrine_unchanged(channel, &slot->image)) {
			keep(scout, kept, &slot->image, &thumbnail);
			made++;
		} else {
			free(thumbnail.pixels);
		}
	}
	return made > 0;
}

/* ---- a look -------------------------------------------------------------------------------- */

static void find_owner(struct scout *scout)
{
	struct passwd entry, *found = NULL;
	char memory[2048];

	if (scout->owner[0] != '\0' && scout->owner_uid == scout->snapshot.owner_uid)
		return;
	scout->owner_uid = scout->snapshot.owner_uid;
	snprintf(scout->owner, sizeof(scout->owner), "%u", scout->owner_uid);
	if (getpwuid_r(scout->owner_uid, &entry, memory, sizeof(memory), &found) == 0 &&
		found != NULL)
		text_printable(scout->owner, sizeof(scout->owner), entry.pw_name);
}

static bool has_sleepers(const struct vitrine_snapshot *snapshot)
{
	for (uint32_t i = 0; i < semaphores_count(snapshot); i++) {
		const struct vitrine_semaphore *semaphore = semaphores_at(snapshot, i);

		if (semaphore->ncnt + semaphore->zcnt > 0)
			return true;
	}
	return false;
}

/* How many sleeps were found in the set, and of how many the process is known. */
static uint32_t count_sleeps(const struct scout *scout)
{
	uint32_t count = has_sleepers(&scout->snapshot) ? 1 : 0;

	for (size_t i = 0; i < scout->program_count; i++)
		count += scout->programs[i].sleeps_on >= 0;
	return count;
}

/* To search all of /proc costs milliseconds: only when somebody came or went. */
static void find_programs(struct scout *scout, int64_t now)
{
	const struct vitrine_snapshot *snapshot = &scout->snapshot;
	const int32_t members[5] = {scout->info.shmid, (int32_t)snapshot->attached,
		snapshot->producers.value, snapshot->consumers.value, snapshot->mirrors.value};

	if (memcmp(members, scout->members, sizeof(members)) != 0 ||
		now - scout->programs_at > PROGRAMS_NS) {
		memcpy(scout->members, members, sizeof(members));
		scout->programs_at = now;
		scout->program_count =
			attached_find(scout->info.shmid, scout->programs, ATTACHED_MAX);
	}
	for (size_t i = 0; i < scout->program_count; i++)
		scout->programs[i].sleeps_on = -1;
	if (has_sleepers(snapshot))
		attached_look(scout->programs, scout->program_count, scout->info.semid, snapshot);
}

/* Whether there is a channel, and its state; *has_pictures: a thumbnail is another one. */
static bool inspect(struct scout *scout, bool *has_pictures)
{
	const struct vitrine_channel *channel = link_pin(scout->options.link);
	bool is_open;

	if (channel == NULL)
		return false;
	is_open = vitrine_inspect(channel, &scout->snapshot) == VITRINE_OK;
	if (is_open) {
		scout->info = *vitrine_info(channel);
		scout->has_info = true;
		*has_pictures |= scout->box[0] > 0 && make_thumbnails(scout, channel);
	}
	link_unpin(scout->options.link);
	return is_open;
}

/*
 * A program that sleeps wakes ten times a second to look whether it is to end; who looks just then
 * finds it awake. So one that seems to have woken is looked at twice.
 */
static bool inspect_all(struct scout *scout, int64_t now, bool *has_pictures)
{
	const struct timespec breath = {0, 2000000};
	uint32_t before = scout->sleeps;
	bool is_open = inspect(scout, has_pictures);

	if (is_open)
		find_programs(scout, now);
	if (is_open && count_sleeps(scout) < before) {
		nanosleep(&breath, NULL);
		is_open = inspect(scout, has_pictures);
		if (is_open)
			find_programs(scout, now);
	}
	scout->sleeps = is_open ? count_sleeps(scout) : 0;
	return is_open;
}

/* Writes the calls up to `now` into the trace file, if there is one. */
static void trace(struct scout *scout, bool is_open, int64_t now)
{
	struct call calls[TRACED_EACH];
	uint64_t lost = 0;
	size_t count;

	if (scout->options.tracefile == NULL)
		return;
	while ((count = calls_since(scout->options.calls, now, &scout->traced, calls, TRACED_EACH,
			&lost)) > 0)
		for (size_t i = 0; i < count; i++)
			tracefile_call(scout->options.tracefile,
				scout->has_info ? &scout->info : NULL,
				is_open ? &scout->snapshot : NULL, &calls[i]);
	if (lost > 0)
		tracefile_lost(scout->options.tracefile, lost);
}

/* Looks once, and wakes the window if something changed. */
static void look_once(struct scout *scout)
{
	bool has_pictures = false;
	int64_t now = worker_now();
	bool is_open = inspect_all(scout, now, &has_pictures);
	struct step step;
	struct xray_facts facts = {
		.info = is_open ? &scout->info : NULL,
		.snapshot = &scout->snapshot,
		.owner = scout->owner,
		.programs = scout->programs,
		.calls = scout->calls,
		.now = now,
	};

	trace(scout, is_open, now);
	if (is_open) {
		find_owner(scout);
		facts.program_count = scout->program_count;
		facts.is_holder_stepping =
			scout->snapshot.mutex.value == 0 &&
			attached_has_thread(scout->snapshot.mutex.pid, STEPPER_THREAD_NAME);
	}
	if (stepper_look(scout->options.stepper, &step))
		facts.step = &step;
	facts.call_count = calls_newest(scout->options.calls, scout->calls, XRAY_CALLS);
	xray_model_make(&scout->fresh, &facts);
	worker_lock(&scout->worker);
	if (is_open)
		timeline_add(&scout->timeline, now, &scout->snapshot, scout->programs,
			scout->program_count);
	bool is_other = !xray_model_equal(&scout->fresh, &scout->model);
	if (is_other || has_pictures) {
		memcpy(&scout->model, &scout->fresh, sizeof(scout->model));
		scout->version++;
	}
	worker_unlock(&scout->worker);
	if (is_other || has_pictures)
		scout->options.wake(scout->options.wake_data);
}

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
		look_once(scout);
	trace(scout, false, worker_now() + 1000000000);
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
