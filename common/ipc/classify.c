/* classify.c - see classify.h. */
#include "classify.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "segment.h"

uint32_t header_size_for(uint32_t slots)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = sizeof(struct header) + slots * sizeof(struct descriptor);

	return (uint32_t)((size + page - 1) / page * page);
}

/*
 * True if the header's numbers are possible in a segment of `size` bytes. Header and slots must
 * consist of whole pages, because freeing the pages of one slot must not affect the next.
 */
static bool header_is_sound(const struct header *header, uint64_t size)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return header->header_size % page == 0 && header->slot_size % page == 0 &&
	       header->slot_count >= VITRINE_SLOTS_MIN && header->slot_count <= VITRINE_SLOTS_MAX &&
	       header->descriptor_size == sizeof(struct descriptor) &&
	       header->header_size >=
		       sizeof(struct header) + header->slot_count * sizeof(struct descriptor) &&
	       header->header_size <= size && header->slot_size > 0 &&
	       header->slot_size <= (size - header->header_size) / header->slot_count &&
	       header->header_size + header->slot_size * header->slot_count == size;
}

static bool all_zero(const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/*
 * True if the key name in the header may be half-written: every byte is 0 or the one that this
 * process would write there. A creator may have written the bytes in any order.
 */
static bool name_is_begun(const struct vitrine_channel *channel, const struct header *header)
{
	for (unsigned i = 0; i < VITRINE_NAME_MAX; i++)
		if (header->key_text[i] != 0 && header->key_text[i] != channel->info.key_text[i])
			return false;
	return true;
}

/*
 * True if a creator of a channel with `slots` slots may have left this header when it was killed.
 */
static bool header_is_begun(const struct vitrine_channel *channel, const struct header *header,
	uint32_t slots, uint64_t slot_size)
{
	const struct header done = {
		.layout_version = LAYOUT_VERSION,
		.header_size = header_size_for(slots),
		.slot_count = slots,
		.descriptor_size = sizeof(struct descriptor),
		.slot_size = slot_size,
	};
	bool shaped = header->layout_version == done.layout_version &&
		      header->header_size == done.header_size &&
		      header->slot_count == done.slot_count &&
		      header->descriptor_size == done.descriptor_size &&
		      header->slot_size == done.slot_size;

	if (shaped) /* the compiler may write the fields after slot_size in any order */
		return name_is_begun(channel, header);
	return (header->layout_version == 0 || header->layout_version == done.layout_version) &&
	       (header->header_size == 0 || header->header_size == done.header_size) &&
	       (header->slot_count == 0 || header->slot_count == done.slot_count) &&
	       (header->descriptor_size == 0 || header->descriptor_size == done.descriptor_size) &&
	       (header->slot_size == 0 || header->slot_size == done.slot_size) &&
	       all_zero(&header->semid, sizeof(*header) - offsetof(struct header, semid));
}

/*
 * True if a segment without a magic was certainly left half-made by a creator of this channel: its
 * size is one that Vitrine chooses; its header contains only what a creator writes, in the order of
 * fill_header(); its descriptors are zeros; and no page after them was ever touched. The check must
 * be strict because the memory of another program may begin with zeros, too, for example with a
 * counter that is still 0.
 */
static bool is_half_made(const struct vitrine_channel *channel, const struct found_segment *segment)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const struct header *header = &segment->header;

	for (uint32_t slots = VITRINE_SLOTS_MIN; slots <= VITRINE_SLOTS_MAX; slots++) {
		uint64_t header_size = header_size_for(slots);
		uint64_t data_size = segment->size - header_size;

		if (segment->size > header_size && data_size % (slots * page) == 0 &&
			header_is_begun(channel, header, slots, data_size / slots) &&
			all_zero(header->reserved_304, sizeof(header->reserved_304)) &&
			all_zero(segment->base->descriptors,
				(size_t)header_size - sizeof(*header)) &&
			segment_memory(segment->shmid) == header_size) /* reading it allocated it */
			return true;
	}
	return false;
}

/*
 * Classifies a segment without a magic. While another process has it attached, a creator may be at
 * work. The bytes read may then come from different moments and prove nothing, so the segment is
 * FOUND_BLANK; it is not removed while it is in use.
 */
static enum found classify_without_magic(const struct vitrine_channel *channel,
	struct found_segment *segment)
{
	bool half_made = is_half_made(channel, segment);
	struct segment_status status;

