/*
 * channel.c - the life of a slot: claim, publish or abandon; take, release or requeue.
 *
 * Each change of state is one array of semaphore operations, which the kernel executes whole or not
 * at all. The arrays are in the table in transitions.c, under the names used here:
 *
 *   claim     T_RESERVE: empty -1, which sleeps while no slot is free. This reserves a free slot
 *             without choosing one. Then T_CLAIM: claims one of the free slots. A producer that
 *             drops the oldest image instead of sleeping executes T_LOCK and T_STEAL.
 *   publish   T_LOCK: mutex -1. Then the image gets its number, and one of the T_PUBLISH arrays
 *             publishes it (ready +1, full +1) and unlocks.
 *   take      T_WAIT_AND_LOCK: full -1, which sleeps while no image waits, and mutex -1.
 *             Then T_TAKE: takes the oldest waiting image and unlocks.
 *   release   T_RELEASE: the slot is free again (empty +1). T_RELEASE_LATEST, if the image is still
 *             the newest: the slot is kept, and the publication of the next image frees it.
 *   abandon   T_ABANDON: the slot is free again (empty +1), without an image.
 *   requeue   T_REQUEUE: the image waits again (ready +1, full +1).
 *
 * Whatever a process holds, it has taken with SEM_UNDO: if the process dies, the kernel gives it
 * back.
 *
 * A chooser (choose_...) selects the array, and the slot if several would do, from one look at all
 * semaphores (GETALL). When the array is executed, that look may be out of date. The array
 * therefore includes operations that fail with EAGAIN unless the state is still the expected one.
 * An array that fails changes nothing; in particular, the mutex stays held. handle_retry() then
 * looks and chooses again.
 *
 * The fast_path_ functions only save system calls; skip them on a first reading. Before the first
 * look, handle_retry() calls the chooser with `values` NULL, so that fast_path.c can guess.
 *
 * handle.h declares struct step, struct values and handle_retry().
 * Joining and leaving are in opening.c and closing.c, reading without taking in mirror.c.
 */
#include <errno.h>
#include <stdio.h>

#include "choose_slot.h"
#include "claim.h"
#include "handle.h"
#include "image.h"
#include "pages.h"
#include "poller.h"
#include "vitrine.h"

/*
 * Begins a round, that is, a claim or a take: checks the handle and, at most once a second, that
 * the segment still exists. Without this check, a program that never sleeps would not detect that
 * the segment has been removed.
 */
static int begin_round(struct vitrine_channel *channel, enum vitrine_role role)
{
	int rc = handle_check(channel, ROLE_BIT(role));

	if (rc < 0)
		return rc;
	fast_path_begin_round(channel);
	return segment_is_lost(channel) ? fail_system(channel, -EIDRM, "shmctl(IPC_STAT)")
					: VITRINE_OK;
}

/* ---- claim --------------------------------------------------------------------------------- */

/* Chooses one of the free slots for T_CLAIM. */
static int choose_free_slot(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	if (values == NULL)
		return fast_path_free_slot(channel, step);
	fast_path_saw_mirrors(channel, values);
	step->slot = slot_to_claim(channel, values);
	return step->slot < 0 ? -EAGAIN : 0;
}

/*
 * Claims a slot for the reservation that this handle holds. The reservation guarantees that a slot
 * is free, but another producer may claim the chosen one first. Returns the slot; or gives the
 * reservation back and returns an error.
 */
static int claim_reserved(struct vitrine_channel *channel)
{
	struct step step = {.transition = T_CLAIM, .slot = -1, .latest = -1};
	int rc = handle_retry(channel, choose_free_slot, &step);

	if (rc == 0)
		return step.slot;
	do_transition(channel, T_UNRESERVE, 0);
	return fail_transition(channel, rc, T_CLAIM, step.slot);
}

/*
 * Chooses the array that ends the critical section of steal(). Each of these arrays unlocks:
 *
 *   T_STEAL_RESERVE   a slot has become free in the meantime: reserves it
 *   T_STEAL           drops the oldest image that may be dropped, and claims its slot
 *   T_STEAL_NOTHING   no image may be dropped
 */
static int choose_steal(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	if (values == NULL)
		return -EAGAIN;
	step->dropped = 0;
	step->slot = -1;
	if (values->semaphore[SEM_EMPTY] > 0) {
		step->transition = T_STEAL_RESERVE;
		return 0;
	}
	step->slot = oldest_droppable_slot(channel, values);
	step->transition = step->slot < 0 ? T_STEAL_NOTHING : T_STEAL;
	if (step->slot >= 0)
		step->dropped = slot_sequence(channel, (uint32_t)step->slot);
	return 0;
}

