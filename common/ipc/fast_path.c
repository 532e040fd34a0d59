/* fast_path.c - see fast_path.h. */
#include "fast_path.h"

#include <errno.h>
#include <string.h>

#include "choose_slot.h"
#include "handle.h"

/*
 * A stream is a series of rounds, each of which begins less than PAUSE_NS after the one before. A
 * producer tries to reserve and claim in one array after STREAM_ROUNDS rounds of a stream.
 */
enum { PAUSE_NS = 1000000, STREAM_ROUNDS = 16 };

/*
 * Which slot to claim depends on whether mirrors are in the channel. A guess does not read their
 * number, so no guess is made if the last look was longer ago.
 */
enum { LOOK_AGAIN_NS = 250000000 };

void fast_path_start(struct fast_path *fast_path)
{
	memset(fast_path, 0, sizeof(*fast_path));
	fast_path->free_slot = -1;
	fast_path->publish[false] = T_PUBLISH_OVER_WAITING;
	fast_path->publish[true] = T_PUBLISH_OVER_DONE;
	fast_path->is_only_consumer = true;
}

void fast_path_begin_round(struct vitrine_channel *channel)
{
	struct fast_path *fast_path = &channel->fast_path;
	uint64_t now = clock_ns();

	fast_path->back_to_back =
		now < fast_path->round_ns + PAUSE_NS ? fast_path->back_to_back + 1 : 0;
	fast_path->round_ns = now;
}

struct spin *fast_path_spin(struct vitrine_channel *channel, enum transition transition)
{
	bool is_short = transition == T_LOCK || transition == T_WAIT_AND_LOCK;

	return is_short ? &channel->fast_path.spin[transition] : NULL;
}

/* ---- claim --------------------------------------------------------------------------------- */

static int probably_free(const struct vitrine_channel *channel)
{
	const struct fast_path *fast_path = &channel->fast_path;

	return fast_path->round_ns < fast_path->looked_ns + LOOK_AGAIN_NS ? fast_path->free_slot
									  : -1;
}

static int claim_at_once(void *data)
{
	struct vitrine_channel *channel = data;
	int slot = probably_free(channel);
	int rc = slot < 0 ? -EAGAIN : do_on_slot(channel, T_CLAIM_AT_ONCE, slot);

	return rc < 0 ? rc : slot;
}

int fast_path_try_claim(struct vitrine_channel *channel, bool may_sleep)
{
	struct fast_path *fast_path = &channel->fast_path;
	int slot;

	fast_path->waited = false;
	if (fast_path->back_to_back < STREAM_ROUNDS)
		return -EAGAIN;
	slot = claim_at_once(channel);
	fast_path->waited = slot == -EAGAIN;
	if (slot == -EAGAIN && may_sleep)
		slot = spin_try(&fast_path->spin[T_CLAIM_AT_ONCE], claim_at_once, channel);
	return slot;
}

void fast_path_slept(struct vitrine_channel *channel, uint64_t since_ns)
{
	spin_slept(&channel->fast_path.spin[T_CLAIM_AT_ONCE], since_ns);
}

int fast_path_free_slot(const struct vitrine_channel *channel, struct step *step)
{
	step->slot = probably_free(channel);
	return step->slot < 0 ? -EAGAIN : 0;
}

void fast_path_saw_mirrors(struct vitrine_channel *channel, const struct values *values)
{
	channel->fast_path.has_mirrors = values->semaphore[SEM_MIRRORS] > 0;
	channel->fast_path.looked_ns = channel->fast_path.round_ns;
}

void fast_path_claimed(struct vitrine_channel *channel)
{
	channel->fast_path.free_slot = -1;
}

void fast_path_freed(struct vitrine_channel *channel, int slot)
{
	channel->fast_path.free_slot = slot;
}

/* ---- publish ------------------------------------------------------------------------------- */

/* The slot with the highest (`nearest`) or the lowest sequence number below `limit`. */
static int slot_before(const struct vitrine_channel *channel, uint64_t limit, bool nearest)
{
	uint64_t found = 0;
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if (sequence == 0 || sequence >= limit)
			continue;
		if (best < 0 || (sequence > found) == nearest) {
			found = sequence;
			best = (int)i;
		}
	}
	return best;
}