	/* Ask again after reading: a creator may have attached the segment in the meantime. */
	if (segment_status(segment->shmid, &status) == 0)
		segment->attached = status.attached - 1;
	return half_made || segment->attached > 0 ? FOUND_BLANK : FOUND_STRANGE;
}

static enum found classify_header(const struct vitrine_channel *channel,
	struct found_segment *segment)
{
	const struct header *header = &segment->header;

	if (header->magic == 0)
		return classify_without_magic(channel, segment);
	if (header->magic != LAYOUT_MAGIC)
		return FOUND_STRANGE;
	if (header->layout_version != LAYOUT_VERSION)
		return FOUND_VERSION;
	return header_is_sound(header, segment->size) ? FOUND_CHANNEL : FOUND_STRANGE;
}

/*
 * Maps errno to what was found. Only ENOENT, EIDRM and EINVAL prove that there is no segment; after
 * any other error it may be in use.
 */
static struct found_segment failed_look(struct found_segment segment, int rc)
{
	segment.error = rc;
	switch (rc) {
	case -ENOENT:
	case -EIDRM:
	case -EINVAL: segment.found = FOUND_NOTHING; break;
	case -EACCES: segment.found = FOUND_STRANGE; break;
	default: segment.found = FOUND_UNKNOWN; break;
	}
	return segment;
}

void forget_segment(struct found_segment *segment)
{
	if (segment->base != NULL)
		segment_detach(segment->base);
	segment->base = NULL;
}

/*
 * Copies the header and classifies the copy; repeats this if the copy is FOUND_STRANGE and the
 * header has changed in the meantime.
 */
static void read_header(const struct vitrine_channel *channel, struct found_segment *segment)
{
	const void *now = segment->base, *copy = &segment->header;

	for (int tries = 0; tries < LOOKS_MOST; tries++) {
		memcpy(&segment->header, now, sizeof(segment->header));
		segment->found = classify_header(channel, segment);
		if (segment->found != FOUND_STRANGE ||
			memcmp(copy, now, sizeof(segment->header)) == 0)
			return;
	}
}

struct found_segment classify_segment(const struct vitrine_channel *channel, bool writable)
{
	struct found_segment segment = {.found = FOUND_STRANGE, .owner = (uid_t)-1};
	struct segment_status status;
	int attached, rc;

	segment.shmid = segment_find(channel->info.key);
	if (segment.shmid < 0)
		return failed_look(segment, segment.shmid);
	attached = segment_attach(segment.shmid, writable, (void **)&segment.base);
	/*
	 * While we have the segment attached, its id cannot be reused, so the status is that of our
	 * mapping.
	 */
	rc = segment_status(segment.shmid, &status);
	if (rc == 0) {
		segment.owner = status.owner;
		segment.size = status.size;
		segment.attached = status.attached - (attached == 0);
	}
	if (attached < 0 || rc < 0) {
		forget_segment(&segment);
		return failed_look(segment, attached < 0 ? attached : rc);
	}
	if (status.removed) {
		forget_segment(&segment);
		return failed_look(segment, -EIDRM);
	}
	if (segment.size >= sizeof(struct header)) {
		read_header(channel, &segment);
	}
	return segment;
}

static int refuse_version(struct vitrine_channel *channel, const struct found_segment *segment)
{
	return fail(channel, VITRINE_EVERSION,
		"key %s: segment %d is a channel of layout version %u, but this program uses "
		"version %u. Use programs of the same version, or another --key",
		channel->info.key_text, segment->shmid, segment->header.layout_version,
		LAYOUT_VERSION);
}

int refuse_segment(struct vitrine_channel *channel, const struct found_segment *segment)
{
	if (segment->owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: segment %d belongs to another user; nothing was touched. Choose "
			"another --key",
			channel->info.key_text, segment->shmid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: segment %d is not a Vitrine channel; nothing was touched. Choose another "
		"--key, or remove the segment with `ipcrm -m %d` if nobody needs it",
		channel->info.key_text, segment->shmid, segment->shmid);
}

int refuse_found(struct vitrine_channel *channel, const struct found_segment *segment)
{
	switch (segment->found) {
	case FOUND_STRANGE: return refuse_segment(channel, segment);
	case FOUND_VERSION: return refuse_version(channel, segment);
	case FOUND_UNKNOWN: return fail_system(channel, segment->error, "shmget, shmat or shmctl");
	case FOUND_NOTHING:
	case FOUND_BLANK:
	case FOUND_CHANNEL: break;
	}
	return VITRINE_OK;
}

