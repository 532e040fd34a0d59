/*
 * mirror.c - reads an image without taking it: the optimistic read.
 *
 * A mirror holds nothing and delays no other process, so a producer may claim and overwrite the
 * slot at any moment. A claim sets the descriptor's sequence number to 0 before the first byte
 * changes. So if the number is the same before and after reading, what was read is complete (a
 * sequence lock with one writer). The number alone is not enough, because a publisher may have been
 * killed after storing it and before publishing. A mirror therefore reads the number first, and
 * then uses GETALL to check that the slot holds a published image.
 *
 * A free slot keeps its image until it is claimed. The semaphores do not show whether that image
 * was ever published, but the next image does: the descriptor of a published image names the slot
 * of the image published before it, which was certainly the newest at that time. A mirror that is
 * behind (vitrine_next) follows these links from the newest image back.
 */
#include <errno.h>

#include "choose_slot.h"
#include "handle.h"
#include "image.h"
#include "poller.h"
#include "vitrine.h"

/* A few tries are normal; if this many fail, producers publish faster than a mirror can read. */
enum { TRIES = 1000 };

bool vitrine_unchanged(const struct vitrine_channel *channel, const struct vitrine_image *image)
{
	if (image->slot >= channel->info.slots || image->sequence == 0)
		return false;
	atomic_thread_fence(memory_order_acquire); /* loads before this point must stay before it */
	return atomic_load_explicit(&channel->base->descriptors[image->slot].sequence,
		       memory_order_relaxed) == image->sequence;
}

/* True if the slot holds a published image: waiting, being read, or the newest. */
static bool holds_image(const struct values *values, uint32_t slot)
{
	return slot_has(values, slot, SLOT_READY) || slot_has(values, slot, SLOT_READER) ||
	       slot_has(values, slot, SLOT_LATEST);
}

/*
 * Loads the image with this number from a slot. -EAGAIN: the slot holds another image; otherwise 0
 * or a vitrine_error.
 */
static int load_number(struct vitrine_channel *channel, uint32_t slot, uint64_t sequence,
	struct vitrine_image *image)
{
	image_load(image, &channel->base->descriptors[slot]);
	image->slot = slot;
	image->data = slot_data(channel, slot);
	image->sequence = sequence;
	if (!vitrine_unchanged(channel, image))
		return -EAGAIN;
	if (!image_is_sound(image, &channel->info))
		return fail(channel, VITRINE_EDAMAGED,
			"the description of the image in slot %u is impossible (%u x %u, %llu "
			"bytes)",
			slot, image->width, image->height, (unsigned long long)image->size);
	return VITRINE_OK;
}

/*
 * Looks at a slot once. -EAGAIN: the slot changed during the look; otherwise 0 or a vitrine_error.
 */
static int look_once(struct vitrine_channel *channel, uint32_t slot, bool must_be_latest,
	struct vitrine_image *image)
{
	const struct descriptor *descriptor = &channel->base->descriptors[slot];
	uint64_t sequence = atomic_load_explicit(&descriptor->sequence, memory_order_acquire);
	struct values values;
	int rc = handle_values(channel, &values);

	if (rc < 0)
		return fail_system(channel, rc, "semctl(GETALL)");
	if (must_be_latest && !slot_has(&values, slot, SLOT_LATEST))
		return -EAGAIN;
	if (!holds_image(&values, slot))
		return fail(channel, VITRINE_ENONE, "slot %u holds no image", slot);
	return load_number(channel, slot, sequence, image);
}

int vitrine_look(struct vitrine_channel *channel, uint32_t slot, struct vitrine_image *image)
{
	int rc = handle_check(channel, ROLE_ANY);

	if (rc < 0)
		return rc;
	if (slot >= channel->info.slots)
		return fail(channel, VITRINE_EINVAL, "look: there is no slot %u", slot);
	rc = look_once(channel, slot, false, image);
	return rc == -EAGAIN ? fail(channel, VITRINE_ENONE,
				       "slot %u changed while it was read; "
				       "try again",
				       slot)
			     : rc;
}

