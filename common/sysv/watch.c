/* watch.c - see watch.h. */
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/monotonic.h"
#include "sysv/array.h"

#define SECOND_NS INT64_C(1000000000)

int watch_begin(struct watch *watch)
{
	return sysv_values_begin(&watch->buffer);
}

static void free_sets(struct watch_set *sets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(sets[i].semaphores);
	free(sets);
}

void watch_end(struct watch *watch)
{
	free_sets(watch->sets, watch->set_count);
	watch->sets = NULL;
	watch->set_count = 0;
	sysv_objects_end(&watch->segments);
	sysv_objects_end(&watch->queues);
	sysv_nameds_end(&watch->nameds);
	sysv_users_end(&watch->users);
	sysv_values_end(&watch->buffer);
}

static bool is_chosen(const struct watch *watch, const struct sysv_object *object)
{
	for (size_t i = 0; i < watch->choice_count; i++) {
		const struct watch_choice *choice = &watch->choices[i];

		if (choice->kind == object->kind &&
			choice->number == (choice->is_key ? object->key : object->id))
			return true;
	}
	return watch->choice_count == 0;
}

static int read_chosen(const struct watch *watch, struct sysv_objects *list, enum sysv_kind kind)
{
	size_t kept = 0;
	int error;

	list->count = 0;
	error = sysv_objects_read(list, kind);
	for (size_t i = 0; i < list->count; i++)
		if (is_chosen(watch, &list->objects[i]))
			list->objects[kept++] = list->objects[i];
	list->count = kept;
	return error;
}

/* ---- sets ----------------------------------------------------------------------------------- */

/*
 * The set as it was seen before, with its semaphores and times; NULL: it is new. Both lists have
 * the same order, so the search starts where the last one ended.
 */
static struct watch_set *take_former(struct watch_set *sets, size_t count, int id, size_t *from)
{
	for (size_t i = 0; i < count; i++) {
		struct watch_set *set = &sets[(*from + i) % count];

		if (set->object.id != id)
			continue;
		*from = (*from + i + 1) % count;
		return set;
	}
	return NULL;
}

static bool make_semaphores(struct watch_set *set, uint32_t count)
{
	if (set->semaphores != NULL && set->count == count)
		return true;
	free(set->semaphores);
	set->semaphores = calloc(count > 0 ? count : 1, sizeof(*set->semaphores));
	set->count = set->semaphores != NULL ? count : 0;
	set->waiters_ns = 0;
	return set->semaphores != NULL;
}

static void read_waiters(struct watch_set *set, int64_t now)
{
	bool is_due = now - set->moved_ns < SECOND_NS || now - set->waiters_ns >= SECOND_NS;

	for (uint32_t i = 0; is_due && i < set->count; i++) {
		struct sysv_waiters *waiters = &set->semaphores[i].waiters;

		if (sysv_waiters_read(set->object.id, i, waiters) != 0)
			return; /* it was removed meanwhile */
		if (waiters->for_more > 0 || waiters->for_zero > 0)
			set->moved_ns = now;
	}
	if (is_due)
		set->waiters_ns = now;
}

static void read_set(struct watch *watch, struct watch_set *set, int64_t now)
{
	int count = sysv_values_read(&watch->buffer, set->object.id);

	set->error = count < 0 ? count : 0;
	if (count < 0)
		return;
	if (!make_semaphores(set, (uint32_t)count)) {
		set->error = -ENOMEM;
		return;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		if (set->semaphores[i].value != watch->buffer.values[i])
			set->moved_ns = now;
		set->semaphores[i].value = watch->buffer.values[i];
	}
	read_waiters(set, now);
}

static int read_sets(struct watch *watch, int64_t now)
{
	struct sysv_objects list = {0};
	int error = read_chosen(watch, &list, SYSV_SETS);
	struct watch_set *sets = calloc(list.count + 1, sizeof(*sets));
	size_t from = 0;

	if (sets == NULL)
		error = -ENOMEM;
	for (size_t i = 0; sets != NULL && i < list.count; i++) {
		struct watch_set *former =
			take_former(watch->sets, watch->set_count, list.objects[i].id, &from);

		if (former != NULL) {
			sets[i] = *former;
			former->semaphores = NULL;
		}
		sets[i].object = list.objects[i];
		read_set(watch, &sets[i], now);
	}
	free_sets(watch->sets, watch->set_count);
	watch->sets = sets;
	watch->set_count = sets != NULL ? list.count : 0;
	sysv_objects_end(&list);
	return error;
}

/* ---- users ---------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t sum, uint64_t value)
{
	return (sum ^ value) * UINT64_C(0x100000001b3); /* FNV-1a */
}

static uint64_t sum_of_segments(const struct watch *watch)
{
	uint64_t sum = watch->nameds.count;

	for (size_t i = 0; i < watch->segments.count; i++) {
		const struct sysv_object *segment = &watch->segments.objects[i];

		sum = mix(mix(mix(sum, (uint64_t)segment->id), segment->count),
			(uint64_t)segment->last);
	}
	return sum;
}

static uint64_t sum_of_waiters(const struct watch *watch)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < watch->set_count; i++)
		for (uint32_t j = 0; j < watch->sets[i].count; j++) {
			const struct sysv_waiters *waiters = &watch->sets[i].semaphores[j].waiters;

			sum += (uint64_t)(waiters->for_more + waiters->for_zero) * (i + 1) *
			       (j + 1);
		}
	return sum;
}

static void read_users(struct watch *watch, int64_t now)
{
	uint64_t segments = sum_of_segments(watch), waiters = sum_of_waiters(watch);

	if (segments != watch->segments_sum || watch->users_ns == 0)
		sysv_users_find_mappings(&watch->users, &watch->nameds);
	if (waiters != watch->waiters_sum || now - watch->users_ns >= SECOND_NS ||
		watch->users_ns == 0) {
		sysv_users_find_sleepers(&watch->users);
		watch->users_ns = now;
	}
	watch->segments_sum = segments;
	watch->waiters_sum = waiters;
}

int watch_look(struct watch *watch)
{
	int64_t now = monotonic_ns();
	int error = read_sets(watch, now);

	if (error == 0)
		error = read_chosen(watch, &watch->segments, SYSV_SEGMENTS);
	if (error == 0)
		error = read_chosen(watch, &watch->queues, SYSV_QUEUES);
	watch->nameds.count = 0;
	if (watch->choice_count == 0)
		sysv_nameds_read(&watch->nameds); /* -ENOENT: this system has none */
	if (error == 0)
		read_users(watch, now);
	if (error == 0 && watch->users.is_incomplete)
		error = -ENOMEM;
	watch->users.is_incomplete = false;
	return error;
}

const struct watch_set *watch_find_set(const struct watch *watch, int id)
{
	for (size_t i = 0; i < watch->set_count; i++)
		if (watch->sets[i].object.id == id)
			return &watch->sets[i];
	return NULL;
}

int watch_blocked_at(const struct watch *watch, const struct sysv_sleeper *sleeper)
{
	const struct watch_set *set = watch_find_set(watch, sleeper->id);
	uint16_t *values;
	size_t at = 0;
	bool sleeps;

	if (set == NULL || set->error != 0 || sleeper->count == 0)
		return -1;
	values = calloc(set->count + 1, sizeof(*values));
	if (values == NULL)
		return -1;
	for (uint32_t i = 0; i < set->count; i++)
		values[i] = set->semaphores[i].value;
	sleeps = sysv_array_apply(values, set->count, sleeper->operations, sleeper->count, &at) ==
		 SYSV_SLEEPS;
	free(values);
	return sleeps ? (int)at : -1;
}
