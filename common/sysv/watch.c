/* watch.c - see watch.h. */
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fnv.h"
#include "base/grow.h"
#include "base/monotonic.h"
#include "sysv/semop_apply.h"

#define SECOND_NS    INT64_C(1000000000)
#define SEARCH_SHARE 100  /* searches through all processes take at most a 100th of the time */
#define TURN_MIN     1000 /* unchanged semaphores whose waiters are read in each look, at least */
#define REST_S       10   /* a set that has not been used for this long is at rest */
#define REST_TURNS   5    /* the waiters of a set at rest are read in one turn of this many */

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
	free(watch->positions);
	watch->sets = NULL;
	watch->positions = NULL;
	watch->set_count = 0;
	for (enum sysv_kind kind = SYSV_SETS; kind < SYSV_KINDS; kind++)
		sysv_objects_end(&watch->all[kind]);
	sysv_objects_end(&watch->segments);
	sysv_objects_end(&watch->queues);
	sysv_nameds_end(&watch->nameds);
	origin_qt_end(&watch->qt);
	sysv_users_end(&watch->users);
	sysv_values_end(&watch->buffer);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static bool fits(const struct watch_choice *choice, const struct sysv_object *object)
{
	if (choice->kind != object->kind)
		return false;
	switch (choice->by) {
	case WATCH_BY_KEY: return choice->number == object->key;
	case WATCH_BY_FILE: return origin_file_fits(&choice->file, object->key);
	default: return choice->number == object->id;
	}
}

const struct watch_choice *watch_find_choice(const struct watch *watch,
	const struct sysv_object *object)
{
	for (size_t i = 0; i < watch->choice_count; i++)
		if (fits(&watch->choices[i], object))
			return &watch->choices[i];
	return NULL;
}

static bool is_chosen(const struct watch *watch, const struct sysv_object *object)
{
	return watch->choice_count == 0 || watch_find_choice(watch, object) != NULL;
}

static int read_list(struct watch *watch, enum sysv_kind kind)
{
	watch->all[kind].count = 0;
	return sysv_objects_read(&watch->all[kind], kind);
}

/* Replaces the list with the chosen ones. Returns 0 or a negative errno. */
static int copy_chosen(const struct watch *watch, struct sysv_objects *list, enum sysv_kind kind)
{
	const struct sysv_objects *all = &watch->all[kind];

	list->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct sysv_object *objects;

		if (!is_chosen(watch, &all->objects[i]))
			continue;
		objects = grow_array(list->objects, list->count, sizeof(*objects));
		if (objects == NULL)
			return -ENOMEM;
		objects[list->count++] = all->objects[i];
		list->objects = objects;
	}
	return 0;
}

/* ---- sets ----------------------------------------------------------------------------------- */

static int by_id(const void *one, const void *other)
{
	const struct watch_position *a = one, *b = other;

	return (a->id > b->id) - (a->id < b->id);
}

static struct watch_set *find_set(const struct watch *watch, int id)
{
	const struct watch_position wanted = {.id = id}, *found = NULL;

	if (watch->positions != NULL)
		found = bsearch(&wanted, watch->positions, watch->set_count, sizeof(wanted), by_id);
	return found != NULL ? &watch->sets[found->position] : NULL;
}

const struct watch_set *watch_find_set(const struct watch *watch, int id)
{
	return find_set(watch, id);
}

bool watch_has_sleeper(const struct watch *watch, const struct sysv_sleeper *sleeper)
{
	if (watch->choice_count == 0)
		return true;
	if (!sleeper->is_known)
		return false;
	if (sleeper->sleep == SYSV_IN_SEMOP)
		return find_set(watch, sleeper->id) != NULL;
	for (size_t i = 0; i < watch->queues.count; i++)
		if (watch->queues.objects[i].id == sleeper->id)
			return true;
	return false;
}

/* The set as it was seen before, with its semaphores. Usually both lists are the same. */
static struct watch_set *find_former(const struct watch *watch, size_t position, int id)
{
	if (position < watch->set_count && watch->sets[position].object.id == id)
		return &watch->sets[position];
	return find_set(watch, id);
}

static void forget_semaphores(struct watch_set *set)
{
	free(set->semaphores);
	set->semaphores = NULL;
	set->count = 0;
}