/*
 * Called when all slots were in use. Drops the oldest waiting image other than the newest, and
 * claims its slot in the same array. The mutex is held from the choice of the image until that
 * array has been executed. Returns the slot, or an error.
 */
static int steal(struct vitrine_channel *channel, struct deadline deadline, uint64_t *dropped)
{
	struct step step = {.latest = -1};
	int rc = do_transition(channel, T_LOCK, deadline_left(deadline));

	if (rc < 0)
		return fail_wait(channel, rc, T_LOCK);
	rc = handle_retry(channel, choose_steal, &step); /* the array also unlocks */
	if (rc < 0)
		return fail_locked(channel, rc, T_UNLOCK, T_STEAL);
	*dropped = step.dropped;
	if (step.transition == T_STEAL)
		return step.slot;
	if (step.transition == T_STEAL_RESERVE)
		return claim_reserved(channel);
	return fail(channel, VITRINE_EFULL,
		"claim: all %u slots are in use, and no image may be dropped", channel->info.slots);
}

/*
 * Reserves and claims a slot. If no slot is free, `when_full` decides whether to sleep, to drop an
 * image or to fail. Returns the slot, or an error.
 */
static int reserve_and_claim(struct vitrine_channel *channel, uint32_t when_full,
	struct deadline deadline, uint64_t *dropped)
{
	int64_t timeout_ns = when_full == VITRINE_WAIT ? deadline_left(deadline) : 0;
	uint64_t since_ns = clock_ns();
	int rc = do_transition(channel, T_RESERVE, timeout_ns);

	fast_path_slept(channel, since_ns);
	if (rc == 0)
		return claim_reserved(channel);
	if (rc == -EAGAIN && when_full == VITRINE_DROP_OLDEST)
		return steal(channel, deadline, dropped);
	if (rc == -EAGAIN && when_full == VITRINE_FAIL && !segment_is_lost(channel))
		return fail(channel, VITRINE_EFULL, "claim: all %u slots are in use",
			channel->info.slots);
	return fail_wait(channel, rc, T_RESERVE); /* reports a lost segment, too */
}

void mark_claimed(struct vitrine_channel *channel, uint32_t slot)
{
	channel->claimed |= UINT64_C(1) << slot;
	if (slot == channel->prepared.slot)
		channel->prepared = (struct prepared){0};
	fast_path_claimed(channel);
	/*
	 * A mirror that is reading the old image must discard what it has read. So the sequence
	 * number becomes 0 before the first byte of the slot changes: the fence orders this store
	 * before all later ones. vitrine_unchanged() in mirror.c has the matching acquire fence.
	 */
	atomic_store_explicit(&channel->base->descriptors[slot].sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

/* Claims a slot, in a single array if a guess succeeds. Returns the slot, or an error. */
static int claim_slot(struct vitrine_channel *channel, uint32_t when_full, int64_t timeout_ns,
	uint64_t *dropped)
{
	struct deadline deadline = deadline_in(timeout_ns);
	int slot = fast_path_try_claim(channel, when_full == VITRINE_WAIT && timeout_ns != 0);

	if (slot == -EAGAIN)
		slot = reserve_and_claim(channel, when_full, deadline, dropped);
	else if (slot < 0)
		slot = fail_transition(channel, slot, T_CLAIM_AT_ONCE, -1);
	if (slot >= 0)
		mark_claimed(channel, (uint32_t)slot);
	return slot;
}

int check_size(struct vitrine_channel *channel, uint64_t size)
{
	char needed[24], there[24];

	if (size <= channel->info.slot_size)
		return VITRINE_OK;
	return fail(channel, VITRINE_ETOOLARGE,
		"the image needs %s (%llu bytes), but a slot of this channel has %s (%llu bytes); "
		"close all programs that use the channel, then start one with a larger "
		"--slot-size",
		size_text(size, needed), (unsigned long long)size,
		size_text(channel->info.slot_size, there),
		(unsigned long long)channel->info.slot_size);
}

int vitrine_claim(struct vitrine_channel *channel, uint64_t size, uint32_t when_full,
	int64_t timeout_ns, struct vitrine_claim *claim)
{
	char call[32];
	uint64_t dropped = 0;
	int rc = begin_round(channel, VITRINE_PRODUCER);
	int slot;

	if (rc < 0)
		return rc;
	if (when_full > VITRINE_FAIL)
		return fail(channel, VITRINE_EINVAL,
			"claim: %u is not a value of enum vitrine_when_full", when_full);
	rc = check_size(channel, size);
	if (rc < 0)
		return rc;
	slot = claim_slot(channel, when_full, timeout_ns, &dropped);
	if (slot < 0)
		return slot;
	rc = pages_prepare(channel, (uint32_t)slot, size);
	if (rc < 0) {
		abandon_slot(channel, (uint32_t)slot);
		snprintf(call, sizeof(call), "madvise(slot %d)", slot);
		return fail_system(channel, rc, call);
	}
	channel->claim_size[slot] = size;
	*claim = (struct vitrine_claim){
		.slot = (uint32_t)slot,
		.data = slot_data(channel, (uint32_t)slot),
		.size = size,
		.dropped = dropped,
	};
	return VITRINE_OK;
}

/* ---- abandon ------------------------------------------------------------------------------- */

static bool is_claimed(const struct vitrine_channel *channel, const struct vitrine_claim *claim)
{
	return claim->slot < channel->info.slots && (channel->claimed >> claim->slot & 1) != 0;
}

int abandon_slot(struct vitrine_channel *channel, uint32_t slot)
{
	int rc = do_on_slot(channel, T_ABANDON, (int)slot);

	if (rc < 0)
		return fail_transition(channel, rc, T_ABANDON, (int)slot);
	channel->claimed &= ~(UINT64_C(1) << slot);
	fast_path_freed(channel, (int)slot);
	return VITRINE_OK;
}

int vitrine_abandon(struct vitrine_channel *channel, const struct vitrine_claim *claim)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));

	if (rc < 0)
		return rc;
	if (!is_claimed(channel, claim))
		return fail(channel, VITRINE_EINVAL, "abandon: this handle has not claimed slot %u",
			claim->slot);
	return abandon_slot(channel, claim->slot);
}

