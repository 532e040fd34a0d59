/*
 * inspect.c - reads the whole state of a channel, for windows, tools and tests. It needs no lock:
 * all values come from one GETALL, which the kernel executes under its own lock.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "choose_slot.h"
#include "handle.h"
#include "image.h"
#include "segment.h"

static int at_least_0(int value)
{
	return value < 0 ? 0 : value;
}

/* The data that one inspection has read so far. */
struct look {
	const struct vitrine_channel *channel;
	struct values values;
	uint64_t sequences[VITRINE_SLOTS_MAX];
	bool is_brief; /* vitrine_inspect_values(): no pid, ncnt and zcnt for most semaphores */
};

static int32_t last_pid(const struct look *look, uint32_t number)
{
	return at_least_0(semset_pid(look->channel->info.semid, number));
}

static struct vitrine_semaphore whole_semaphore(const struct look *look, uint32_t number)
{
	const int semid = look->channel->info.semid;

	return (struct vitrine_semaphore){
		.value = look->values.semaphore[number],
		.pid = last_pid(look, number),
		.ncnt = at_least_0(semset_ncnt(semid, number)),
		.zcnt = at_least_0(semset_zcnt(semid, number)),
	};
}

static struct vitrine_semaphore semaphore(const struct look *look, uint32_t number)
{
	if (!look->is_brief)
		return whole_semaphore(look, number);
	return (struct vitrine_semaphore){.value = look->values.semaphore[number]};
}

static enum vitrine_slot_state state_of(const struct vitrine_slot_info *slot)
{
	int owners = slot->ready.value + slot->writer.value + slot->reader.value;

	if (owners > 1 || (slot->writer.value > 0 && slot->latest_semaphore.value > 0) ||
		slot->latest_semaphore.value > 1)
		return VITRINE_SLOT_DAMAGED;
	if (slot->writer.value > 0)
		return VITRINE_SLOT_WRITING;
	if (slot->reader.value > 0)
		return VITRINE_SLOT_READING;
	return slot->ready.value > 0 ? VITRINE_SLOT_READY : VITRINE_SLOT_EMPTY;
}

static void inspect_slot(const struct look *look, uint32_t i, struct vitrine_slot_info *slot)
{
	const struct vitrine_channel *channel = look->channel;

	slot->ready = semaphore(look, slot_semaphore(i, SLOT_READY));
	slot->latest_semaphore = semaphore(look, slot_semaphore(i, SLOT_LATEST));
	slot->writer = semaphore(look, slot_semaphore(i, SLOT_WRITER));
	slot->reader = semaphore(look, slot_semaphore(i, SLOT_READER));
	slot->state = state_of(slot);
	slot->latest = slot->latest_semaphore.value > 0;
	/*
	 * While a slot is being read, the last operation on its `ready` was that of the reader, but
	 * the last one on its `reader` may be that of a publisher.
	 */
	if (slot->state == VITRINE_SLOT_READING)
		slot->holder = look->is_brief ? last_pid(look, slot_semaphore(i, SLOT_READY))
					      : slot->ready.pid;
	if (slot->state == VITRINE_SLOT_WRITING)
		slot->holder = look->is_brief ? last_pid(look, slot_semaphore(i, SLOT_WRITER))
					      : slot->writer.pid;
	if (slot->ready.value == 0 && slot->reader.value == 0 && !slot->latest)
		return;
	image_load(&slot->image, &channel->base->descriptors[i]);
	slot->image.slot = i;
	slot->image.data = slot_data(channel, i);
	slot->image.sequence = look->sequences[i];
	slot->has_image = vitrine_unchanged(channel, &slot->image) &&
			  image_is_sound(&slot->image, &channel->info);
}

static void inspect_counters(const struct look *look, struct vitrine_snapshot *snapshot)
{
	snapshot->mutex = whole_semaphore(look, SEM_MUTEX);
	snapshot->empty = semaphore(look, SEM_EMPTY);
	snapshot->full = semaphore(look, SEM_FULL);
	snapshot->nothing = semaphore(look, SEM_NOTHING);
	snapshot->alive = semaphore(look, SEM_ALIVE);
	snapshot->producers = semaphore(look, SEM_PRODUCERS);
	snapshot->consumers = whole_semaphore(look, SEM_CONSUMERS);
	snapshot->mirrors = semaphore(look, SEM_MIRRORS);
}

static int inspect(const struct vitrine_channel *channel, bool is_brief,
	struct vitrine_snapshot *snapshot)
{
	struct look look = {.channel = channel, .is_brief = is_brief};
	struct segment_status status;
	int rc;

	memset(snapshot, 0, sizeof(*snapshot));
	if (channel == NULL || channel->base == NULL)
		return VITRINE_EINVAL;
	if (!handle_is_own(channel))
		return VITRINE_EFORK;
	if (segment_status(channel->info.shmid, &status) < 0)
		return VITRINE_EREMOVED;
	/* Read the sequence numbers first; mirror.c explains why. */
	for (uint32_t i = 0; i < channel->info.slots; i++)
		look.sequences[i] = atomic_load_explicit(&channel->base->descriptors[i].sequence,
			memory_order_acquire);
	rc = handle_values_shared(channel, &look.values);
	if (rc < 0)
		return rc == -ENOMEM ? VITRINE_ENOMEM : VITRINE_EREMOVED;
	inspect_counters(&look, snapshot);
	snapshot->owner_uid = status.owner;
	snapshot->mode = status.mode;
	snapshot->attached = (uint32_t)status.attached;
	snapshot->segment_removed = status.removed;
	snapshot->slot_count = channel->info.slots;
	for (uint32_t i = 0; i < channel->info.slots; i++) {
		inspect_slot(&look, i, &snapshot->slots[i]);
		snapshot->resident += slot_resident(channel, i);
	}
	return VITRINE_OK;
}

int vitrine_inspect(const struct vitrine_channel *channel, struct vitrine_snapshot *snapshot)
{
	return inspect(channel, false, snapshot);
}

int vitrine_inspect_values(const struct vitrine_channel *channel, struct vitrine_snapshot *snapshot)
{
	return inspect(channel, true, snapshot);
}

const char *vitrine_semaphore_name(uint32_t number, char *text, uint64_t size)
{
	static const char *const names[] = {
		"mutex", "empty", "full", "nothing", "alive", "producers", "consumers", "mirrors"};
	static const char *const slot_names[] = {"ready", "latest", "writer", "reader"};

	if (number < SEM_SLOTS)
		snprintf(text, (size_t)size, "%s", names[number]);
	else
		snprintf(text, (size_t)size, "%s %u",
			slot_names[(number - SEM_SLOTS) % SLOT_SEMAPHORES],
			(number - SEM_SLOTS) / SLOT_SEMAPHORES);
	return text;
}
