/* finding.c - see finding.h. */
#include "finding.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "segment.h"

/*
 * Whether the numbers of a header can be true in a segment of `size` bytes. Slots of whole pages: to
 * give back the pages of one must not reach into the next.
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

static enum found judge(const struct finding *finding)
{
	const struct header *header = &finding->header;

	if (header->magic == 0)
		return FOUND_BLANK;
	if (header->magic != LAYOUT_MAGIC)
		return FOUND_STRANGE;
	if (header->layout_version != LAYOUT_VERSION)
		return FOUND_VERSION;
	return header_is_sound(header, finding->size) ? FOUND_CHANNEL : FOUND_STRANGE;
}

/* What it means that a call failed. Only who is told so may believe that there is nothing. */
static struct finding failed_look(struct finding finding, int rc)
{
	finding.error = rc;
	switch (rc) {
	case -ENOENT:
	case -EIDRM:
	case -EINVAL: finding.found = FOUND_NOTHING; break;
	case -EACCES: finding.found = FOUND_STRANGE; break;
	default: finding.found = FOUND_UNKNOWN; break;
	}
	return finding;
}

struct finding look_at_segment(const struct vitrine_channel *channel)
{
	struct finding finding = {.found = FOUND_STRANGE, .owner = (uid_t)-1};
	struct segment_status status;
	void *at;
	int rc;

	finding.shmid = segment_find(channel->info.key);
	rc = finding.shmid < 0 ? finding.shmid : segment_status(finding.shmid, &status);
	if (rc < 0)
		return failed_look(finding, rc);
	finding.owner = status.owner;
	finding.attached = status.attached;
	finding.size = status.size;
	if (status.size < sizeof(struct header))
		return finding;
	rc = segment_attach(finding.shmid, false, &at);
	if (rc < 0)
		return failed_look(finding, rc);
	memcpy(&finding.header, at, sizeof(finding.header));
	segment_detach(at);
	finding.found = judge(&finding);
	return finding;
}

static int refuse_version(struct vitrine_channel *channel, const struct finding *finding)
{
	return fail(channel, VITRINE_EVERSION,
		"key %s: segment %d is a channel of layout version %u, this program speaks %u: "
		"use programs of one version, or another --key",
		channel->info.key_text, finding->shmid, finding->header.layout_version,
		LAYOUT_VERSION);
}

int refuse_segment(struct vitrine_channel *channel, const struct finding *finding)
{
	if (finding->owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: segment %d belongs to another user; nothing was touched. Choose "
			"another --key",
			channel->info.key_text, finding->shmid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: segment %d is no channel of ours; nothing was touched. Choose another "
		"--key, or remove it with `ipcrm -m %d` if nobody needs it",
		channel->info.key_text, finding->shmid, finding->shmid);
}

int refuse_found(struct vitrine_channel *channel, const struct finding *finding)
{
	switch (finding->found) {
	case FOUND_STRANGE: return refuse_segment(channel, finding);
	case FOUND_VERSION: return refuse_version(channel, finding);
	case FOUND_UNKNOWN: return fail_system(channel, finding->error, "look at the segment");
	case FOUND_NOTHING:
	case FOUND_BLANK:
	case FOUND_CHANNEL: break;
	}
	return VITRINE_OK;
}

bool set_is_plausible(const struct vitrine_channel *channel)
{
	const uint32_t slots = channel->info.slots;
	struct values values;

	if (handle_values(channel, &values) < 0)
		return true; /* gone by now: the next call says so */
	if (values.semaphore[SEM_MUTEX] > slots || values.semaphore[SEM_EMPTY] > slots ||
		values.semaphore[SEM_FULL] > slots || values.semaphore[SEM_NOTHING] > 1 ||
		values.semaphore[SEM_ALIVE] > 1)
		return false;
	for (uint32_t i = SEM_SLOTS; i < semaphore_count(slots); i++)
		if (values.semaphore[i] > 1)
			return false;
	return true;
}

int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count)
{
	if (owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: semaphore set %d belongs to another user; nothing was touched. "
			"Choose another --key",
			channel->info.key_text, channel->info.semid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: semaphore set %d (%u semaphores) is no channel of ours; nothing was "
		"touched. Choose another --key, or remove it with `ipcrm -s %d` if nobody needs it",
		channel->info.key_text, channel->info.semid, count, channel->info.semid);
}