/* ---- publish ------------------------------------------------------------------------------- */

/* The publish array that fits the newest image so far, in slot `latest` (-1: there is none). */
static enum transition publish_variant(const struct values *values, int latest)
{
	if (latest < 0)
		return T_PUBLISH_FIRST;
	if (slot_has(values, (uint32_t)latest, SLOT_READY))
		return T_PUBLISH_OVER_WAITING;
	if (slot_has(values, (uint32_t)latest, SLOT_READER))
		return T_PUBLISH_OVER_READING;
	return T_PUBLISH_OVER_DONE;
}

/* The publication time: now, or the original time if a relay passes the image on. */
static int64_t publication_ns(int64_t elsewhere_ns)
{
	int64_t now = (int64_t)clock_ns();

	return elsewhere_ns != 0 && elsewhere_ns < now ? elsewhere_ns : now;
}

/*
 * With the mutex held: chooses the array, gives the image the number after that of the newest
 * image, and stores its descriptor. This happens before the array is executed, and again before
 * each retry. That is safe because the slot is still claimed: only this process writes its
 * descriptor. A mirror may read the number before the image is published, but the semaphores then
 * show that the slot holds no published image.
 */
static int choose_publish(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	struct descriptor *descriptor = &channel->base->descriptors[step->slot];
	struct vitrine_image *image = step->image;

	if (values != NULL) {
		step->latest = latest_slot(channel, values);
		step->transition = publish_variant(values, step->latest);
	} else if (fast_path_publish(channel, step) < 0) {
		return -EAGAIN;
	}
	image->sequence = step->latest < 0 ? 1 : slot_sequence(channel, (uint32_t)step->latest) + 1;
	if (image->sequence == 0) /* overflow: only in a manipulated segment */
		return -EAGAIN;
	image->published_ns = publication_ns(step->elsewhere_ns);
	image_store(descriptor, image);
	descriptor->previous = (uint32_t)(step->latest + 1);
	atomic_store_explicit(&descriptor->sequence, image->sequence, memory_order_release);
	return 0;
}

int vitrine_publish(struct vitrine_channel *channel, const struct vitrine_claim *claim,
	struct vitrine_image *image, int64_t timeout_ns)
{
	struct step step = {.slot = (int)claim->slot, .latest = -1, .image = image};
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));

	if (rc < 0)
		return rc;
	if (!is_claimed(channel, claim))
		return fail(channel, VITRINE_EINVAL, "publish: this handle has not claimed slot %u",
			claim->slot);
	if (!image_fits(image, channel->claim_size[claim->slot]))
		return fail(channel, VITRINE_EINVAL,
			"publish: the description of the image is invalid, or the image is larger "
			"than the claim of %llu bytes: %u x %u pixels, pitch %u, %llu bytes",
			(unsigned long long)channel->claim_size[claim->slot], image->width,
			image->height, image->pitch, (unsigned long long)image->size);
	step.elsewhere_ns = image->sequence == 0 ? image->published_ns : 0;
	image->publisher = channel->pid;
	image->slot = claim->slot;
	rc = do_transition(channel, T_LOCK, timeout_ns);
	if (rc < 0)
		return fail_wait(channel, rc, T_LOCK);
	rc = handle_retry(channel, choose_publish, &step); /* the array also unlocks */
	if (rc < 0) /* all T_PUBLISH arrays have the name "publish", which the message needs */
		return fail_locked(channel, rc, T_UNLOCK, T_PUBLISH_FIRST);
	channel->claimed &= ~(UINT64_C(1) << claim->slot);
	fast_path_published(channel, &step);
	return VITRINE_OK;
}

