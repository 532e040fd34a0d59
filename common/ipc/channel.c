/*
 * channel.c - the life of a slot: claim, publish or abandon; take, release or requeue.
 *
 * Each step is one array of transitions.c, done by handle_do(). Where an array has variants, one
 * GETALL (handle_values) tells which to try, and the array itself asserts what it was chosen for:
 * -EAGAIN means that the world changed in between, so look again. Joining and leaving are in
 * opening.c and closing.c, looking without taking is in mirror.c; which slot to try is decided in
 * slots.c.
 */
#include <errno.h>
#include <stdio.h>

#include "handle.h"
#include "image.h"
#include "pages.h"
#include "slots.h"
#include "vitrine.h"

/*
 * How often to look again. Each -EAGAIN means that another process got on, so a few are usual and
 * this many are impossible, unless somebody plays with the semaphores.
 */
enum { TRIES = 10000 };

/*
 * What every round of a slot begins with. The segment is looked at here too, once a second: who
 * never has to sleep would never hear that it is gone.
 */
static int begin_round(struct vitrine_channel *channel, enum vitrine_role role)
{
	int rc = handle_check(channel, ROLE_BIT(role));

	return rc == VITRINE_OK && segment_is_lost(channel)
		       ? fail_system(channel, -EIDRM, "shmctl(IPC_STAT)")
		       : rc;
}

/*
 * What was to be done with the mutex held failed with `rc`: gives the mutex back by `transition`,
 * for whoever waits for it waits without limit. -EAGAIN: no variant of the array could be done.
 */
static int fail_locked(struct vitrine_channel *channel, int rc, enum transition transition,
	const char *what)
{
	handle_do(channel, transition, -1, -1, 0);
	return rc == -EAGAIN ? fail_damaged(channel, what) : fail_transition(channel, rc, what, -1);
}

/* ---- producers ----------------------------------------------------------------------------- */

/* Turns a reservation into a slot. A free one is certain to exist; which one is a race. */
static int claim_reserved(struct vitrine_channel *channel, int *slot)
{
	struct values values;
	int rc;

	for (int tries = 0; tries < TRIES; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			return fail_transition(channel, rc, "claim", -1);
		*slot = warmest_free_slot(channel, &values);
		if (*slot < 0)
			continue;
		rc = handle_do(channel, T_CLAIM, *slot, -1, 0);
		if (rc != -EAGAIN)
			return rc < 0 ? fail_transition(channel, rc, "claim", *slot) : VITRINE_OK;
	}
	return fail_damaged(channel, "claim");
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
	for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++) {
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
static int reserve(struct vitrine_channel *channel, enum vitrine_when_full when_full,
	struct deadline deadline, int *slot, uint64_t *dropped)
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

/* Claims a slot without a word about its memory; its number, or an error. */
static int claim_slot(struct vitrine_channel *channel, enum vitrine_when_full when_full,
	int64_t timeout_ns, uint64_t *dropped)
{
	int slot = -1;
	int rc = reserve(channel, when_full, deadline_in(timeout_ns), &slot, dropped);

	if (rc == VITRINE_OK && slot < 0)
		rc = claim_reserved(channel, &slot);
	if (rc < 0)
		return rc;
	channel->claimed |= UINT64_C(1) << slot;
	/* Readers see that whatever they found here is over before the first byte changes. */
	atomic_store_explicit(&channel->base->descriptors[slot].sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	return slot;
}

static int abandon_slot(struct vitrine_channel *channel, uint32_t slot)
{
	int rc = handle_do(channel, T_ABANDON, (int)slot, -1, 0);

	channel->claimed &= ~(UINT64_C(1) << slot);
	if (rc == -EAGAIN)
		return fail_damaged(channel, "abandon");
	return rc < 0 ? fail_transition(channel, rc, "abandon", (int)slot) : VITRINE_OK;
}

int vitrine_claim(struct vitrine_channel *channel, uint64_t size, enum vitrine_when_full when_full,
	int64_t timeout_ns, struct vitrine_claim *claim)
{
	char needed[24], there[24], call[32];
	uint64_t dropped = 0;
	int rc = begin_round(channel, VITRINE_PRODUCER);
	int slot;

	if (rc < 0)
		return rc;
	if (size > channel->info.slot_size)
		return fail(channel, VITRINE_ETOOLARGE,
			"needs %s (%llu bytes), a slot of this channel has %s (%llu bytes); close "
			"all windows and start the first with a larger --slot-size",
			size_text(size, needed), (unsigned long long)size,
			size_text(channel->info.slot_size, there),
			(unsigned long long)channel->info.slot_size);
	slot = claim_slot(channel, when_full, timeout_ns, &dropped);
	if (slot < 0)
		return slot;
	rc = pages_prepare(channel, (uint32_t)slot, size);
	if (rc < 0) {
		abandon_slot(channel, (uint32_t)slot);
		snprintf(call, sizeof(call), "madvise(slot %d)", slot);
		return fail_system(channel, rc, call);
	}
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

/* Which array publishes, by what has become of the newest image so far (in slot `latest`). */
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

/* When it was published: now, or earlier, if it was elsewhere and is only passed on. */
static uint64_t publication_ns(uint64_t elsewhere_ns)
{
	uint64_t now = clock_ns();

	return elsewhere_ns != 0 && elsewhere_ns < now ? elsewhere_ns : now;
}

/* With the mutex held: numbers the image and makes it the newest; publish gives the mutex back. */
static int publish_locked(struct vitrine_channel *channel, struct vitrine_image *image,
	uint64_t elsewhere_ns)
{
	struct descriptor *descriptor = &channel->base->descriptors[image->slot];
	struct values values;
	int latest, rc = -EAGAIN;

	for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			break;
		latest = latest_slot(channel, &values);
		image->sequence = latest < 0 ? 1 : slot_sequence(channel, (uint32_t)latest) + 1;
		image->published_ns = publication_ns(elsewhere_ns);
		image_store(descriptor, image);
		atomic_store_explicit(&descriptor->sequence, image->sequence, memory_order_release);
		rc = handle_do(channel, publish_variant(&values, latest), (int)image->slot, latest,
			0);
	}
	return rc == 0 ? VITRINE_OK : fail_locked(channel, rc, T_UNLOCK, "publish");
}

int vitrine_publish(struct vitrine_channel *channel, const struct vitrine_claim *claim,
	struct vitrine_image *image, int64_t timeout_ns)
{
	uint64_t elsewhere_ns;
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));

	if (rc < 0)
		return rc;
	if (!is_claimed(channel, claim))
		return fail(channel, VITRINE_EINVAL, "publish: slot %u is not claimed here",
			claim->slot);
	if (!image_fits(image, claim->size))
		return fail(channel, VITRINE_EINVAL,
			"publish: %u x %u pixels of pitch %u and %llu bytes do not fit a claim of "
			"%llu bytes",
			image->width, image->height, image->pitch, (unsigned long long)image->size,
			(unsigned long long)claim->size);
	elsewhere_ns = image->sequence == 0 ? image->published_ns : 0;
	image->publisher = channel->pid;
	image->slot = claim->slot;
	rc = handle_do(channel, T_LOCK, -1, -1, timeout_ns);
	if (rc < 0)
		return fail_sleep(channel, rc, "lock");
	rc = publish_locked(channel, image, elsewhere_ns);
	if (rc == VITRINE_OK)
		channel->claimed &= ~(UINT64_C(1) << claim->slot);
	return rc;
}

