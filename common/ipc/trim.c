/*
 * trim.c - returns the memory of free slots to the system: claims each slot, frees its pages and
 * abandons it, like a producer that writes nothing.
 */
#include <errno.h>

#include "claim.h"
#include "handle.h"
#include "pages.h"
#include "segment.h"
#include "slots.h"

/*
 * True if the segment has more memory than the writers of its slots recorded. Reading a hole in
 * shared memory allocates it, so a mirror that read on after a producer had freed the pages has
 * allocated them again, unrecorded.
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

/*
 * Finds a free slot that has recorded pages or, if `stray`, may have unrecorded ones. Skips the
 * slots in `tried` (bit i: slot i). -1: none.
 */
static int trimmable_slot(const struct vitrine_channel *channel, bool stray, uint64_t tried)
{
	struct values values;
	int slot;

	if (handle_values(channel, &values) < 0)
		return -1;
	for (uint32_t i = 0; i < channel->info.slots; i++)
		if ((tried >> i & 1) != 0)
			values.semaphore[slot_semaphore(i, SLOT_WRITER)] = 1;
	slot = warmest_free_slot(channel, &values);
	return slot >= 0 && (stray || slot_resident(channel, (uint32_t)slot) > 0) ? slot : -1;
}

/*
 * Claims slot `slot` and frees its memory. 1: it had pages; 0: it had none, or another producer was
 * faster; otherwise an error.
 */
static int empty_slot(struct vitrine_channel *channel, int slot, bool stray)
{
	bool had_pages;
	int rc = do_transition(channel, T_RESERVE, 0);

	if (rc == -EAGAIN)
		return VITRINE_EFULL;
	if (rc < 0)
		return fail_transition(channel, rc, T_RESERVE, slot);
	rc = do_on_slot(channel, T_CLAIM, slot);
	if (rc < 0) {
		do_transition(channel, T_UNRESERVE, 0);
		return rc == -EAGAIN ? 0 : fail_transition(channel, rc, T_CLAIM, slot);
	}
	mark_claimed(channel, (uint32_t)slot);
	had_pages = slot_resident(channel, (uint32_t)slot) > 0;
	if (stray) /* an upper bound: any part of it may have pages */
		channel->base->descriptors[slot].resident = channel->info.slot_size;
	pages_prepare(channel, (uint32_t)slot, 0);
	rc = abandon_slot(channel, (uint32_t)slot);
	return rc < 0 ? rc : had_pages;
}

int vitrine_trim(struct vitrine_channel *channel)
{
	uint64_t tried = 0;
	int emptied = 0, slot;
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));
	bool stray = rc == VITRINE_OK && has_stray_pages(channel);

	while (rc >= 0 && (slot = trimmable_slot(channel, stray, tried)) >= 0) {
		rc = empty_slot(channel, slot, stray);
		tried |= UINT64_C(1) << slot;
		emptied += rc > 0;
	}
	return rc >= 0 || rc == VITRINE_EFULL ? succeed(channel, emptied) : rc;
}
