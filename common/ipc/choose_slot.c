/* choose_slot.c - see choose_slot.h. */
#include "choose_slot.h"

uint64_t slot_sequence(const struct vitrine_channel *channel, uint32_t slot)
{
	return atomic_load_explicit(&channel->base->descriptors[slot].sequence,
		memory_order_acquire);
}

uint64_t slot_resident(const struct vitrine_channel *channel, uint32_t slot)
{
	uint64_t resident = channel->base->descriptors[slot].resident;

	return resident < channel->info.slot_size ? resident : channel->info.slot_size;
}

int highest_numbered_slot(const struct vitrine_channel *channel)
{
	uint64_t newest = 0;
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i);

		if (sequence > newest) {
			newest = sequence;
			best = (int)i;
		}
	}
	return best;
}

int latest_slot(const struct vitrine_channel *channel, const struct values *values)
{
	for (uint32_t i = 0; i < channel->info.slots; i++)
		if (slot_has(values, i, SLOT_LATEST))
			return (int)i;
	return -1;
}

static bool is_free(const struct values *values, uint32_t slot)
{
	return !slot_has(values, slot, SLOT_READY) && !slot_has(values, slot, SLOT_LATEST) &&
	       !slot_has(values, slot, SLOT_WRITER) && !slot_has(values, slot, SLOT_READER);
}

int warmest_free_slot(const struct vitrine_channel *channel, const struct values *values)
{
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		bool has_pages = channel->base->descriptors[i].resident > 0;
		bool best_has;

		if (!is_free(values, i))
			continue;
		best_has = best >= 0 && channel->base->descriptors[best].resident > 0;
		if (best < 0 || has_pages > best_has ||
			(has_pages == best_has &&
				slot_sequence(channel, i) > slot_sequence(channel, (uint32_t)best)))
			best = (int)i;
	}
	return best;
}

/* A slot without an image has number 0. Among slots with equal numbers, prefers one with pages. */
static int oldest_free_slot(const struct vitrine_channel *channel, const struct values *values)
{
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		uint64_t sequence = slot_sequence(channel, i), lowest;

		if (!is_free(values, i))
			continue;
		lowest = best < 0 ? 0 : slot_sequence(channel, (uint32_t)best);
		if (best < 0 || sequence < lowest ||
			(sequence == lowest && slot_resident(channel, i) > 0 &&
				slot_resident(channel, (uint32_t)best) == 0))
			best = (int)i;
	}
	return best;
}

int slot_to_claim(const struct vitrine_channel *channel, const struct values *values)
{
	const struct prepared *prepared = &channel->prepared;

	if (prepared->size > 0 && is_free(values, prepared->slot))
		return (int)prepared->slot;
	return values->semaphore[SEM_MIRRORS] > 0 ? oldest_free_slot(channel, values)
						  : warmest_free_slot(channel, values);
}

int oldest_waiting_slot(const struct vitrine_channel *channel, const struct values *values)
{
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		if (!slot_has(values, i, SLOT_READY))
			continue;
		if (best < 0 || slot_sequence(channel, i) < slot_sequence(channel, (uint32_t)best))
			best = (int)i;
	}
	return best;
}

int oldest_droppable_slot(const struct vitrine_channel *channel, const struct values *values)
{
	int best = -1;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		if (!slot_has(values, i, SLOT_READY) || slot_has(values, i, SLOT_LATEST))
			continue;
		if (best < 0 || slot_sequence(channel, i) < slot_sequence(channel, (uint32_t)best))
			best = (int)i;
	}
	return best;
}