static bool make_semaphores(struct watch_set *set, uint32_t count)
{
	if (set->semaphores != NULL && set->count == count)
		return true;
	forget_semaphores(set);
	set->semaphores = calloc(count > 0 ? count : 1, sizeof(*set->semaphores));
	set->count = set->semaphores != NULL ? count : 0;
	set->is_read = false;
	return set->semaphores != NULL;
}

/*
 * The number of semaphores whose waiters are read in this look, so that all are read within a
 * second.
 */
static uint64_t turn_length(const struct watch *watch, uint64_t semaphores, int64_t now)
{
	int64_t passed = now - watch->look_ns;
	uint64_t share = passed < SECOND_NS ? semaphores * (uint64_t)(passed / 1000000) / 1000 + 1
					    : semaphores;

	return share > TURN_MIN ? share : TURN_MIN;
}

/* The semaphores whose turn it is, counted over all sets. */
struct turn {
	uint64_t at, first, length;
	bool is_short; /* one look reads all of them */
};

/* True if the last operation on the set was more than `seconds` seconds ago. */
static bool has_been_quiet(const struct sysv_object *set, int64_t seconds)
{
	int64_t now = time(NULL);

	return now - set->used > seconds && now - set->changed > seconds;
}

static void forget_last(struct watch_set *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		set->semaphores[i].has_last = false;
}

static bool is_awaited(const struct sysv_waiters *waiters)
{
	return waiters->for_more > 0 || waiters->for_zero > 0;
}

/* *has_changed: true if the semaphore has changed. false: the set has been removed. */
static bool read_semaphore(const struct watch_set *set, uint32_t number, uint16_t value,
	bool is_due, bool is_quiet, bool *has_changed)
{
	struct watch_semaphore *semaphore = &set->semaphores[number];
	struct sysv_waiters former = semaphore->waiters;

	*has_changed = !set->is_read || semaphore->value != value;
	semaphore->value = value;
	if (!is_due && !*has_changed && !is_awaited(&former))
		return true;
	if (sysv_waiters_count(set->object.id, number, &semaphore->waiters) != 0)
		return false;
	if ((!semaphore->has_last || *has_changed) &&
		sysv_waiters_last(set->object.id, number, &semaphore->waiters) != 0)
		return false;
	semaphore->has_last = is_quiet;
	*has_changed |= former.for_more != semaphore->waiters.for_more ||
			former.for_zero != semaphore->waiters.for_zero ||
			former.last != semaphore->waiters.last;
	return true;
}

static void read_set(struct watch *watch, struct watch_set *set, struct turn *turn)
{
	int count = sysv_values_read(&watch->buffer, set->object.id);
	bool is_left_out = !turn->is_short && has_been_quiet(&set->object, REST_S) &&
			   ((uint64_t)(set - watch->sets) + watch->turns) % REST_TURNS != 0;
	/*
	 * GETPID returns the same until the set's times, which have a resolution of a second,
	 * change.
	 */
	bool is_quiet = has_been_quiet(&set->object, 1), has_changed;

	set->error = count < 0 ? count : 0;
	if (count >= 0 && !make_semaphores(set, (uint32_t)count))
		set->error = -ENOMEM;
	if (set->error != 0) {
		forget_semaphores(set);
		set->changed = watch->looks;
		return;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		bool is_due = turn->at++ - turn->first < turn->length && !is_left_out;

		if (!read_semaphore(set, i, watch->buffer.values[i], is_due, is_quiet,
			    &has_changed))
			return;
		if (has_changed)
			set->changed = watch->looks;
	}
	set->is_read = true;
}

/* True if a property of an object that is shown has changed. */
static bool has_new_head(const struct sysv_object *former, const struct sysv_object *now)
{
	return former->key != now->key || former->mode != now->mode ||
	       former->owner != now->owner || former->size != now->size;
}

static int sort_positions(struct watch *watch)
{
	struct watch_position *positions =
		reallocarray(watch->positions, watch->set_count + 1, sizeof(*positions));

	if (positions == NULL)
		return -ENOMEM;
	watch->positions = positions;
	for (size_t i = 0; i < watch->set_count; i++)
		positions[i] = (struct watch_position){watch->sets[i].object.id, (uint32_t)i};
	qsort(positions, watch->set_count, sizeof(*positions), by_id);
	return 0;
}

