/*
 * channel.c - the life of a slot: claim, publish or abandon; take, release or requeue.
 *
 * Each change of state is one array of semaphore operations (transitions.c), executed whole or not
 * at all:
 *
 *   claim     reserve (empty -1: sleeps while no slot is free), then claim one of the free slots
 *   publish   lock, number the image, publish: ready +1, full +1, and unlock
 *   take      wait and lock (full -1: sleeps while no image waits), then take the oldest image
 *   release   the slot is free again (empty +1), unless its image is still the newest
 *
 * A chooser selects the slot and the variant of an array from one look at all semaphores (GETALL).
 * When the array is executed, that look may be out of date. The array therefore includes operations
 * that fail with EAGAIN unless the state is still the expected one; handle_retry() then looks
 * again. The first call of a chooser comes without a look, because fast_path.c may have a guess.
 *
 * Joining and leaving are in opening.c and closing.c, reading without taking in mirror.c.
 */
#include <errno.h>
#include <stdio.h>

#include "claim.h"
#include "handle.h"
#include "image.h"
#include "pages.h"
#include "poller.h"
#include "slots.h"
#include "vitrine.h"

/*
 * The start of vitrine_claim() and vitrine_take(): checks the handle and, once a second, that the
 * segment still exists. A program that never sleeps would otherwise never learn that it was
 * removed.
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
 * Turns a reservation into a slot. A free slot certainly exists, but other producers may compete
 * for the same one. Returns the slot, or an error after giving the reservation back.
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
 * With the mutex held: chooses the array. A slot may have become free in the meantime: reserve it.
 * Otherwise steal the slot of the oldest image that may be dropped; if there is none, unlock.
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
 * All slots are in use: drops the oldest waiting image that is not the newest, and claims its slot
 * in the same array.
 */
static int steal(struct vitrine_channel *channel, struct deadline deadline, uint64_t *dropped)
{
	struct step step = {.latest = -1};
	int rc = do_transition(channel, T_LOCK, deadline_left(deadline));

	if (rc < 0)
		return fail_wait(channel, rc, T_LOCK);
	rc = handle_retry(channel, choose_steal, &step);
	if (rc < 0)
		return fail_locked(channel, rc, T_UNLOCK, T_STEAL);
	*dropped = step.dropped;
	if (step.transition == T_STEAL)
		return step.slot;
	if (step.transition == T_STEAL_RESERVE)
		return claim_reserved(channel);
	return fail(channel, VITRINE_EFULL,
		"claim: all %u slots are in use and none may be dropped", channel->info.slots);
}

/* Reserves and claims a slot as `when_full` says. Returns the slot, or an error. */
static int reserve_and_claim(struct vitrine_channel *channel, uint32_t when_full,
	struct deadline deadline, uint64_t *dropped)
{
	int64_t timeout_ns = when_full == VITRINE_WAIT ? deadline_left(deadline) : 0;
	uint64_t since_ns = clock_ns();
	int rc = do_transition(channel, T_RESERVE, timeout_ns);

	fast_path_reserved(channel, since_ns);
	if (rc == 0)
		return claim_reserved(channel);
	if (rc == -EAGAIN && when_full == VITRINE_DROP_OLDEST)
		return steal(channel, deadline, dropped);
	if (rc == -EAGAIN && when_full == VITRINE_FAIL && !segment_is_lost(channel))
		return fail(channel, VITRINE_EFULL, "claim: all %u slots are in use",
			channel->info.slots);
	return fail_wait(channel, rc, T_RESERVE);
}

