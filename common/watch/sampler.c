/*
 * sampler.c - see sampler.h: one look at the channel, the thread that repeats it, and the window's
 * side.
 */
#include "sampler.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "monotonic.h"
#include "presence.h"
#include "text.h"
#include "worker.h"

#define LOOK_NS     INT64_C(50000000)
#define TRACE_NS    INT64_C(20000000)
#define PROGRAMS_NS INT64_C(3000000000) /* how long the list of attached programs is kept */

enum {
	THUMBNAILS_EACH = 4, /* thumbnails made per look, at most */
	TRACED_EACH = 64
};

struct kept_thumbnail {
	uint64_t sequence; /* of the image; 0: none */
	int64_t published_ns;
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_thumbnail thumbnail;
};

struct sampler {
	struct sampler_options options;
	struct worker worker; /* its lock protects the fields up to `thumbnails` */
	bool wanted, look_now, ending;
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_model model;
	struct timeline timeline;
	struct kept_thumbnail thumbnails[VITRINE_SLOTS_MAX];

	/* used only by the thread */
	uint32_t box[2]; /* width and height, at the time of this look */
	bool has_info;
	struct vitrine_info info;
	struct vitrine_snapshot snapshot;
	struct attached_program programs[ATTACHED_MAX];
	size_t program_count;
	int32_t members[5]; /* ids and counts at the time when the programs were searched */
	int64_t programs_at;
	uint32_t sleeps;        /* number found at the last look */
	int64_t snapshot_ns[2]; /* the snapshot was taken between these times */
	uint32_t owner_uid;
	char owner[32];
	struct semop_call calls[XRAY_CALLS];
	struct xray_model fresh;
	uint64_t traced, lost;
};

/* ---- thumbnails ---------------------------------------------------------------------------- */

static void keep(struct sampler *sampler, struct kept_thumbnail *kept,
	const struct vitrine_image *image, const struct xray_thumbnail *made)
{
	uint32_t *old;

	worker_lock(&sampler->worker);
	old = kept->thumbnail.pixels;
	kept->thumbnail = *made;
	kept->sequence = image != NULL ? image->sequence : 0;
	kept->published_ns = image != NULL ? image->published_ns : 0;
	kept->box_width = sampler->box[0];
	kept->box_height = sampler->box[1];
	kept->version++;
	worker_unlock(&sampler->worker);
	free(old);
}

static bool is_kept(const struct sampler *sampler, const struct kept_thumbnail *kept,
	const struct vitrine_image *image)
{
	return kept->sequence == image->sequence && kept->published_ns == image->published_ns &&
	       kept->box_width == sampler->box[0] && kept->box_height == sampler->box[1];
}

/*
 * Makes the thumbnails that are missing, once per sequence number; discards those whose image
 * changed during the look.
 */
static bool make_thumbnails(struct sampler *sampler, const struct vitrine_channel *channel)
{
	int made = 0;

	for (uint32_t i = 0; i < sampler->snapshot.slot_count; i++) {
		const struct vitrine_slot_info *slot = &sampler->snapshot.slots[i];
		struct kept_thumbnail *kept = &sampler->thumbnails[i];
		struct xray_thumbnail thumbnail = {0};

		if (!slot->has_image) {
			if (kept->sequence != 0) {
				keep(sampler, kept, NULL, &thumbnail);
				made++;
			}
			continue;
		}
		if (is_kept(sampler, kept, &slot->image) || made >= THUMBNAILS_EACH)
			continue;
		xray_thumbnail_make(&thumbnail, &slot->image, sampler->box[0], sampler->box[1]);
		if (vitrine_unchanged(channel, &slot->image)) {
			keep(sampler, kept, &slot->image, &thumbnail);
			made++;
		} else {
			free(thumbnail.pixels);
		}
	}
	return made > 0;
}

/* ---- a look -------------------------------------------------------------------------------- */