/*
 * Makes watch->sets the sets of the list, and keeps the former data of those that were there
 * before. Returns 0 or -ENOMEM.
 */
static int renew_sets(struct watch *watch, const struct sysv_objects *list)
{
	struct watch_set *sets = calloc(list->count + 1, sizeof(*sets));
	bool is_same = watch->positions != NULL && list->count == watch->set_count;

	if (sets == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < list->count; i++) {
		struct watch_set *former = find_former(watch, i, list->objects[i].id);

		is_same = is_same && former == &watch->sets[i];
		if (former != NULL) {
			sets[i] = *former;
			former->semaphores = NULL;
			former->count = 0;
		}
		if (former == NULL || has_new_head(&sets[i].object, &list->objects[i]))
			sets[i].changed = watch->looks;
		if (sets[i].object.used != list->objects[i].used ||
			sets[i].object.changed != list->objects[i].changed)
			forget_last(&sets[i]);
		sets[i].object = list->objects[i];
	}
	free_sets(watch->sets, watch->set_count);
	watch->sets = sets;
	watch->set_count = list->count;
	if (is_same || sort_positions(watch) == 0)
		return 0;
	watch->set_count = 0;
	return -ENOMEM;
}

static int read_sets(struct watch *watch, int64_t now)
{
	struct sysv_objects list = {0};
	struct turn turn = {.first = watch->turn};
	uint64_t semaphores = 0;
	int error = copy_chosen(watch, &list, SYSV_SETS);

	if (error == 0)
		error = renew_sets(watch, &list);
	sysv_objects_end(&list);
	for (size_t i = 0; i < watch->set_count; i++)
		semaphores += watch->sets[i].object.size;
	turn.length = turn_length(watch, semaphores, now);
	turn.is_short = semaphores <= turn.length;
	for (size_t i = 0; i < watch->set_count; i++)
		read_set(watch, &watch->sets[i], &turn);
	watch->turn = turn.first + turn.length < turn.at ? turn.first + turn.length : 0;
	watch->turns += watch->turn == 0;
	return error;
}

/* ---- users ---------------------------------------------------------------------------------- */

static uint64_t sum_of_segments(const struct watch *watch)
{
	uint64_t sum = watch->nameds.count;

	for (size_t i = 0; i < watch->segments.count; i++) {
		const struct sysv_object *segment = &watch->segments.objects[i];

		sum = fnv_mix(fnv_mix(fnv_mix(sum, (uint64_t)segment->id), segment->count),
			(uint64_t)segment->last);
	}
	return sum;
}

/* True if this look has found a change in a set. */
static bool have_sets_changed(const struct watch *watch)
{
	for (size_t i = 0; i < watch->set_count; i++)
		if (watch->sets[i].changed == watch->looks)
			return true;
	return false;
}

/* True if another search through all processes would not take too much time. */
static bool may_search(const struct watch_search *search, int64_t now)
{
	return search->began_ns == 0 || now - search->began_ns >= search->took_ns * SEARCH_SHARE;
}

static void read_mappings(struct watch *watch, int64_t now)
{
	struct watch_search *search = &watch->mappings;
	uint64_t sum = sum_of_segments(watch);

	if ((sum == watch->segments_sum && search->began_ns != 0) || !may_search(search, now))
		return;
	search->began_ns = now;
	now = monotonic_ns();
	watch->users.mapping_count = 0;
	if (watch->segments.count + watch->nameds.count > 0)
		sysv_users_find_mappings(&watch->users, &watch->nameds);
	search->took_ns = monotonic_ns() - now;
	watch->segments_sum = sum;
}

/* True if more processes wait for the semaphores than were found asleep. */
static bool are_some_missing(const struct watch *watch)
{
	int64_t missing = 0;

	for (size_t i = 0; i < watch->set_count; i++)
		for (uint32_t j = 0; j < watch->sets[i].count; j++)
			missing += watch->sets[i].semaphores[j].waiters.for_more +
				   watch->sets[i].semaphores[j].waiters.for_zero;
	for (size_t i = 0; i < watch->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &watch->users.sleepers[i];

		missing -= sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP &&
			   watch_find_set(watch, sleeper->id) != NULL;
	}
	return missing > 0;
}

static bool is_same_sleep(const struct sysv_sleeper *a, const struct sysv_sleeper *b)
{
	return a->tid == b->tid && a->sleep == b->sleep && a->id == b->id;
}

