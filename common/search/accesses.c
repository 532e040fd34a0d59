/* accesses.c - see accesses.h. */
#include "accesses.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

#define INCREMENTS_MAX 1024

/* ---- increments ------------------------------------------------------------------------------ */

static struct accesses_increment *find_increment(const struct increments *increments,
	uint64_t reader, uint64_t writer)
{
	for (size_t i = 0; i < increments->count; i++)
		if (increments->list[i].reader == reader && increments->list[i].writer == writer)
			return &increments->list[i];
	return NULL;
}

static uint64_t shortened(uint64_t value, uint64_t size)
{
	return size < sizeof(value) ? value & ((UINT64_C(1) << size * 8) - 1) : value;
}

/*
 * Notes that one instruction has read a number and another one has written it. true: they increment
 * it.
 */
static bool note_increment(struct increments *increments, const struct access *read,
	const struct access *write)
{
	uint64_t change = shortened(write->after - read->before, write->size);
	struct accesses_increment *increment =
		find_increment(increments, read->counter, write->counter);

	if (increment == NULL) {
		struct accesses_increment *list;

		if (increments->count == INCREMENTS_MAX)
			return false;
		list = grow_array(increments->list, increments->count, sizeof(*list));
		if (list == NULL)
			return false;
		list[increments->count++] = (struct accesses_increment){
			read->counter, write->counter, read->before, change, false};
		increments->list = list;
		return false;
	}
	if (increment->before != read->before && increment->change == change && change != 0)
		increment->is_certain = true;
	return increment->is_certain && increment->change == change;
}

/* True if the instruction is part of an increment. */
static bool is_part(const struct increments *increments, uint64_t counter)
{
	for (size_t i = 0; i < increments->count; i++)
		if (increments->list[i].is_certain &&
			(increments->list[i].reader == counter ||
				increments->list[i].writer == counter))
			return true;
	return false;
}

/* ---- records --------------------------------------------------------------------------------- */

static bool is_at(const struct access *one, const struct access *other)
{
	return one->segment == other->segment && one->offset == other->offset &&
	       one->size == other->size;
}

static bool meets(const struct access *one, const struct access *other)
{
	return one->segment == other->segment && one->offset < other->offset + other->size &&
	       other->offset < one->offset + one->size;
}

/* The last access of the process to exactly these bytes that read them. */
static const struct access *last_read(const struct accesses *accesses, const struct access *access)
{
	const struct access *last = NULL;

	for (size_t i = 0; i < accesses->count; i++) {
		const struct access *other = &accesses->list[i];

		if (other->process == access->process && other->reads && is_at(other, access) &&
			(last == NULL || last->number < other->number))
			last = other;
	}
	return last;
}

/* A write of another process after `read` that changed the number. */
static const struct access *write_between(const struct accesses *accesses,
	const struct access *read)
{
	for (size_t i = 0; i < accesses->count; i++) {
		const struct access *other = &accesses->list[i];

		if (other->process != read->process && other->writes && is_at(other, read) &&
			other->number > read->number && other->after != read->before)
			return other;
	}
	return NULL;
}

/* An access that conflicts and is not ordered. A pair of writes is more telling than others. */
static const struct access *find_race(const struct accesses *accesses, const struct access *access,
	const struct clocks *order)
{
	const struct access *found = NULL;

	for (size_t i = 0; i < accesses->count; i++) {
		const struct access *other = &accesses->list[i];

		if (other->process == access->process || !(other->writes || access->writes) ||
			!meets(other, access) ||
			clocks_is_before(order, other->process, other->when, access->process))
			continue;
		if (found == NULL || (other->writes && !found->writes))
			found = other;
	}
	return found;
}

/* Replaces what the same instruction did to the same bytes, or continues a row of such accesses. */
static bool join(struct accesses *accesses, const struct access *access)
{
	for (size_t i = accesses->count; i > 0; i--) {
		struct access *other = &accesses->list[i - 1];
		bool is_same = other->actor == access->actor && other->segment == access->segment &&
			       other->counter == access->counter && other->reads == access->reads &&
			       other->writes == access->writes;

		if (!is_same)
			continue;
		if (other->when == access->when && other->size >= 8 && access->size >= 8 &&
			other->offset + other->size == access->offset) {
			other->size += access->size;
			other->number = access->number;
			return true;
		}
		if (!is_at(other, access))
			continue;
		other->when = access->when;
		other->number = access->number;
		other->before = access->before;
		other->after = access->after;
		return true;
	}
	return false;
}

static void keep(struct accesses *accesses, const struct access *access, const char *place)
{
	struct access *list;

	if (join(accesses, access) || accesses->count == ACCESSES_MAX)
		return;
	list = grow_array(accesses->list, accesses->count, sizeof(*list));
	if (list == NULL)
		return;
	accesses->list = list;
	list[accesses->count] = *access;
	list[accesses->count++].place = place != NULL ? strdup(place) : NULL;
}

struct accesses_finding accesses_add(struct accesses *accesses, const struct access *access,
	const char *place, const struct clocks *order, struct increments *increments)
{
	struct accesses_finding finding = {.verdict = ACCESSES_RIGHT};
	struct access added = *access;
	const struct access *read;

	added.when = clocks_now(order, access->process);
	added.number = ++accesses->number;
	/*
	 * It is kept first, so that the pointers in the finding stay valid. It does not conflict
	 * with itself.
	 */
	keep(accesses, &added, place);
	if (added.writes && added.size <= 8) {
		read = added.reads ? &added : last_read(accesses, &added);
		if (read != NULL && note_increment(increments, read, &added) && !added.reads) {
			finding.other = write_between(accesses, read);
			finding.read = read;
			if (finding.other != NULL)
				finding.verdict = ACCESSES_LOST;
		}
	}
	if (finding.verdict == ACCESSES_LOST)
		return finding;
	finding.other = find_race(accesses, &added, order);
	if (finding.other != NULL) {
		finding.verdict = ACCESSES_RACE;
		finding.adds = is_part(increments, added.counter) &&
			       is_part(increments, finding.other->counter);
	}
	return finding;
}

const char *accesses_place(const struct accesses *accesses, unsigned actor, uint64_t counter)
{
	for (size_t i = accesses->count; i > 0; i--)
		if (accesses->list[i - 1].actor == actor &&
			accesses->list[i - 1].counter == counter)
			return accesses->list[i - 1].place;
	return NULL;
}

uint64_t accesses_writers(const struct accesses *accesses, int segment, uint64_t offset,
	uint64_t size)
{
	const struct access wanted = {.segment = segment, .offset = offset, .size = size};
	uint64_t writers = 0;

	for (size_t i = 0; i < accesses->count; i++)
		if (accesses->list[i].writes && meets(&accesses->list[i], &wanted))
			writers |= UINT64_C(1) << accesses->list[i].process;
	return writers;
}

void accesses_clear(struct accesses *accesses)
{
	for (size_t i = 0; i < accesses->count; i++)
		free(accesses->list[i].place);
	accesses->count = 0;
	accesses->number = 0;
}

void accesses_end(struct accesses *accesses)
{
	accesses_clear(accesses);
	free(accesses->list);
	*accesses = (struct accesses){0};
}

void increments_end(struct increments *increments)
{
	free(increments->list);
	*increments = (struct increments){0};
}