/* Whether a free slot has pages: then there is something to trim. */
static bool is_trimmable(const struct vitrine_channel *channel)
{
	struct values values;
	int slot;

	if (handle_values(channel, &values) < 0)
		return false;
	slot = warmest_free_slot(channel, &values);
	return slot >= 0 && channel->base->descriptors[slot].resident > 0;
}

int vitrine_trim(struct vitrine_channel *channel)
{
	uint64_t none_dropped = 0;
	int emptied = 0;
	int rc = handle_check(channel, ROLE_BIT(VITRINE_PRODUCER));

	if (rc < 0)
		return rc;
	while (emptied < (int)channel->info.slots && is_trimmable(channel)) {
		int slot = claim_slot(channel, VITRINE_FAIL, 0, &none_dropped);

		if (slot < 0)
			return slot == VITRINE_EFULL ? emptied : slot;
		pages_prepare(channel, (uint32_t)slot, 0);
		rc = abandon_slot(channel, (uint32_t)slot);
		if (rc < 0)
			return rc;
		emptied++;
	}
	return emptied;
}

/* ---- consumers ----------------------------------------------------------------------------- */

/* With the mutex held: takes the oldest waiting image; take gives the mutex back. */
static int take_locked(struct vitrine_channel *channel)
{
	struct values values;
	int slot, rc = -EAGAIN;

	for (int tries = 0; rc == -EAGAIN && tries < TRIES; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			break;
		slot = oldest_waiting_slot(channel, &values);
		if (slot < 0) /* full was not 0, so there must be one */
			return fail_locked(channel, -EAGAIN, T_UNWAIT, "take");
		rc = handle_do(channel, T_TAKE, slot, -1, 0);
		if (rc == 0)
			return slot;
	}
	return fail_locked(channel, rc, T_UNWAIT, "take");
}

/* Releases slot `slot`: free again, or kept while its image is the newest. */
static int release_slot(struct vitrine_channel *channel, uint32_t slot)
{
	struct values values;
	enum transition variant;
	int rc;

	for (int tries = 0; tries < TRIES; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			return fail_transition(channel, rc, "release", (int)slot);
		variant = slot_has(&values, slot, SLOT_LATEST) ? T_RELEASE_LATEST : T_RELEASE;
		rc = handle_do(channel, variant, (int)slot, -1, 0);
		if (rc == -EAGAIN)
			continue;
		channel->taken &= ~(UINT64_C(1) << slot);
		return rc < 0 ? fail_transition(channel, rc, "release", (int)slot) : VITRINE_OK;
	}
	return fail_damaged(channel, "release");
}

int vitrine_take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
{
	int rc = begin_round(channel, VITRINE_CONSUMER);
	int slot;

	if (rc < 0)
		return rc;
	rc = handle_do(channel, T_WAIT_AND_LOCK, -1, -1, timeout_ns);
	if (rc < 0)
		return fail_sleep(channel, rc, "wait and lock");
	slot = take_locked(channel);
	if (slot < 0)
		return slot;
	channel->taken |= UINT64_C(1) << slot;
	image_load(image, &channel->base->descriptors[slot]);
	image->slot = (uint32_t)slot;
	image->data = slot_data(channel, image->slot);
	if (image_is_sound(image, &channel->info))
		return VITRINE_OK;
	rc = release_slot(channel, image->slot);
	return rc < 0 ? rc
		      : fail(channel, VITRINE_EDAMAGED,
				"take: the image in slot %d cannot be what it says (%u x %u, %llu "
				"bytes); it was passed over",
				slot, image->width, image->height, (unsigned long long)image->size);
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
	rc = handle_do(channel, T_REQUEUE, (int)image->slot, -1, 0);
	channel->taken &= ~(UINT64_C(1) << image->slot);
	if (rc == -EAGAIN)
		return fail_damaged(channel, "requeue");
	return rc < 0 ? fail_transition(channel, rc, "requeue", (int)image->slot) : VITRINE_OK;
}