/*
 * Takes the times since which the sleepers sleep from the `count` former ones. Both lists have the
 * same order.
 */
static void keep_since(struct sysv_users *users, const struct sysv_sleeper *former, size_t count)
{
	size_t from = 0;

	for (size_t i = 0; i < users->sleeper_count; i++)
		for (size_t j = 0; j < count; j++) {
			const struct sysv_sleeper *other = &former[(from + j) % count];

			if (!is_same_sleep(&users->sleepers[i], other))
				continue;
			users->sleepers[i].since_ns = other->since_ns;
			from = (from + j + 1) % count;
			break;
		}
}

/* True if the sleeper certainly still sleeps, because its set has not changed in this look. */
static bool is_undisturbed(const void *data, const struct sysv_sleeper *sleeper)
{
	const struct watch *watch = data;
	const struct watch_set *set = NULL;

	if (sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP)
		set = watch_find_set(watch, sleeper->id);
	return set != NULL && set->changed != watch->looks;
}

/*
 * Reads the waiters of the semaphores on which a process was found asleep, even if it is not their
 * turn.
 */
static void read_awaited(struct watch *watch)
{
	for (size_t i = 0; i < watch->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &watch->users.sleepers[i];
		struct watch_set *set = NULL;

		if (sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP)
			set = find_set(watch, sleeper->id);
		for (uint32_t j = 0; set != NULL && j < sleeper->count; j++) {
			uint16_t number = sleeper->operations[j].sem_num;
			struct sysv_waiters *waiters =
				number < set->count ? &set->semaphores[number].waiters : NULL;

			if (waiters != NULL && !is_awaited(waiters) &&
				sysv_waiters_count(set->object.id, number, waiters) == 0 &&
				is_awaited(waiters))
				set->changed = watch->looks;
		}
	}
}

/* Finds the sleepers among all processes, or among the known ones. */
static void find_sleepers(struct watch *watch, bool is_search)
{
	struct sysv_users *users = &watch->users;
	size_t count = users->sleeper_count;
	struct sysv_sleeper *former = calloc(count + 1, sizeof(*former));

	if (former != NULL && count > 0)
		memcpy(former, users->sleepers, count * sizeof(*former));
	if (is_search)
		sysv_users_find_sleepers(users);
	else
		sysv_users_find_sleepers_again(users, is_undisturbed, watch);
	if (former != NULL)
		keep_since(users, former, count);
	free(former);
}

static void read_sleepers(struct watch *watch, int64_t now)
{
	struct watch_search *search = &watch->sleepers;
	bool is_due = search->began_ns == 0 || now - search->began_ns >= SECOND_NS;

	if (!is_due && have_sets_changed(watch)) {
		find_sleepers(watch, false);
		is_due = are_some_missing(watch);
	}
	if (!is_due || !may_search(search, now))
		return;
	search->began_ns = now;
	now = monotonic_ns();
	find_sleepers(watch, true);
	read_awaited(watch);
	search->took_ns = monotonic_ns() - now;
}

int watch_look(struct watch *watch)
{
	int64_t now = monotonic_ns();
	int error = read_list(watch, SYSV_SETS);

	watch->looks++;
	if (error == 0)
		error = read_list(watch, SYSV_SEGMENTS);
	if (error == 0)
		error = read_list(watch, SYSV_QUEUES);
	if (error == 0)
		error = read_sets(watch, now);
	if (error == 0)
		error = copy_chosen(watch, &watch->segments, SYSV_SEGMENTS);
	if (error == 0)
		error = copy_chosen(watch, &watch->queues, SYSV_QUEUES);
	origin_qt_look(&watch->qt);
	watch->nameds.count = 0;
	if (watch->choice_count == 0)
		sysv_nameds_read(&watch->nameds); /* -ENOENT: this system has none */
	if (error == 0)
		read_mappings(watch, now);
	if (error == 0)
		read_sleepers(watch, now);
	watch->look_ns = now;
	if (error == 0 && watch->users.is_incomplete)
		error = -ENOMEM;
	watch->users.is_incomplete = false;
	return error;
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
	sleeps = sysv_semop_apply(values, set->count, sleeper->operations, sleeper->count, &at) ==
		 SYSV_SLEEPS;
	free(values);
	return sleeps ? (int)at : -1;
}