int refuse_owners(struct vitrine_channel *channel, const struct found_segment *segment)
{
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: segment %d belongs to user %u, semaphore set %d to user %u: this is not "
		"a Vitrine channel; nothing was touched. Choose another --key, or remove your own "
		"object with ipcrm",
		channel->info.key_text, segment->shmid, (unsigned)segment->owner,
		channel->info.semid, (unsigned)channel->info.owner_uid);
}

/* In each slot at most one of ready, writer and reader is 1; see transitions.h. */
static bool slot_is_plausible(const struct values *values, uint32_t slot)
{
	const unsigned short *semaphore = &values->semaphore[slot_semaphore(slot, SLOT_READY)];

	return semaphore[SLOT_READY] + semaphore[SLOT_WRITER] + semaphore[SLOT_READER] <= 1 &&
	       semaphore[SLOT_LATEST] <= 1;
}

bool set_is_plausible(const struct vitrine_channel *channel)
{
	const uint32_t slots = channel->info.slots;
	struct values values;
	unsigned newest;

	if (handle_values(channel, &values) < 0)
		return true; /* the set is gone; the next call on it reports that */
	if (values.semaphore[SEM_MUTEX] > slots || values.semaphore[SEM_EMPTY] > slots ||
		values.semaphore[SEM_FULL] > slots || values.semaphore[SEM_NOTHING] > 1 ||
		values.semaphore[SEM_ALIVE] > 1)
		return false;
	newest = values.semaphore[SEM_NOTHING];
	for (uint32_t i = 0; i < slots; i++) {
		if (!slot_is_plausible(&values, i))
			return false;
		newest += values.semaphore[slot_semaphore(i, SLOT_LATEST)];
	}
	return values.semaphore[SEM_ALIVE] == 0 || newest == 1;
}

/*
 * True if begin was the only array ever executed on the set: one process operated on the three
 * semaphores of that array, and no process on any other. (A semop that fails does not change the
 * pids.) The caller checks that all values are 0, which shows that the kernel has undone the array.
 */
static bool set_is_only_begun(const struct vitrine_channel *channel)
{
	int creator = semset_pid(channel->info.semid, SEM_ALIVE), roles = 0;

	for (uint32_t i = 0; i < semaphore_count(channel->info.slots); i++) {
		int pid = semset_pid(channel->info.semid, i);

		if (i == SEM_MUTEX || i == SEM_ALIVE ? pid != creator : pid != 0 && pid != creator)
			return false;
		if (i >= SEM_PRODUCERS && i <= SEM_MIRRORS)
			roles += pid != 0;
		else if (i != SEM_MUTEX && i != SEM_ALIVE && pid != 0)
			return false;
	}
	return creator > 0 && roles == 1;
}

/* True for keys that only Vitrine creates: hashed from a name, or a user's own key. See key.c. */
static bool key_is_our_kind(const struct vitrine_channel *channel)
{
	unsigned prefix = (unsigned)channel->info.key >> 24;

	return prefix == 0x76 || prefix == 0x77;
}

bool set_is_ours(const struct vitrine_channel *channel, bool begun)
{
	struct values values;
	struct found_segment segment;

	if (handle_values(channel, &values) < 0)
		return true; /* the set is gone; the next call on it reports that */
	if (!begun) /* no array was executed, so all values of a set of Vitrine are still 0 */
		return key_is_our_kind(channel) &&
		       all_zero(values.semaphore,
			       semaphore_count(channel->info.slots) * sizeof(values.semaphore[0]));
	if (key_is_our_kind(channel))
		return true;
	segment = classify_segment(channel, false);
	forget_segment(&segment);
	if (segment.found == FOUND_CHANNEL && segment.header.semid == channel->info.semid)
		return segment.owner == channel->info.owner_uid;
	return all_zero(values.semaphore,
		       semaphore_count(channel->info.slots) * sizeof(values.semaphore[0])) &&
	       set_is_only_begun(channel);
}

int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count)
{
	if (owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: semaphore set %d belongs to another user; nothing was touched. "
			"Choose another --key",
			channel->info.key_text, channel->info.semid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: semaphore set %d (%u semaphores) is not a Vitrine channel; nothing was "
		"touched. Choose another --key, or remove the set with `ipcrm -s %d` if nobody "
		"needs it",
		channel->info.key_text, channel->info.semid, count, channel->info.semid);
}