/* ---- take ---------------------------------------------------------------------------------- */

/*
 * With the mutex held: chooses the oldest waiting image. T_WAIT_AND_LOCK succeeded, so there is
 * one.
 */
static int choose_take(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	if (values == NULL)
		return fast_path_take(channel, step);
	step->slot = oldest_waiting_slot(channel, values);
	if (step->slot < 0)
		return -EAGAIN;
	fast_path_saw_waiting(channel, values, step->slot);
	return 0;
}

/* Defined below, in the section "release, requeue". */
static int release_slot(struct vitrine_channel *channel, uint32_t slot);

static int take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
{
	struct step step = {.transition = T_TAKE, .slot = -1, .latest = -1};
	int rc = begin_round(channel, VITRINE_CONSUMER);

	if (rc < 0)
		return rc;
	rc = do_transition(channel, T_WAIT_AND_LOCK, timeout_ns);
	if (rc < 0)
		return fail_wait(channel, rc, T_WAIT_AND_LOCK);
	rc = handle_retry(channel, choose_take, &step); /* the array also unlocks */
	if (rc < 0)
		return fail_locked(channel, rc, T_UNWAIT, T_TAKE);
	channel->taken |= UINT64_C(1) << step.slot;
	image_load(image, &channel->base->descriptors[step.slot]);
	image->slot = (uint32_t)step.slot;
	image->data = slot_data(channel, image->slot);
	if (image_is_sound(image, &channel->info))
		return VITRINE_OK;
	rc = release_slot(channel, image->slot);
	return rc < 0 ? rc
		      : fail(channel, VITRINE_EDAMAGED,
				"take: the description of the image in slot %d is impossible (%u "
				"x %u, %llu bytes); the image was skipped",
				step.slot, image->width, image->height,
				(unsigned long long)image->size);
}

int vitrine_take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
{
	int rc = take(channel, timeout_ns, image);

	/* Even after a failure: if no image waits any longer, vitrine_fd() must not be readable. */
	poller_look_again(channel, 0);
	return rc;
}

/* ---- release, requeue ---------------------------------------------------------------------- */

/* Chooses T_RELEASE_LATEST if the image is still the newest, otherwise T_RELEASE. */
static int choose_release(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	if (values == NULL)
		return fast_path_release(channel, step);
	step->transition =
		slot_has(values, (uint32_t)step->slot, SLOT_LATEST) ? T_RELEASE_LATEST : T_RELEASE;
	return 0;
}

/* Frees the slot, or keeps it if its image is still the newest. */
static int release_slot(struct vitrine_channel *channel, uint32_t slot)
{
	struct step step = {.slot = (int)slot, .latest = -1};
	uint64_t sequence = slot_sequence(channel, slot);
	int rc = handle_retry(channel, choose_release, &step);

	if (rc < 0)
		return fail_transition(channel, rc, T_RELEASE, (int)slot);
	channel->taken &= ~(UINT64_C(1) << slot);
	fast_path_released(channel, (int)slot, sequence);
	return VITRINE_OK;
}

static bool is_taken(const struct vitrine_channel *channel, const struct vitrine_image *image)
{
	return image->slot < channel->info.slots && (channel->taken >> image->slot & 1) != 0;
}

int vitrine_release(struct vitrine_channel *channel, const struct vitrine_image *image)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_CONSUMER));

	if (rc < 0)
		return rc;
	if (!is_taken(channel, image))
		return fail(channel, VITRINE_EINVAL,
			"release: this handle has not taken the image in slot %u", image->slot);
	return release_slot(channel, image->slot);
}

int vitrine_requeue(struct vitrine_channel *channel, const struct vitrine_image *image)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_CONSUMER));

	if (rc < 0)
		return rc;
	if (!is_taken(channel, image))
		return fail(channel, VITRINE_EINVAL,
			"requeue: this handle has not taken the image in slot %u", image->slot);
	rc = do_on_slot(channel, T_REQUEUE, (int)image->slot);
	if (rc < 0)
		return fail_transition(channel, rc, T_REQUEUE, (int)image->slot);
	channel->taken &= ~(UINT64_C(1) << image->slot);
	return VITRINE_OK;
}