void mark_claimed(struct vitrine_channel *channel, uint32_t slot)
{
	channel->claimed |= UINT64_C(1) << slot;
	if (slot == channel->prepared.slot)
		channel->prepared = (struct prepared){0};
	fast_path_claimed(channel);
	/*
	 * This must come before the first byte changes, so that mirrors discard what they read from
	 * this slot.
	 */
	atomic_store_explicit(&channel->base->descriptors[slot].sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

static int claim_slot(struct vitrine_channel *channel, uint32_t when_full, int64_t timeout_ns,
	uint64_t *dropped)
{
	struct deadline deadline = deadline_in(timeout_ns);
	int slot = fast_path_claim(channel, when_full == VITRINE_WAIT && timeout_ns != 0);

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
		"needs %s (%llu bytes), a slot of this channel has %s (%llu bytes); close all "
		"windows and start the first with a larger --slot-size",
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
		return fail(channel, VITRINE_EINVAL, "abandon: slot %u is not claimed here",
			claim->slot);
	return abandon_slot(channel, claim->slot);
}

/* ---- publish ------------------------------------------------------------------------------- */

/* Chooses the publishing array from the state of the newest image so far, in slot `latest`. */
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
 * With the mutex held: chooses the array, sets the image's sequence number to that of the newest
 * image plus 1, and stores its descriptor. A mirror may find the number before the image is
 * published; the semaphores then tell it that the slot holds no published image.
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
	if (image->sequence == 0) /* overflow: a hostile publisher used the highest number */
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
		return fail(channel, VITRINE_EINVAL, "publish: slot %u is not claimed here",
			claim->slot);
	if (!image_fits(image, channel->claim_size[claim->slot]))
		return fail(channel, VITRINE_EINVAL,
			"publish: %u x %u pixels of pitch %u and %llu bytes do not fit a claim of "
			"%llu bytes",
			image->width, image->height, image->pitch, (unsigned long long)image->size,
			(unsigned long long)channel->claim_size[claim->slot]);
	step.elsewhere_ns = image->sequence == 0 ? image->published_ns : 0;
	image->publisher = channel->pid;
	image->slot = claim->slot;
	rc = do_transition(channel, T_LOCK, timeout_ns);
	if (rc < 0)
		return fail_wait(channel, rc, T_LOCK);
	rc = handle_retry(channel, choose_publish, &step); /* the publish array also unlocks */
	if (rc < 0)
		return fail_locked(channel, rc, T_UNLOCK, T_PUBLISH_FIRST);
	channel->claimed &= ~(UINT64_C(1) << claim->slot);
	fast_path_published(channel, &step);
	return VITRINE_OK;
}

/* ---- take ---------------------------------------------------------------------------------- */

/* With the mutex held: chooses the oldest waiting image. `full` was not 0, so there is one. */
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

static int choose_release(struct vitrine_channel *channel, const struct values *values,
	struct step *step)
{
	if (values == NULL)
		return fast_path_release(channel, step);
	step->transition =
		slot_has(values, (uint32_t)step->slot, SLOT_LATEST) ? T_RELEASE_LATEST : T_RELEASE;
	return 0;
}

/* Frees the slot, or keeps it while its image is the newest. */
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

static int take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
{
	struct step step = {.transition = T_TAKE, .slot = -1, .latest = -1};
	int rc = begin_round(channel, VITRINE_CONSUMER);

	if (rc < 0)
		return rc;
	rc = do_transition(channel, T_WAIT_AND_LOCK, timeout_ns);
	if (rc < 0)
		return fail_wait(channel, rc, T_WAIT_AND_LOCK);
	rc = handle_retry(channel, choose_take, &step); /* the take array also unlocks */
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

	poller_look_again(channel, 0);
	return rc;
}

static bool is_taken(const struct vitrine_channel *channel, const struct vitrine_image *image)
{
	return image->slot < channel->info.slots && (channel->taken >> image->slot & 1) != 0;
}

/* ---- release, requeue ---------------------------------------------------------------------- */

int vitrine_release(struct vitrine_channel *channel, const struct vitrine_image *image)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_CONSUMER));

	if (rc < 0)
		return rc;
	if (!is_taken(channel, image))
		return fail(channel, VITRINE_EINVAL, "release: slot %u is not taken here",
			image->slot);
	return release_slot(channel, image->slot);
}

int vitrine_requeue(struct vitrine_channel *channel, const struct vitrine_image *image)
{
	int rc = handle_check(channel, ROLE_BIT(VITRINE_CONSUMER));

	if (rc < 0)
		return rc;
	if (!is_taken(channel, image))
		return fail(channel, VITRINE_EINVAL, "requeue: slot %u is not taken here",
			image->slot);
	rc = do_on_slot(channel, T_REQUEUE, (int)image->slot);
	if (rc < 0)
		return fail_transition(channel, rc, T_REQUEUE, (int)image->slot);
	channel->taken &= ~(UINT64_C(1) << image->slot);
	return VITRINE_OK;
}
