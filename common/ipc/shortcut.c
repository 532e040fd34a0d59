/* shortcut.c - see shortcut.h. */
#include "shortcut.h"

#include <errno.h>
#include <string.h>

#include "handle.h"
#include "slots.h"

/* Claims or takes less than PAUSE_NS apart, STREAM_ROUNDS of them in a row, belong to a stream. */
enum { PAUSE_NS = 1000000, STREAM_ROUNDS = 16 };

/* Which slot to claim depends on the mirrors, and a guess does not see them come and go. */
enum { LOOK_AGAIN_NS = 250000000 };

void shortcut_start(struct shortcut *shortcut)
{
	memset(shortcut, 0, sizeof(*shortcut));
	shortcut->free_slot = -1;
	shortcut->publish[false] = T_PUBLISH_OVER_WAITING;
	shortcut->publish[true] = T_PUBLISH_OVER_DONE;
	shortcut->is_only_consumer = true;
}

void shortcut_begin_round(struct vitrine_channel *channel)
{
	struct shortcut *shortcut = &channel->shortcut;
	uint64_t now = clock_ns();

	shortcut->back_to_back =
		now < shortcut->round_ns + PAUSE_NS ? shortcut->back_to_back + 1 : 0;
	shortcut->round_ns = now;
}

struct spin *shortcut_spin(struct vitrine_channel *channel, enum transition transition)
{
	bool is_short = transition == T_LOCK || transition == T_WAIT_AND_LOCK;

	return is_short ? &channel->shortcut.spin[transition] : NULL;
}

/* ---- claim --------------------------------------------------------------------------------- */

static int probably_free(const struct vitrine_channel *channel)
{
	const struct shortcut *shortcut = &channel->shortcut;

	return shortcut->round_ns < shortcut->looked_ns + LOOK_AGAIN_NS ? shortcut->free_slot : -1;
}

static int claim_at_once(void *data)
{
	struct vitrine_channel *channel = data;
	int slot = probably_free(channel);
	int rc = slot < 0 ? -EAGAIN : do_on_slot(channel, T_CLAIM_AT_ONCE, slot);

	return rc < 0 ? rc : slot;
}

int shortcut_claim(struct vitrine_channel *channel, bool may_sleep)
{
	struct shortcut *shortcut = &channel->shortcut;
	int slot;

	shortcut->waited = false;
	if (shortcut->back_to_back < STREAM_ROUNDS)
		return -EAGAIN;
	slot = claim_at_once(channel);
	shortcut->waited = slot == -EAGAIN;
	if (slot == -EAGAIN && may_sleep)
		slot = spin_try(&shortcut->spin[T_CLAIM_AT_ONCE], claim_at_once, channel);
	return slot;
}

void shortcut_reserved(struct vitrine_channel *channel, uint64_t since_ns)
{
	spin_slept(&channel->shortcut.spin[T_CLAIM_AT_ONCE], since_ns);
}

int shortcut_free_slot(const struct vitrine_channel *channel, struct step *step)
{
	step->slot = probably_free(channel);
	return step->slot < 0 ? -EAGAIN : 0;
}

void shortcut_saw_mirrors(struct vitrine_channel *channel, const struct values *values)
{
	channel->shortcut.has_mirrors = values->semaphore[SEM_MIRRORS] > 0;
	channel->shortcut.looked_ns = channel->shortcut.round_ns;
}

void shortcut_claimed(struct vitrine_channel *channel)
{
	channel->shortcut.free_slot = -1;
}

void shortcut_freed(struct vitrine_channel *channel, int slot)
{
	channel->shortcut.free_slot = slot;
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
int shortcut_publish(const struct vitrine_channel *channel, struct step *step)
{
	const struct shortcut *shortcut = &channel->shortcut;

	step->latest = highest_numbered_slot(channel);
	step->transition = shortcut->publish[shortcut->waited];
	return step->latest >= 0 && shortcut->published > 0 &&
			       slot_sequence(channel, (uint32_t)step->latest) == shortcut->published
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

void shortcut_published(struct vitrine_channel *channel, const struct step *step)
{
	struct shortcut *shortcut = &channel->shortcut;

	shortcut->published = step->image->sequence;
	if (step->latest >= 0)
		shortcut->publish[shortcut->waited] = step->transition;
	shortcut->free_slot = shortcut->has_mirrors
				      ? oldest_slot(channel)
				      : free_after(channel, step->transition, step->latest);
}

/* ---- take, release ------------------------------------------------------------------------- */

/* Guesses the slot with the lowest number that this handle does not know to be consumed. */
int shortcut_take(const struct vitrine_channel *channel, struct step *step)
{
	const struct shortcut *shortcut = &channel->shortcut;
	uint64_t oldest = UINT64_MAX;

	step->slot = -1;
	for (uint32_t i = 0; shortcut->is_only_consumer && i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if (sequence != 0 && sequence != shortcut->consumed[i] && sequence < oldest) {
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
			channel->shortcut.consumed[i] = sequence;
	}
}

void shortcut_saw_waiting(struct vitrine_channel *channel, const struct values *values, int slot)
{
	mark_consumed(channel, values, slot);
	channel->shortcut.is_only_consumer = values->semaphore[SEM_CONSUMERS] == 1;
}

int shortcut_release(const struct vitrine_channel *channel, struct step *step)
{
	bool is_latest = highest_numbered_slot(channel) == step->slot;

	step->transition = is_latest ? T_RELEASE_LATEST : T_RELEASE;
	return 0;
}

void shortcut_released(struct vitrine_channel *channel, int slot, uint64_t sequence)
{
	channel->shortcut.consumed[slot] = sequence;
}
