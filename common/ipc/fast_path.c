/* fast_path.c - see fast_path.h. */
#include "fast_path.h"

#include <errno.h>
#include <string.h>

#include "handle.h"
#include "slots.h"

/* Claims or takes less than PAUSE_NS apart, STREAM_ROUNDS of them in a row, belong to a stream. */
enum { PAUSE_NS = 1000000, STREAM_ROUNDS = 16 };

/* Which slot to claim depends on the mirrors, and a guess does not see them come and go. */
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

int fast_path_claim(struct vitrine_channel *channel, bool may_sleep)
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

void fast_path_reserved(struct vitrine_channel *channel, uint64_t since_ns)
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
 * so the array that published last time will fit again. It must be certain that our image is the
 * newest, because its successor's number is stored before the array is executed. Here it is
 * certain: while the mutex is held, the highest number belongs to the newest image if that image
 * was published, and a handle knows that about its own image.
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
 * Guesses which slot becomes free when `latest` is superseded: `latest` itself if its image was
 * consumed; the one before it if the image is being read; otherwise the oldest.
 */
static int free_after(const struct vitrine_channel *channel, enum transition publish, int latest)
{
	if (latest < 0 || publish == T_PUBLISH_OVER_DONE)
		return latest;
	return slot_before(channel, slot_sequence(channel, (uint32_t)latest),
		publish == T_PUBLISH_OVER_READING);
}

/*
 * Guesses the slot with the oldest image, or without one: the lowest number of those that this
 * handle has not claimed.
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

/* Guesses the slot with the lowest number that this handle does not know to be consumed. */
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

/* The image in slot `slot` is the oldest waiting one, so older images are consumed for good. */
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
