/*
 * channel.c - the life of a slot: claim, publish or abandon; take, release or requeue.
 *
 * Each step is one array of transitions.c, done by handle_do(). Where an array has variants, or a
 * slot has to be chosen, the likely one is tried first, by what this handle did and by the numbers
 * in the descriptors; and the array itself asserts what it was chosen for. -EAGAIN means that the
 * world is another: one GETALL (handle_values) tells what to try then, and again if need be. How a
 * slot is claimed is in claiming.c, joining and leaving in opening.c and closing.c, looking without
 * taking in mirror.c; which slot to try is decided in slots.c.
 */
#include <errno.h>
#include <stdio.h>

#include "claiming.h"
#include "handle.h"
#include "image.h"
#include "pages.h"
#include "poller.h"
#include "slots.h"
#include "vitrine.h"

/* Rounds that follow each other so fast are those of a stream. */
enum { QUICK_NS = 1000000 };

/*
 * What every round of a slot begins with. The segment is looked at here too, once a second: who
 * never has to sleep would never hear that it is gone.
 */
static int begin_round(struct vitrine_channel *channel, enum vitrine_role role)
{
	int rc = handle_check(channel, ROLE_BIT(role));
	uint64_t now = clock_ns();

	if (rc < 0)
		return rc;
	channel->quick_rounds = now < channel->round_ns + QUICK_NS ? channel->quick_rounds + 1 : 0;
	channel->round_ns = now;
	return segment_is_lost(channel) ? fail_system(channel, -EIDRM, "shmctl(IPC_STAT)")
					: VITRINE_OK;
}

/* ---- producers ----------------------------------------------------------------------------- */

int vitrine_claim(struct vitrine_channel *channel, uint64_t size, uint32_t when_full,
	int64_t timeout_ns, struct vitrine_claim *claim)
{
	char needed[24], there[24], call[32];
	uint64_t dropped = 0;
	int rc = begin_round(channel, VITRINE_PRODUCER);
	int slot;

	if (rc < 0)
		return rc;
	if (when_full > VITRINE_FAIL)
		return fail(channel, VITRINE_EINVAL,
			"claim: %u says nothing of what to do when all slots are in use (enum "
			"vitrine_when_full)",
			when_full);
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

/* When it was published: now, or earlier (even before the boot) if it comes from elsewhere. */
static int64_t publication_ns(int64_t elsewhere_ns)
{
	int64_t now = (int64_t)clock_ns();

	return elsewhere_ns != 0 && elsewhere_ns < now ? elsewhere_ns : now;
}

/*
 * With the mutex held: which slot holds the newest image, and which array to publish by. While this
 * handle's own image is the newest, what had become of the one before it is likely to have become
 * of it, too. (The number must be sure, not likely: it is written before it is published, and a
 * mirror must never find a number twice. Under the mutex the highest one is the newest's, if it was
 * published; of its own a handle knows that.)
 */
static int choose_publish(struct vitrine_channel *channel, bool look, int *latest,
	enum transition *variant)
{
	struct values values;
	int rc;

	if (!look) {
		*latest = newest_slot(channel);
		*variant = channel->likely.publish[channel->likely.waited];
		if (*latest >= 0 && channel->published > 0 &&
			slot_sequence(channel, (uint32_t)*latest) == channel->published)
			return 0;
	}
	rc = handle_values(channel, &values);
	if (rc < 0)
		return rc;
	*latest = latest_slot(channel, &values);
	*variant = publish_variant(&values, *latest);
	return 0;
}

/* With the mutex held: numbers the image and makes it the newest; publish gives the mutex back. */
static int publish_locked(struct vitrine_channel *channel, struct vitrine_image *image,
	int64_t elsewhere_ns)
{
	struct descriptor *descriptor = &channel->base->descriptors[image->slot];
	enum transition variant;
	int latest, rc = -EAGAIN;

	for (int tries = 0; rc == -EAGAIN && tries < TRIES_MOST; tries++) {
		rc = choose_publish(channel, tries > 0, &latest, &variant);
		if (rc < 0)
			break;
		image->sequence = latest < 0 ? 1 : slot_sequence(channel, (uint32_t)latest) + 1;
		if (image->sequence == 0) /* after the highest number, which is no publisher's */
			return fail_locked(channel, -EAGAIN, T_UNLOCK, "publish");
		image->published_ns = publication_ns(elsewhere_ns);
		image_store(descriptor, image);
		atomic_store_explicit(&descriptor->sequence, image->sequence, memory_order_release);
		rc = handle_do(channel, variant, (int)image->slot, latest, 0);
	}
	if (rc < 0)
		return fail_locked(channel, rc, T_UNLOCK, "publish");
	channel->published = image->sequence;
	if (latest >= 0)
		channel->likely.publish[channel->likely.waited] = variant;
	channel->likely.free = likely_free_slot(channel, variant, latest);
	return VITRINE_OK;
}

int vitrine_publish(struct vitrine_channel *channel, const struct vitrine_claim *claim,
	struct vitrine_image *image, int64_t timeout_ns)
{
	int64_t elsewhere_ns;
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

/* ---- consumers ----------------------------------------------------------------------------- */

/* With the mutex held: takes the oldest waiting image; take gives the mutex back. */
static int take_locked(struct vitrine_channel *channel)
{
	struct values values;
	int slot = channel->likely.alone ? oldest_unknown_slot(channel) : -1;
	int rc = slot < 0 ? -EAGAIN : handle_do(channel, T_TAKE, slot, -1, 0);

	for (int tries = 0; rc == -EAGAIN && tries < TRIES_MOST; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			break;
		slot = oldest_waiting_slot(channel, &values);
		if (slot < 0) /* full was not 0, so there must be one */
			return fail_locked(channel, -EAGAIN, T_UNWAIT, "take");
		note_done(channel, &values, (uint32_t)slot);
		channel->likely.alone = values.semaphore[SEM_CONSUMERS] == 1;
		rc = handle_do(channel, T_TAKE, slot, -1, 0);
	}
	return rc == 0 ? slot : fail_locked(channel, rc, T_UNWAIT, "take");
}

/* Releases slot `slot`: free again, or kept while its image is the newest. */
static int release_slot(struct vitrine_channel *channel, uint32_t slot)
{
	const uint64_t sequence = slot_sequence(channel, slot);
	bool is_latest = newest_slot(channel) == (int)slot; /* likely so */
	struct values values;
	int rc = -EAGAIN;

	for (int tries = 0; rc == -EAGAIN && tries < TRIES_MOST; tries++) {
		rc = tries == 0 ? 0 : handle_values(channel, &values);
		if (rc < 0)
			break;
		if (tries > 0)
			is_latest = slot_has(&values, slot, SLOT_LATEST);
		rc = handle_do(channel, is_latest ? T_RELEASE_LATEST : T_RELEASE, (int)slot, -1, 0);
	}
	if (rc == -EAGAIN)
		return fail_damaged(channel, "release");
	channel->taken &= ~(UINT64_C(1) << slot);
	if (rc < 0)
		return fail_transition(channel, rc, "release", (int)slot);
	channel->done[slot] = sequence;
	return VITRINE_OK;
}

static int take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
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

int vitrine_take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image)
{
	int rc = take(channel, timeout_ns, image);

	if (channel != NULL)
		poller_look_again(channel->poller, 0);
	return rc;
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