/*
 * If our own image is still the newest, the consumer has probably treated it like our previous one,
 * so the array that published last time will fit again.
 *
 * The new image gets the number after that of the newest image, and this number is stored before
 * the array is executed. So the guess is used only if our image is certainly the newest. While the
 * mutex is held, the highest number is that of the newest image, unless a publisher was killed
 * before it published. Our own image was published, so if its number is the highest, it is the
 * newest.
 */
int fast_path_publish(const struct vitrine_channel *channel, struct step *step)
{
	const struct fast_path *fast_path = &channel->fast_path;

	step->latest = highest_numbered_slot(channel);
	step->transition = fast_path->publish[fast_path->waited];
	return step->latest >= 0 && fast_path->published > 0 &&
			       slot_sequence(channel, (uint32_t)step->latest) ==
				       fast_path->published
		       ? 0
		       : -EAGAIN;
}

/*
 * Guesses the slot that becomes free when the image in slot `latest` is superseded: `latest` itself
 * if its image was consumed; the slot of the image before it if its image is being read; otherwise
 * the slot of the oldest image.
 */
static int free_after(const struct vitrine_channel *channel, enum transition publish, int latest)
{
	if (latest < 0 || publish == T_PUBLISH_OVER_DONE)
		return latest;
	return slot_before(channel, slot_sequence(channel, (uint32_t)latest),
		publish == T_PUBLISH_OVER_READING);
}

/*
 * Guesses the slot with the oldest image or with none: of the slots that this handle has not
 * claimed, the one with the lowest sequence number (0: no image).
 */
static int oldest_slot(const struct vitrine_channel *channel)
{
	uint64_t lowest = UINT64_MAX;
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if ((channel->claimed >> i & 1) == 0 && sequence < lowest) {
			lowest = sequence;
			best = (int)i;
		}
	}
	return best;
}

void fast_path_published(struct vitrine_channel *channel, const struct step *step)
{
	struct fast_path *fast_path = &channel->fast_path;

	fast_path->published = step->image->sequence;
	if (step->latest >= 0)
		fast_path->publish[fast_path->waited] = step->transition;
	fast_path->free_slot = fast_path->has_mirrors
				       ? oldest_slot(channel)
				       : free_after(channel, step->transition, step->latest);
}

/* ---- take, release ------------------------------------------------------------------------- */

/* Guesses the slot with the oldest image that is not recorded in consumed[]. */
int fast_path_take(const struct vitrine_channel *channel, struct step *step)
{
	const struct fast_path *fast_path = &channel->fast_path;
	uint64_t oldest = UINT64_MAX;

	step->slot = -1;
	for (uint32_t i = 0; fast_path->is_only_consumer && i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if (sequence != 0 && sequence != fast_path->consumed[i] && sequence < oldest) {
			oldest = sequence;
			step->slot = (int)i;
		}
	}
	return step->slot < 0 ? -EAGAIN : 0;
}

/*
 * Records in consumed[] that the images older than the one in slot `slot`, which is the oldest
 * waiting image, were consumed, except those that a consumer is still reading.
 */
static void mark_consumed(struct vitrine_channel *channel, const struct values *values, int slot)
{
	uint64_t limit = slot_sequence(channel, (uint32_t)slot);

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if (sequence < limit && !slot_has(values, i, SLOT_READY) &&
			!slot_has(values, i, SLOT_READER) && !slot_has(values, i, SLOT_WRITER))
			channel->fast_path.consumed[i] = sequence;
	}
}

void fast_path_saw_waiting(struct vitrine_channel *channel, const struct values *values, int slot)
{
	mark_consumed(channel, values, slot);
	channel->fast_path.is_only_consumer = values->semaphore[SEM_CONSUMERS] == 1;
}

int fast_path_release(const struct vitrine_channel *channel, struct step *step)
{
	bool is_latest = highest_numbered_slot(channel) == step->slot;

	step->transition = is_latest ? T_RELEASE_LATEST : T_RELEASE;
	return 0;
}

void fast_path_released(struct vitrine_channel *channel, int slot, uint64_t sequence)
{
	channel->fast_path.consumed[slot] = sequence;
}
