/* housekeeping.c - see housekeeping.h. */
#include "housekeeping.h"

#include <stdlib.h>
#include <unistd.h>

/* The newest sequence number; *is_quiet: nobody is filling or reading a slot. */
static uint64_t look_at_slots(const struct vitrine_snapshot *snapshot, bool *is_quiet)
{
	uint64_t newest = 0;

	*is_quiet = true;
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];

		if (slot->state == VITRINE_SLOT_WRITING || slot->state == VITRINE_SLOT_READING)
			*is_quiet = false;
		if (slot->latest && slot->has_image)
			newest = slot->image.sequence;
	}
	return newest;
}

/*
 * Frees memory only while no images arrive, because the next one would need it again. Once nothing
 * waits and nothing was left to free, it does nothing until something new is published.
 */
static void trim(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	const struct vitrine_snapshot *snapshot)
{
	bool is_quiet;
	uint64_t newest = look_at_slots(snapshot, &is_quiet);
	bool has_flowed = !is_quiet || newest != housekeeping->newest;

	housekeeping->newest = newest;
	if (has_flowed)
		housekeeping->is_trimmed = false;
	else if (!housekeeping->is_trimmed)
		housekeeping->is_trimmed = vitrine_trim(channel) == 0 && snapshot->full.value == 0;
}

/*
 * Writes a byte to each page of the slot that the next claim will use. Pages that are mapped may
 * still be slow after some idle seconds: the first access to each one again enters a hypervisor
 * that keeps page tables of its own.
 */
static void touch(struct vitrine_channel *channel, uint64_t size)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct vitrine_claim claim;

	if (vitrine_claim(channel, size, VITRINE_FAIL, 0, &claim) != VITRINE_OK)
		return;
	for (uint64_t i = 0; i < size; i += page)
		((volatile uint8_t *)claim.data)[i] = 0;
	vitrine_abandon(channel, &claim);
}

void housekeeping_prepare(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	uint64_t size, bool is_new)
{
	if (size != housekeeping->prepared)
		housekeeping->is_trimmed = false;
	housekeeping->prepared = size;
	if (is_new && size > 0)
		touch(channel, size);
	vitrine_prepare(channel, size);
}

int housekeeping_look(struct housekeeping *housekeeping, struct vitrine_channel *channel,
	bool may_trim)
{
	struct vitrine_snapshot *snapshot = malloc(sizeof(*snapshot));
	int rc;

	if (snapshot == NULL)
		return 0; /* try again later */
	rc = vitrine_inspect_values(channel, snapshot);
	if (rc == VITRINE_OK && snapshot->segment_removed)
		rc = VITRINE_EREMOVED;
	if (rc == VITRINE_OK && may_trim)
		trim(housekeeping, channel, snapshot);
	free(snapshot);
	return rc == VITRINE_EREMOVED ? rc : 0;
}
