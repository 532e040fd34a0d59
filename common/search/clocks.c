/* clocks.c - see clocks.h. */
#include "clocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "search/action.h"

static void merge(struct clock *into, const struct clock *from)
{
	for (size_t i = 0; i < ACTORS_MAX; i++)
		if (into->times[i] < from->times[i])
			into->times[i] = from->times[i];
}

/* What the process does from now on is later than every clock that it has released. */
static void tick(struct clocks *clocks, unsigned process)
{
	clocks->processes[process].times[process]++;
}

static void free_units(struct clocks *clocks)
{
	for (size_t i = 0; i < clocks->semaphore_count; i++)
		free(clocks->semaphores[i].units);
	clocks->semaphore_count = 0;
}

void clocks_clear(struct clocks *clocks)
{
	free_units(clocks);
	clocks->object_count = 0;
	clocks->is_incomplete = false;
	memset(clocks->processes, 0, sizeof(clocks->processes));
}

void clocks_end(struct clocks *clocks)
{
	free_units(clocks);
	free(clocks->objects);
	free(clocks->semaphores);
	*clocks = (struct clocks){0};
}

void clocks_begin(struct clocks *clocks, unsigned process, unsigned parent)
{
	clocks->processes[process] = clocks->processes[parent];
	tick(clocks, process);
	if (parent != 0)
		tick(clocks, parent);
}

void clocks_join(struct clocks *clocks, unsigned process, unsigned other)
{
	merge(&clocks->processes[process], &clocks->processes[other]);
	tick(clocks, other);
}

/* ---- objects --------------------------------------------------------------------------------- */

static struct clocks_object *find(const struct clocks *clocks, enum clocks_kind kind, uint64_t a,
	uint64_t b)
{
	for (size_t i = 0; i < clocks->object_count; i++) {
		struct clocks_object *object = &clocks->objects[i];

		if (object->kind == kind && object->a == a && object->b == b)
			return object;
	}
	return NULL;
}

void clocks_release(struct clocks *clocks, unsigned process, enum clocks_kind kind, uint64_t a,
	uint64_t b)
{
	struct clocks_object *object = find(clocks, kind, a, b);

	if (object == NULL) {
		struct clocks_object *objects =
			grow_array(clocks->objects, clocks->object_count, sizeof(*object));

		if (objects == NULL) {
			clocks->is_incomplete = true;
			return;
		}
		clocks->objects = objects;
		object = &clocks->objects[clocks->object_count++];
		*object = (struct clocks_object){.kind = kind, .a = a, .b = b};
	}
	merge(&object->clock, &clocks->processes[process]);
	tick(clocks, process);
}

void clocks_acquire(struct clocks *clocks, unsigned process, enum clocks_kind kind, uint64_t a,
	uint64_t b)
{
	const struct clocks_object *object = find(clocks, kind, a, b);

	if (object != NULL)
		merge(&clocks->processes[process], &object->clock);
}

bool clocks_knows(const struct clocks *clocks, enum clocks_kind kind, uint64_t a, uint64_t b)
{
	return find(clocks, kind, a, b) != NULL;
}

/* ---- semaphores ------------------------------------------------------------------------------ */

static struct clocks_semaphore *find_semaphore(struct clocks *clocks, int set, uint32_t number)
{
	struct clocks_semaphore *semaphore, *semaphores;

	for (size_t i = 0; i < clocks->semaphore_count; i++) {
		semaphore = &clocks->semaphores[i];
		if (semaphore->set == set && semaphore->number == number)
			return semaphore;
	}
	semaphores = grow_array(clocks->semaphores, clocks->semaphore_count, sizeof(*semaphores));
	if (semaphores == NULL) {
		clocks->is_incomplete = true;
		return NULL;
	}
	clocks->semaphores = semaphores;
	semaphore = &clocks->semaphores[clocks->semaphore_count++];
	*semaphore = (struct clocks_semaphore){.set = set, .number = number};
	return semaphore;
}

static void add_units(struct clocks *clocks, struct clocks_semaphore *semaphore, unsigned process,
	uint32_t count)
{
	struct clocks_units *units = grow_array(semaphore->units, semaphore->count, sizeof(*units));

	if (units == NULL) {
		clocks->is_incomplete = true;
		return;
	}
	semaphore->units = units;
	semaphore->units[semaphore->count++] =
		(struct clocks_units){count, clocks->processes[process]};
}

/* Takes the oldest units, and acquires from those that raised them. */
static void take_units(struct clocks *clocks, struct clocks_semaphore *semaphore, unsigned process,
	uint32_t count)
{
	size_t used = 0;

	while (count > 0 && used < semaphore->count) {
		struct clocks_units *units = &semaphore->units[used];
		uint32_t taken = count < units->count ? count : units->count;

		merge(&clocks->processes[process], &units->clock);
		units->count -= taken;
		count -= taken;
		used += units->count == 0;
	}
	semaphore->count -= used;
	if (used > 0)
		memmove(semaphore->units, semaphore->units + used,
			semaphore->count * sizeof(semaphore->units[0]));
}

static void acquire_by(struct clocks *clocks, unsigned process, int set,
	const struct sembuf *operation)
{
	struct clocks_semaphore *semaphore = find_semaphore(clocks, set, operation->sem_num);

	if (semaphore == NULL)
		return;
	if (operation->sem_op == 0)
		merge(&clocks->processes[process], &semaphore->lowered);
	else if (operation->sem_op < 0)
		take_units(clocks, semaphore, process, (uint32_t)-operation->sem_op);
}

static void release_by(struct clocks *clocks, unsigned process, int set,
	const struct sembuf *operation)
{
	struct clocks_semaphore *semaphore = find_semaphore(clocks, set, operation->sem_num);

	if (semaphore == NULL)
		return;
	if (operation->sem_op > 0)
		add_units(clocks, semaphore, process, (uint32_t)operation->sem_op);
	else if (operation->sem_op < 0)
		merge(&semaphore->lowered, &clocks->processes[process]);
}

void clocks_operate(struct clocks *clocks, unsigned process, int set,
	const struct sembuf *operations, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		acquire_by(clocks, process, set, &operations[i]);
	for (uint32_t i = 0; i < count; i++)
		release_by(clocks, process, set, &operations[i]);
	clocks_release(clocks, process, CLOCKS_SET, (uint64_t)(unsigned)set, 0);
}

void clocks_set(struct clocks *clocks, unsigned process, int set, uint32_t number, uint32_t value)
{
	struct clocks_semaphore *semaphore = find_semaphore(clocks, set, number);

	if (semaphore == NULL)
		return;
	semaphore->count = 0;
	if (value > 0)
		add_units(clocks, semaphore, process, value);
	merge(&semaphore->lowered, &clocks->processes[process]);
	clocks_release(clocks, process, CLOCKS_SET, (uint64_t)(unsigned)set, 0);
}

/* ---- order ----------------------------------------------------------------------------------- */

uint32_t clocks_now(const struct clocks *clocks, unsigned process)
{
	return clocks->processes[process].times[process];
}

bool clocks_is_before(const struct clocks *clocks, unsigned other, uint32_t when, unsigned process)
{
	return clocks->processes[process].times[other] >= when;
}

uint64_t clocks_hash(const struct clocks *clocks)
{
	uint64_t hash = 0;

	for (size_t i = 1; i < ACTORS_MAX; i++)
		for (size_t j = 1; j < ACTORS_MAX; j++)
			if (clocks->processes[i].times[j] != 0)
				hash = action_mix(hash ^ (i << 8 | j),
					clocks->processes[i].times[j]);
	return hash;
}
