/*
 * claiming.c - how a producer gets a slot: a likely one at once, else reserve and claim, else, with
 * drop-oldest, steal; and how it gives one back unpublished. Only channel.c calls this.
 */
#include "claiming.h"

#include <errno.h>

#include "pages.h"
#include "segment.h"
#include "slots.h"

/*
 * Turns a reservation into a slot. A free one is certain to exist; which one is a race. If it fails
 * the reservation is given back, for others may sleep until a slot is free.
 */
static int claim_reserved(struct vitrine_channel *channel, int *slot)
{
	struct values values;
	int rc = -EAGAIN;

	*slot = channel->likely.free;
	if (*slot >= 0)
		rc = handle_do(channel, T_CLAIM, *slot, -1, 0);
	for (int tries = 0; rc == -EAGAIN && tries < TRIES_MOST; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			break;
		*slot = warmest_free_slot(channel, &values);
		rc = *slot < 0 ? -EAGAIN : handle_do(channel, T_CLAIM, *slot, -1, 0);
	}
	if (rc == 0)
		return VITRINE_OK;
	handle_do(channel, T_UNRESERVE, -1, -1, 0);
	return rc == -EAGAIN ? fail_damaged(channel, "claim")
			     : fail_transition(channel, rc, "claim", *slot);
}

/*
 * The buffer is full: drops the oldest waiting image and claims its slot, all in one array. If a
 * slot came free meanwhile, reserves that one instead (*slot is -1 then).
 */
static int steal(struct vitrine_channel *channel, struct deadline deadline, int *slot,
	uint64_t *dropped)
{
	struct values values;
	int rc = handle_do(channel, T_LOCK, -1, -1, deadline_left(deadline));

	if (rc < 0)
		return fail_sleep(channel, rc, "lock");
	rc = -EAGAIN;
	for (int tries = 0; rc == -EAGAIN && tries < TRIES_MOST; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			break;
		*slot = oldest_droppable_slot(channel, &values);
		if (*slot >= 0) {
			*dropped = slot_sequence(channel, (uint32_t)*slot);
			rc = handle_do(channel, T_STEAL, *slot, -1, 0);
		} else {
			rc = handle_do(channel, T_STEAL_NOTHING, -1, -1, 0);
			if (rc == 0)
				return fail(channel, VITRINE_EFULL,
					"claim: all %u slots are in use and none may be dropped",
					channel->info.slots);
		}
		if (rc != -EAGAIN)
			break;
		*slot = -1;
		*dropped = 0;
		rc = handle_do(channel, T_STEAL_RESERVE, -1, -1, 0);
	}
	return rc == 0 ? VITRINE_OK : fail_locked(channel, rc, T_UNLOCK, "steal");
}

/* Reserves a slot in the way that was asked for; *slot stays -1 unless it is already claimed. */
static int reserve(struct vitrine_channel *channel, uint32_t when_full, struct deadline deadline,
	int *slot, uint64_t *dropped)
{
	bool may_sleep = when_full == VITRINE_WAIT;
	int rc = handle_do(channel, T_RESERVE, -1, -1, may_sleep ? deadline_left(deadline) : 0);

	if (rc == 0)
		return VITRINE_OK;
	if (rc == -EAGAIN && when_full == VITRINE_DROP_OLDEST)
		return steal(channel, deadline, slot, dropped);
	if (rc == -EAGAIN && when_full == VITRINE_FAIL && !segment_is_lost(channel))
		return fail(channel, VITRINE_EFULL, "claim: all %u slots are in use",
			channel->info.slots);
	return fail_sleep(channel, rc, "reserve");
}

/* Reserves and claims in one, if the slot that is likely to be free is. */
static int claim_at_once(void *data)
{
	struct vitrine_channel *channel = data;
	int rc = channel->likely.free < 0
			 ? -EAGAIN
			 : handle_do(channel, T_CLAIM_AT_ONCE, channel->likely.free, -1, 0);

	return rc < 0 ? rc : channel->likely.free;
}