static int look_at_newest(struct vitrine_channel *channel, struct vitrine_image *image)
{
	struct values values;
	int rc = handle_check(channel, ROLE_ANY);
	int latest;

	for (int tries = 0; rc == VITRINE_OK && tries < TRIES; tries++) {
		rc = handle_values(channel, &values);
		if (rc < 0)
			return fail_system(channel, rc, "semctl(GETALL)");
		latest = latest_slot(channel, &values);
		/* Before init all values are 0; only an inspector can see that. */
		if (latest < 0 && values.semaphore[SEM_NOTHING] == 0 &&
			values.semaphore[SEM_ALIVE] != 0)
			return fail_damaged(channel, "latest");
		if (latest < 0)
			return fail(channel, VITRINE_ENONE, "nothing has been published yet");
		rc = look_once(channel, (uint32_t)latest, true, image);
		if (rc != -EAGAIN)
			return rc;
		rc = VITRINE_OK;
	}
	return rc < 0 ? rc
		      : fail(channel, VITRINE_EDAMAGED,
				"the newest image changes faster than it "
				"can be read");
}

/* Informs a mirror's poller that the program has looked, and which image it has found, if any. */
static void tell_poller(struct vitrine_channel *channel, int rc, const struct vitrine_image *image)
{
	if (channel != NULL && channel->info.role == VITRINE_MIRROR)
		poller_look_again(channel, rc == VITRINE_OK ? image->sequence : 0);
}

int vitrine_latest(struct vitrine_channel *channel, struct vitrine_image *image)
{
	int rc = look_at_newest(channel, image);

	tell_poller(channel, rc, image);
	return rc;
}

/*
 * Replaces *image with the image published before it. False: the slot of that image was claimed
 * since.
 */
static bool step_back(struct vitrine_channel *channel, struct vitrine_image *image)
{
	const uint32_t slot = channel->base->descriptors[image->slot].previous - 1;
	struct vitrine_image earlier;

	/* `previous` was read in the same optimistic way as the image. */
	if (!vitrine_unchanged(channel, image) || slot >= channel->info.slots ||
		slot_sequence(channel, slot) != image->sequence - 1 ||
		load_number(channel, slot, image->sequence - 1, &earlier) != VITRINE_OK)
		return false;
	*image = earlier;
	return true;
}

int vitrine_next(struct vitrine_channel *channel, uint64_t sequence, struct vitrine_image *image)
{
	struct vitrine_image found;
	int rc = look_at_newest(channel, &found);

	if (rc == VITRINE_OK && found.sequence <= sequence)
		rc = fail(channel, VITRINE_ENONE, "no image is newer than number %llu",
			(unsigned long long)sequence);
	if (rc == VITRINE_OK) {
		/* In a manipulated segment the links may form a cycle. */
		for (uint32_t steps = 1; steps < channel->info.slots; steps++)
			if (found.sequence - 1 == sequence || !step_back(channel, &found))
				break;
		*image = found;
		succeed(channel, VITRINE_OK);
	}
	tell_poller(channel, rc, image);
	return rc;
}

int sleep_until_newer(struct vitrine_channel *channel, int latest, int64_t left)
{
	enum transition transition = latest < 0 ? T_WAIT_FIRST : T_WAIT_NEWER;

	if (left < 0 || left > SLEEP_SLICE_NS)
		left = SLEEP_SLICE_NS;
	return handle_do(channel,
		&(struct step){.transition = transition, .slot = -1, .latest = latest}, left);
}

int vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence, int64_t timeout_ns)
{
	struct deadline deadline = deadline_in(timeout_ns);
	struct vitrine_image image;
	bool waited_for_first = false;
	int rc = handle_check(channel, ROLE_ANY);

	while (rc == VITRINE_OK) {
		int latest = -1;

		rc = look_at_newest(channel, &image);
		if (rc == VITRINE_OK && image.sequence > sequence)
			return succeed(channel, VITRINE_OK);
		if (rc == VITRINE_OK)
			latest = (int)image.slot;
		else if (rc != VITRINE_ENONE || waited_for_first)
			return rc;
		rc = sleep_until_newer(channel, latest, deadline_left(deadline));
		/* Either there is an image now, or the channel is still being created. */
		waited_for_first = rc == 0 && latest < 0;
		if (rc == -EAGAIN && segment_is_lost(channel))
			rc = -EIDRM;
		if (rc == -EAGAIN && deadline_left(deadline) != 0)
			rc = VITRINE_OK;
		if (rc == -EAGAIN)
			return fail(channel, VITRINE_ETIMEDOUT,
				"timed out: no newer image arrived. Is a producer publishing "
				"under this key?");
		if (rc < 0)
			return fail_system(channel, rc, "semop(wait for newer)");
	}
	return rc;
}
