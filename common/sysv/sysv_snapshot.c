/* sysv_snapshot.c - see sysv_snapshot.h. */
#include "sysv_snapshot.h"

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

int snapshot_begin(struct sysv_snapshot *snapshot)
{
	return sysv_values_begin(&snapshot->buffer);
}

static void free_sets(struct snapshot_set *sets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(sets[i].semaphores);
	free(sets);
}

void snapshot_end(struct sysv_snapshot *snapshot)
{
	free_sets(snapshot->sets, snapshot->set_count);
	free(snapshot->positions);
	snapshot->sets = NULL;
	snapshot->positions = NULL;
	snapshot->set_count = 0;
	for (enum sysv_kind kind = SYSV_SETS; kind < SYSV_KINDS; kind++)
		sysv_objects_end(&snapshot->all[kind]);
	sysv_objects_end(&snapshot->segments);
	sysv_objects_end(&snapshot->queues);
	sysv_nameds_end(&snapshot->nameds);
	origin_qt_end(&snapshot->qt);
	sysv_processes_end(&snapshot->users);
	sysv_values_end(&snapshot->buffer);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static bool fits(const struct snapshot_choice *choice, const struct sysv_object *object)
{
	if (choice->kind != object->kind)
		return false;
	switch (choice->by) {
	case SNAPSHOT_BY_KEY: return choice->number == object->key;
	case SNAPSHOT_BY_FILE: return origin_file_fits(&choice->file, object->key);
	default: return choice->number == object->id;
	}
}

const struct snapshot_choice *snapshot_find_choice(const struct sysv_snapshot *snapshot,
	const struct sysv_object *object)
{
	for (size_t i = 0; i < snapshot->choice_count; i++)
		if (fits(&snapshot->choices[i], object))
			return &snapshot->choices[i];
	return NULL;
}

static bool is_chosen(const struct sysv_snapshot *snapshot, const struct sysv_object *object)
{
	return snapshot->choice_count == 0 || snapshot_find_choice(snapshot, object) != NULL;
}

static int read_list(struct sysv_snapshot *snapshot, enum sysv_kind kind)
{
	snapshot->all[kind].count = 0;
	return sysv_objects_read(&snapshot->all[kind], kind);
}

/* Replaces the list with the chosen ones. Returns 0 or a negative errno. */
static int copy_chosen(const struct sysv_snapshot *snapshot, struct sysv_objects *list,
	enum sysv_kind kind)
{
	const struct sysv_objects *all = &snapshot->all[kind];

	list->count = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct sysv_object *objects;

		if (!is_chosen(snapshot, &all->objects[i]))
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
	const struct snapshot_position *a = one, *b = other;

	return (a->id > b->id) - (a->id < b->id);
}

static struct snapshot_set *find_set(const struct sysv_snapshot *snapshot, int id)
{
	const struct snapshot_position wanted = {.id = id}, *found = NULL;

	if (snapshot->positions != NULL)
		found = bsearch(&wanted, snapshot->positions, snapshot->set_count, sizeof(wanted),
			by_id);
	return found != NULL ? &snapshot->sets[found->position] : NULL;
}

const struct snapshot_set *snapshot_find_set(const struct sysv_snapshot *snapshot, int id)
{
	return find_set(snapshot, id);
}

bool snapshot_has_sleeper(const struct sysv_snapshot *snapshot, const struct sysv_sleeper *sleeper)
{
	if (snapshot->choice_count == 0)
		return true;
	if (!sleeper->is_known)
		return false;
	if (sleeper->sleep == SYSV_IN_SEMOP)
		return find_set(snapshot, sleeper->id) != NULL;
	for (size_t i = 0; i < snapshot->queues.count; i++)
		if (snapshot->queues.objects[i].id == sleeper->id)
			return true;
	return false;
}

/* The set as it was seen before, with its semaphores. Usually both lists are the same. */
static struct snapshot_set *find_former(const struct sysv_snapshot *snapshot, size_t position,
	int id)
{
	if (position < snapshot->set_count && snapshot->sets[position].object.id == id)
		return &snapshot->sets[position];
	return find_set(snapshot, id);
}

static void forget_semaphores(struct snapshot_set *set)
{
	free(set->semaphores);
	set->semaphores = NULL;
	set->count = 0;
}

static bool make_semaphores(struct snapshot_set *set, uint32_t count)
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
static uint64_t turn_length(const struct sysv_snapshot *snapshot, uint64_t semaphores, int64_t now)
{
	int64_t passed = now - snapshot->look_ns;
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

static void forget_last(struct snapshot_set *set)
{
	for (uint32_t i = 0; i < set->count; i++)
		set->semaphores[i].has_last = false;
}

static bool is_awaited(const struct sysv_waiters *waiters)
{
	return waiters->for_more > 0 || waiters->for_zero > 0;
}

/* *has_changed: true if the semaphore has changed. false: the set has been removed. */
static bool read_semaphore(const struct snapshot_set *set, uint32_t number, uint16_t value,
	bool is_due, bool is_quiet, bool *has_changed)
{
	struct snapshot_semaphore *semaphore = &set->semaphores[number];
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

static void read_set(struct sysv_snapshot *snapshot, struct snapshot_set *set, struct turn *turn)
{
	int count = sysv_values_read(&snapshot->buffer, set->object.id);
	bool is_left_out = !turn->is_short && has_been_quiet(&set->object, REST_S) &&
			   ((uint64_t)(set - snapshot->sets) + snapshot->turns) % REST_TURNS != 0;
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
		set->changed = snapshot->looks;
		return;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		bool is_due = turn->at++ - turn->first < turn->length && !is_left_out;

		if (!read_semaphore(set, i, snapshot->buffer.values[i], is_due, is_quiet,
			    &has_changed))
			return;
		if (has_changed)
			set->changed = snapshot->looks;
	}
	set->is_read = true;
}

/* True if a property of an object that is shown has changed. */
static bool has_new_head(const struct sysv_object *former, const struct sysv_object *now)
{
	return former->key != now->key || former->mode != now->mode ||
	       former->owner != now->owner || former->size != now->size;
}

static int sort_positions(struct sysv_snapshot *snapshot)
{
	struct snapshot_position *positions =
		reallocarray(snapshot->positions, snapshot->set_count + 1, sizeof(*positions));

	if (positions == NULL)
		return -ENOMEM;
	snapshot->positions = positions;
	for (size_t i = 0; i < snapshot->set_count; i++)
		positions[i] = (struct snapshot_position){snapshot->sets[i].object.id, (uint32_t)i};
	qsort(positions, snapshot->set_count, sizeof(*positions), by_id);
	return 0;
}

/*
 * Makes snapshot->sets the sets of the list, and keeps the former data of those that were there
 * before. Returns 0 or -ENOMEM.
 */
static int renew_sets(struct sysv_snapshot *snapshot, const struct sysv_objects *list)
{
	struct snapshot_set *sets = calloc(list->count + 1, sizeof(*sets));
	bool is_same = snapshot->positions != NULL && list->count == snapshot->set_count;

	if (sets == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < list->count; i++) {
		struct snapshot_set *former = find_former(snapshot, i, list->objects[i].id);

		is_same = is_same && former == &snapshot->sets[i];
		if (former != NULL) {
			sets[i] = *former;
			former->semaphores = NULL;
			former->count = 0;
		}
		if (former == NULL || has_new_head(&sets[i].object, &list->objects[i]))
			sets[i].changed = snapshot->looks;
		if (sets[i].object.used != list->objects[i].used ||
			sets[i].object.changed != list->objects[i].changed)
			forget_last(&sets[i]);
		sets[i].object = list->objects[i];
	}
	free_sets(snapshot->sets, snapshot->set_count);
	snapshot->sets = sets;
	snapshot->set_count = list->count;
	if (is_same || sort_positions(snapshot) == 0)
		return 0;
	snapshot->set_count = 0;
	return -ENOMEM;
}

static int read_sets(struct sysv_snapshot *snapshot, int64_t now)
{
	struct sysv_objects list = {0};
	struct turn turn = {.first = snapshot->turn};
	uint64_t semaphores = 0;
	int error = copy_chosen(snapshot, &list, SYSV_SETS);

	if (error == 0)
		error = renew_sets(snapshot, &list);
	sysv_objects_end(&list);
	for (size_t i = 0; i < snapshot->set_count; i++)
		semaphores += snapshot->sets[i].object.size;
	turn.length = turn_length(snapshot, semaphores, now);
	turn.is_short = semaphores <= turn.length;
	for (size_t i = 0; i < snapshot->set_count; i++)
		read_set(snapshot, &snapshot->sets[i], &turn);
	snapshot->turn = turn.first + turn.length < turn.at ? turn.first + turn.length : 0;
	snapshot->turns += snapshot->turn == 0;
	return error;
}

/* ---- users ---------------------------------------------------------------------------------- */

static uint64_t sum_of_segments(const struct sysv_snapshot *snapshot)
{
	uint64_t sum = snapshot->nameds.count;

	for (size_t i = 0; i < snapshot->segments.count; i++) {
		const struct sysv_object *segment = &snapshot->segments.objects[i];

		sum = fnv_mix(fnv_mix(fnv_mix(sum, (uint64_t)segment->id), segment->count),
			(uint64_t)segment->last);
	}
	return sum;
}

/* True if this look has found a change in a set. */
static bool have_sets_changed(const struct sysv_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->set_count; i++)
		if (snapshot->sets[i].changed == snapshot->looks)
			return true;
	return false;
}

/* True if another search through all processes would not take too much time. */
static bool may_search(const struct snapshot_search *search, int64_t now)
{
	return search->began_ns == 0 || now - search->began_ns >= search->took_ns * SEARCH_SHARE;
}

static void read_mappings(struct sysv_snapshot *snapshot, int64_t now)
{
	struct snapshot_search *search = &snapshot->mappings;
	uint64_t sum = sum_of_segments(snapshot);

	if ((sum == snapshot->segments_sum && search->began_ns != 0) || !may_search(search, now))
		return;
	search->began_ns = now;
	now = monotonic_ns();
	snapshot->users.mapping_count = 0;
	if (snapshot->segments.count + snapshot->nameds.count > 0)
		sysv_processes_find_mappings(&snapshot->users, &snapshot->nameds);
	search->took_ns = monotonic_ns() - now;
	snapshot->segments_sum = sum;
}

/* True if more processes wait for the semaphores than were found asleep. */
static bool are_some_missing(const struct sysv_snapshot *snapshot)
{
	int64_t missing = 0;

	for (size_t i = 0; i < snapshot->set_count; i++)
		for (uint32_t j = 0; j < snapshot->sets[i].count; j++)
			missing += snapshot->sets[i].semaphores[j].waiters.for_more +
				   snapshot->sets[i].semaphores[j].waiters.for_zero;
	for (size_t i = 0; i < snapshot->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &snapshot->users.sleepers[i];

		missing -= sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP &&
			   snapshot_find_set(snapshot, sleeper->id) != NULL;
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
static void keep_since(struct sysv_processes *users, const struct sysv_sleeper *former,
	size_t count)
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
	const struct sysv_snapshot *snapshot = data;
	const struct snapshot_set *set = NULL;

	if (sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP)
		set = snapshot_find_set(snapshot, sleeper->id);
	return set != NULL && set->changed != snapshot->looks;
}

/*
 * Reads the waiters of the semaphores on which a process was found asleep, even if it is not their
 * turn.
 */
static void read_awaited(struct sysv_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &snapshot->users.sleepers[i];
		struct snapshot_set *set = NULL;

		if (sleeper->is_known && sleeper->sleep == SYSV_IN_SEMOP)
			set = find_set(snapshot, sleeper->id);
		for (uint32_t j = 0; set != NULL && j < sleeper->count; j++) {
			uint16_t number = sleeper->operations[j].sem_num;
			struct sysv_waiters *waiters =
				number < set->count ? &set->semaphores[number].waiters : NULL;

			if (waiters != NULL && !is_awaited(waiters) &&
				sysv_waiters_count(set->object.id, number, waiters) == 0 &&
				is_awaited(waiters))
				set->changed = snapshot->looks;
		}
	}
}

/* Finds the sleepers among all processes, or among the known ones. */
static void find_sleepers(struct sysv_snapshot *snapshot, bool is_search)
{
	struct sysv_processes *users = &snapshot->users;
	size_t count = users->sleeper_count;
	struct sysv_sleeper *former = calloc(count + 1, sizeof(*former));

	if (former != NULL && count > 0)
		memcpy(former, users->sleepers, count * sizeof(*former));
	if (is_search)
		sysv_processes_find_sleepers(users);
	else
		sysv_processes_find_sleepers_again(users, is_undisturbed, snapshot);
	if (former != NULL)
		keep_since(users, former, count);
	free(former);
}

static void read_sleepers(struct sysv_snapshot *snapshot, int64_t now)
{
	struct snapshot_search *search = &snapshot->sleepers;
	bool is_due = search->began_ns == 0 || now - search->began_ns >= SECOND_NS;

	if (!is_due && have_sets_changed(snapshot)) {
		find_sleepers(snapshot, false);
		is_due = are_some_missing(snapshot);
	}
	if (!is_due || !may_search(search, now))
		return;
	search->began_ns = now;
	now = monotonic_ns();
	find_sleepers(snapshot, true);
	read_awaited(snapshot);
	search->took_ns = monotonic_ns() - now;
}

int snapshot_update(struct sysv_snapshot *snapshot)
{
	int64_t now = monotonic_ns();
	int error = read_list(snapshot, SYSV_SETS);

	snapshot->looks++;
	if (error == 0)
		error = read_list(snapshot, SYSV_SEGMENTS);
	if (error == 0)
		error = read_list(snapshot, SYSV_QUEUES);
	if (error == 0)
		error = read_sets(snapshot, now);
	if (error == 0)
		error = copy_chosen(snapshot, &snapshot->segments, SYSV_SEGMENTS);
	if (error == 0)
		error = copy_chosen(snapshot, &snapshot->queues, SYSV_QUEUES);
	origin_qt_look(&snapshot->qt);
	snapshot->nameds.count = 0;
	if (snapshot->choice_count == 0)
		sysv_nameds_read(&snapshot->nameds); /* -ENOENT: this system has none */
	if (error == 0)
		read_mappings(snapshot, now);
	if (error == 0)
		read_sleepers(snapshot, now);
	snapshot->look_ns = now;
	if (error == 0 && snapshot->users.is_incomplete)
		error = -ENOMEM;
	snapshot->users.is_incomplete = false;
	return error;
}

int snapshot_blocked_at(const struct sysv_snapshot *snapshot, const struct sysv_sleeper *sleeper)
{
	const struct snapshot_set *set = snapshot_find_set(snapshot, sleeper->id);
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