/* The slot, or an error. */
static int find_slot(struct vitrine_channel *channel, uint32_t when_full, int64_t timeout_ns,
	uint64_t *dropped)
{
	struct hope *hope = &channel->hope[T_CLAIM_AT_ONCE];
	struct deadline deadline = deadline_in(timeout_ns);
	uint64_t started = clock_ns();
	int slot = -1;
	int rc = -EAGAIN;

	channel->likely.waited = false;
	if (is_hurried(channel)) {
		rc = claim_at_once(channel);
		channel->likely.waited = rc == -EAGAIN;
		if (rc == -EAGAIN && when_full == VITRINE_WAIT && timeout_ns != 0)
			rc = hope_try(hope, claim_at_once, channel);
	}
	if (rc != -EAGAIN)
		return rc < 0 ? fail_transition(channel, rc, "claim", channel->likely.free) : rc;
	rc = reserve(channel, when_full, deadline, &slot, dropped);
	hope_slept(hope, started);
	if (rc == VITRINE_OK && slot < 0)
		rc = claim_reserved(channel, &slot);
	return rc < 0 ? rc : slot;
}

int claim_slot(struct vitrine_channel *channel, uint32_t when_full, int64_t timeout_ns,
	uint64_t *dropped)
{
	int slot = find_slot(channel, when_full, timeout_ns, dropped);

	channel->likely.free = -1;
	if (slot < 0)
		return slot;
	channel->claimed |= UINT64_C(1) << slot;
	/* Readers see that whatever they found here is over before the first byte changes. */
	atomic_store_explicit(&channel->base->descriptors[slot].sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	return slot;
}

int abandon_slot(struct vitrine_channel *channel, uint32_t slot)
{
	int rc = handle_do(channel, T_ABANDON, (int)slot, -1, 0);

	channel->claimed &= ~(UINT64_C(1) << slot);
	if (rc == -EAGAIN)
		return fail_damaged(channel, "abandon");
	if (rc < 0)
		return fail_transition(channel, rc, "abandon", (int)slot);
	channel->likely.free = (int)slot;
	return VITRINE_OK;
}

/*
 * Whether the segment holds more memory than the writers of its slots noted. A mirror that read on
 * where a producer had given memory back made pages there anew: to read a hole in shared memory
 * allocates it, and nobody notes that.
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
 * A free slot that has pages, and so something to give back; with `stray` also one that may have some
 * that were not noted. Those in `tried` (bit i: slot i) are left out. -1: none.
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

/* Claims the slot, or another one that is free, and gives all its memory back. The slot, or an error. */
static int empty_slot(struct vitrine_channel *channel, int slot, bool stray, bool *had_pages)
{
	uint64_t none_dropped = 0;
	int rc;

	channel->likely.free = slot;
	slot = claim_slot(channel, VITRINE_FAIL, 0, &none_dropped);
	if (slot < 0)
		return slot;
	*had_pages = slot_resident(channel, (uint32_t)slot) > 0;
	if (stray) /* an upper bound: it may have pages in all of it */
		channel->base->descriptors[slot].resident = channel->info.slot_size;
	pages_prepare(channel, (uint32_t)slot, 0);
	rc = abandon_slot(channel, (uint32_t)slot);
	return rc < 0 ? rc : slot;
}

int vitrine_trim(struct vitrine_channel *channel)
{
	uint64_t tried = 0;
	int emptied = 0, slot;
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));
	bool stray = rc == VITRINE_OK && has_stray_pages(channel);

	while (rc >= 0 && (slot = trimmable_slot(channel, stray, tried)) >= 0) {
		bool had_pages = false;

		rc = empty_slot(channel, slot, stray, &had_pages);
		tried |= UINT64_C(1) << slot;
		if (rc >= 0)
			tried |= UINT64_C(1) << rc;
		emptied += had_pages;
	}
	return rc >= 0 || rc == VITRINE_EFULL ? succeed(channel, emptied) : rc;
}