static void find_owner(struct sampler *sampler)
{
	struct passwd entry, *found = NULL;
	char memory[2048];

	if (sampler->owner[0] != '\0' && sampler->owner_uid == sampler->snapshot.owner_uid)
		return;
	sampler->owner_uid = sampler->snapshot.owner_uid;
	snprintf(sampler->owner, sizeof(sampler->owner), "%u", sampler->owner_uid);
	if (getpwuid_r(sampler->owner_uid, &entry, memory, sizeof(memory), &found) == 0 &&
		found != NULL)
		text_printable(sampler->owner, sizeof(sampler->owner), entry.pw_name);
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

/* Counts the sleeps in the set, and those whose process is known. */
static uint32_t count_sleeps(const struct sampler *sampler)
{
	uint32_t count = has_sleepers(&sampler->snapshot) ? 1 : 0;

	for (size_t i = 0; i < sampler->program_count; i++)
		count += sampler->programs[i].sleeps_on >= 0;
	return count;
}

/* A mirror can be recognised only while it sleeps, so keeps what earlier looks found. */
static void find_again(struct sampler *sampler)
{
	struct attached_program before[ATTACHED_MAX];
	size_t count = sampler->program_count;

	memcpy(before, sampler->programs, sizeof(before));
	sampler->program_count =
		attached_find(sampler->info.shmid, sampler->programs, ATTACHED_MAX);
	for (size_t i = 0; i < sampler->program_count; i++)
		for (size_t j = 0; j < count; j++)
			if (before[j].pid == sampler->programs[i].pid)
				sampler->programs[i].is_mirror = before[j].is_mirror;
}

/* Searching all of /proc takes milliseconds, so does it only when a program has joined or left. */
static void find_programs(struct sampler *sampler, int64_t now)
{
	const struct vitrine_snapshot *snapshot = &sampler->snapshot;
	const int32_t members[5] = {sampler->info.shmid, (int32_t)snapshot->attached,
		snapshot->producers.value, snapshot->consumers.value, snapshot->mirrors.value};

	if (memcmp(members, sampler->members, sizeof(members)) != 0 ||
		now - sampler->programs_at > PROGRAMS_NS) {
		memcpy(sampler->members, members, sizeof(members));
		sampler->programs_at = now;
		find_again(sampler);
	}
	for (size_t i = 0; i < sampler->program_count; i++)
		sampler->programs[i].sleeps_on = -1;
	if (has_sleepers(snapshot))
		attached_look(sampler->programs, sampler->program_count, sampler->info.semid,
			snapshot);
}

/* Reads the channel's state. False: there is no channel. *has_pictures: a thumbnail has changed. */
static bool inspect(struct sampler *sampler, bool *has_pictures)
{
	const struct vitrine_channel *channel = link_pin(sampler->options.link);
	bool is_open;

	if (channel == NULL)
		return false;
	sampler->snapshot_ns[0] = monotonic_ns();
	is_open = vitrine_inspect(channel, &sampler->snapshot) == VITRINE_OK;
	sampler->snapshot_ns[1] = monotonic_ns();
	if (is_open) {
		sampler->info = *vitrine_info(channel);
		sampler->has_info = true;
		*has_pictures |= sampler->box[0] > 0 && make_thumbnails(sampler, channel);
	}
	link_unpin(sampler->options.link);
	return is_open;
}

/*
 * A program that sleeps wakes several times a second to check whether it must end, and seems awake
 * at that moment. So looks again if a program seems to have woken.
 */
static bool inspect_all(struct sampler *sampler, int64_t now, bool *has_pictures)
{
	const struct timespec breath = {0, 2000000};
	uint32_t before = sampler->sleeps;
	bool is_open = inspect(sampler, has_pictures);

	if (is_open)
		find_programs(sampler, now);
	if (is_open && count_sleeps(sampler) < before) {
		nanosleep(&breath, NULL);
		is_open = inspect(sampler, has_pictures);
		if (is_open)
			find_programs(sampler, now);
	}
	sampler->sleeps = is_open ? count_sleeps(sampler) : 0;
	return is_open;
}

/* Writes the state, and the calls up to `now`, into the trace file, if there is one. */
static void trace(struct sampler *sampler, bool is_open, int64_t now)
{
	struct semop_call calls[TRACED_EACH];
	uint64_t lost = 0;
	size_t count;

	if (sampler->options.tracefile == NULL)
		return;
	if (is_open)
		tracefile_state(sampler->options.tracefile, &sampler->info, &sampler->snapshot,
			sampler->snapshot_ns[0], sampler->snapshot_ns[1]);
	while ((count = semop_calls_since(sampler->options.calls, now, &sampler->traced, calls,
			TRACED_EACH, &lost)) > 0)
		for (size_t i = 0; i < count; i++)
			tracefile_call(sampler->options.tracefile,
				sampler->has_info ? &sampler->info : NULL,
				is_open ? &sampler->snapshot : NULL, &calls[i]);
	if (lost > 0)
		tracefile_lost(sampler->options.tracefile, lost);
}

/* Looks once, and wakes the window if something changed. */
static void look_once(struct sampler *sampler)
{
	bool has_pictures = false;
	int64_t now = monotonic_ns();
	bool is_open = inspect_all(sampler, now, &has_pictures);
	struct stepper_stop step;
	struct semop_call_undo undo[XRAY_UNDO];
	struct xray_facts facts = {
		.info = is_open ? &sampler->info : NULL,
		.snapshot = &sampler->snapshot,
		.owner = sampler->owner,
		.programs = sampler->programs,
		.calls = sampler->calls,
		.undo = undo,
		.now = now,
	};

	trace(sampler, is_open, now);
	if (is_open) {
		find_owner(sampler);
		facts.program_count = sampler->program_count;
		facts.is_holder_stepping =
			sampler->snapshot.mutex.value == 0 &&
			attached_has_thread(sampler->snapshot.mutex.pid, STEPPER_THREAD_NAME);
	}
	if (stepper_look(sampler->options.stepper, &step))
		facts.step = &step;
	facts.undo_count = semop_calls_undo(sampler->options.calls, undo, XRAY_UNDO);
	facts.call_count = semop_calls_newest(sampler->options.calls, sampler->calls, XRAY_CALLS);
	xray_model_make(&sampler->fresh, &facts);
	worker_lock(&sampler->worker);
	if (is_open)
		timeline_add(&sampler->timeline, now, &sampler->snapshot, sampler->programs,
			sampler->program_count);
	bool is_other = !xray_model_equal(&sampler->fresh, &sampler->model);
	if (is_other || has_pictures) {
		memcpy(&sampler->model, &sampler->fresh, sizeof(sampler->model));
		sampler->version++;
	}
	worker_unlock(&sampler->worker);
	if (is_other || has_pictures)
		sampler->options.wake(sampler->options.wake_data);
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* Sleeps until it is time for the next look. False: the thread must end. */
static bool wait_for_next(struct sampler *sampler)
{
	bool is_tracing = sampler->options.tracefile != NULL;
	int64_t next = monotonic_ns() + (is_tracing ? TRACE_NS : LOOK_NS);
	bool is_early = true;

	worker_lock(&sampler->worker);
	while (is_early && !sampler->ending && !sampler->look_now) {
		if (sampler->wanted || is_tracing)
			is_early = worker_wait_until(&sampler->worker, next);
		else
			worker_wait(&sampler->worker);
	}
	sampler->look_now = false;
	sampler->box[0] = sampler->box_width;
	sampler->box[1] = sampler->box_height;
	bool goes_on = !sampler->ending;
	worker_unlock(&sampler->worker);
	return goes_on;
}

static void *work(void *argument)
{
	struct sampler *sampler = argument;

	while (wait_for_next(sampler))
		look_once(sampler);
	trace(sampler, false, monotonic_ns() + 1000000000);
	return NULL;
}

struct sampler *sampler_create(const struct sampler_options *options)
{
	struct sampler *sampler = calloc(1, sizeof(*sampler));

	if (sampler == NULL)
		return NULL;
	sampler->options = *options;
	if (worker_start(&sampler->worker, work, sampler))
		return sampler;
	free(sampler);
	return NULL;
}

void sampler_destroy(struct sampler *sampler)
{
	if (sampler == NULL)
		return;
	worker_lock(&sampler->worker);
	sampler->ending = true;
	worker_tell(&sampler->worker);
	worker_unlock(&sampler->worker);
	worker_end(&sampler->worker);
	for (size_t i = 0; i < VITRINE_SLOTS_MAX; i++)
		free(sampler->thumbnails[i].thumbnail.pixels);
	free(sampler);
}

/* ---- the window's side --------------------------------------------------------------------- */

void sampler_want(struct sampler *sampler, bool wanted, uint32_t box_width, uint32_t box_height)
{
	worker_lock(&sampler->worker);
	if (sampler->wanted != wanted || sampler->box_width != box_width ||
		sampler->box_height != box_height) {
		sampler->wanted = wanted;
		sampler->box_width = box_width;
		sampler->box_height = box_height;
		sampler->look_now = wanted;
		worker_tell(&sampler->worker);
	}
	worker_unlock(&sampler->worker);
}

void sampler_look_now(struct sampler *sampler)
{
	worker_lock(&sampler->worker);
	sampler->look_now = true;
	worker_tell(&sampler->worker);
	worker_unlock(&sampler->worker);
}

bool sampler_look(struct sampler *sampler, uint64_t *version, struct xray_model *model)
{
	bool is_newer;

	worker_lock(&sampler->worker);
	is_newer = sampler->version != *version;
	if (is_newer)
		*model = sampler->model;
	*version = sampler->version;
	worker_unlock(&sampler->worker);
	return is_newer;
}

bool sampler_thumbnail(struct sampler *sampler, uint32_t slot, uint64_t *version,
	struct xray_thumbnail *thumbnail)
{
	const struct kept_thumbnail *kept = &sampler->thumbnails[slot];
	bool is_newer;

	worker_lock(&sampler->worker);
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
	worker_unlock(&sampler->worker);
	return is_newer;
}

void sampler_timeline(struct sampler *sampler, struct timeline *timeline)
{
	worker_lock(&sampler->worker);
	*timeline = sampler->timeline;
	worker_unlock(&sampler->worker);
}
