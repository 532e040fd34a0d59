/*
 * trim.c - the memory of free slots: vitrine_prepare() allocates the memory for the next claim, and
 * vitrine_trim() returns the rest to the system. Both claim a slot, allocate or free its pages, and
 * abandon it, like a producer that writes nothing.
 */
#include <errno.h>
#include <stdio.h>

#include "choose_slot.h"
#include "claim.h"
#include "handle.h"
#include "pages.h"
#include "segment.h"

typedef int slot_choice(const struct vitrine_channel *channel, const struct values *values);

/*
 * Finds the free slot that `choose` selects among those that are not in `tried` (bit i: slot i).
 * *slot is -1 if there is none. Returns 0 or -errno.
 */
static int find_free_slot(const struct vitrine_channel *channel, slot_choice *choose,
	uint64_t tried, int *slot)
{
	struct values values;
	int rc = handle_values(channel, &values);

	*slot = -1;
	if (rc < 0)
		return rc;
	for (uint32_t i = 0; i < channel->info.slots; i++)
		if ((tried >> i & 1) != 0)
			values.semaphore[slot_semaphore(i, SLOT_WRITER)] = 1;
	*slot = choose(channel, &values);
	return 0;
}

/*
 * Claims slot `slot`, gives it pages for `size` bytes and no more, and abandons it. `stray`: it may
 * also have pages that no writer recorded. Never sleeps. Returns 1 if done, 0 if another producer
 * claimed the slot first, otherwise an error.
 */
static int resize_slot(struct vitrine_channel *channel, int slot, uint64_t size, bool stray)
{
	char call[32];
	int pages, rc = do_on_slot(channel, T_CLAIM_AT_ONCE, slot);

	if (rc < 0)
		return rc == -EAGAIN ? 0 : fail_transition(channel, rc, T_CLAIM_AT_ONCE, slot);
	mark_claimed(channel, (uint32_t)slot);
	if (stray) /* an upper bound: any part of the slot may have pages */
		channel->base->descriptors[slot].resident = channel->info.slot_size;
	pages = pages_prepare(channel, (uint32_t)slot, size);
	rc = abandon_slot(channel, (uint32_t)slot);
	if (rc < 0 || pages == 0)
		return rc < 0 ? rc : 1;
	snprintf(call, sizeof(call), "madvise(slot %d)", slot);
	return fail_system(channel, pages, call);
}

/* ---- prepare ------------------------------------------------------------------------------- */

int vitrine_prepare(struct vitrine_channel *channel, uint64_t size)
{
	uint64_t tried = 0;
	int slot = -1, rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));

	if (rc == VITRINE_OK)
		rc = check_size(channel, size);
	if (rc < 0)
		return rc;
	channel->prepared = (struct prepared){0};
	if (size == 0)
		return VITRINE_OK;
	for (int done = 0; done == 0; tried |= UINT64_C(1) << slot) {
		rc = find_free_slot(channel, slot_to_claim, tried, &slot);
		if (rc < 0)
			return fail_system(channel, rc, "semctl(GETALL)");
		if (slot < 0)
			return fail(channel, VITRINE_EFULL, "prepare: all %u slots are in use",
				channel->info.slots);
		done = pages_are_ready(channel, (uint32_t)slot, size)
			       ? 1
			       : resize_slot(channel, slot, size, false);
		if (done < 0)
			return done;
	}
	fast_path_freed(channel, slot);
	channel->prepared = (struct prepared){.slot = (uint32_t)slot, .size = size};
	return succeed(channel, VITRINE_OK);
}

/* ---- trim ---------------------------------------------------------------------------------- */

/*
 * True if the segment has more memory than the writers of its slots recorded. Reading a hole in
 * shared memory allocates it, so a mirror that reads on after a producer has freed the pages
 * allocates them again, unrecorded.
 */
static bool has_stray_pages(const struct vitrine_channel *channel)
{
	const struct vitrine_info *info = &channel->info;
	uint64_t held = segment_memory(info->shmid);
	uint64_t noted = info->segment_size - info->slots * info->slot_size; /* the header */

	for (uint32_t i = 0; i < info->slots; i++)
		noted += slot_resident(channel, i);
	return held != UINT64_MAX && held > noted;
}

/* The prepared slot, as a bit. 0: none, or its memory has changed since vitrine_prepare(). */
static uint64_t prepared_slot(const struct vitrine_channel *channel)
{
	const struct prepared *prepared = &channel->prepared;

	return prepared->size > 0 && pages_are_ready(channel, prepared->slot, prepared->size)
		       ? UINT64_C(1) << prepared->slot
		       : 0;
}

int vitrine_trim(struct vitrine_channel *channel)
{
	int emptied = 0, slot, rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));
	bool has_pages, stray = rc == VITRINE_OK && has_stray_pages(channel);
	uint64_t tried = rc == VITRINE_OK ? prepared_slot(channel) : 0;

	while (rc >= 0) {
		rc = find_free_slot(channel, warmest_free_slot, tried, &slot);
		if (rc < 0)
			return fail_system(channel, rc, "semctl(GETALL)");
		if (slot < 0)
			break;
		/*
		 * Slots with pages are found first: if this one has none, no other free slot has
		 * any.
		 */
		has_pages = slot_resident(channel, (uint32_t)slot) > 0;
		if (!has_pages && !stray)
			break;
		rc = resize_slot(channel, slot, 0, stray);
		tried |= UINT64_C(1) << slot;
		emptied += rc > 0 && has_pages;
	}
	return rc >= 0 ? succeed(channel, emptied) : rc;
}
