/*
 * creating.c - creates a channel, after this process has created the set with semget(IPC_EXCL). The
 * steps are: begin; create the segment and fill its header; init. If this process is too slow,
 * another one may condemn the set at any time before begin.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "classify.h"
#include "lifecycle.h"
#include "segment.h"
#include "semset.h"

enum { LOOK_AGAIN_NS = 1000000 };

/*
 * The segment has no magic, and another process has it attached: a slow creator, a creator that is
 * being killed, or another program. Sleeps for a moment, so that the process can detach the
 * segment; after patience_ns, refuses the segment.
 */
static int wait_for_detach(struct vitrine_channel *channel, const struct found_segment *segment,
	uint64_t *looks)
{
	if (++*looks * LOOK_AGAIN_NS > channel->patience_ns)
		return refuse_segment(channel, segment);
	if (nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL) < 0)
		return fail(channel, VITRINE_EINTR, "open: interrupted by a signal");
	return VITRINE_OK;
}

/*
 * Removes the segment that a dead creator or a dead channel left under the key, or sleeps for a
 * moment if the segment is in use; then returns VITRINE_OK, and the caller tries again. *looks
 * counts these sleeps. START_OVER: our set is gone, so the segment may belong to another process
 * that is creating the channel.
 */
static int remove_leftover(struct vitrine_channel *channel, uint64_t *looks)
{
	struct found_segment segment = classify_segment(channel, false);
	int rc = refuse_found(channel, &segment);

	forget_segment(&segment);
	if (rc < 0 || segment.found == FOUND_NOTHING)
		return rc;
	if (segment.owner != geteuid())
		return refuse_segment(channel, &segment);
	/*
	 * Another creator must create its set before its segment, and cannot do so while our set
	 * exists. So if our set still exists after we have looked at the segment, the segment does
	 * not belong to another creator. It is removed by id.
	 */
	if (semset_find(channel->info.key) != channel->info.semid)
		return START_OVER;
	if (segment.found == FOUND_BLANK && segment.attached > 0)
		return wait_for_detach(channel, &segment, looks);
	remove_segment(channel, segment.shmid);
	return VITRINE_OK;
}

static uint64_t round_up(uint64_t size, uint64_t unit)
{
	return (size + unit - 1) / unit * unit;
}

/*
 * Fills info with the slot count and sizes of the channel to be created: those that
 * apply_options() in opening.c has settled, in whole pages.
 */
static void plan(struct vitrine_channel *channel, const struct request *request,
	uint32_t *header_size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	*header_size = header_size_for(request->slots);
	channel->info.slots = request->slots;
	channel->info.slot_size = round_up(request->slot_size, page);
	channel->info.segment_size = *header_size + request->slots * channel->info.slot_size;
}

static int create_segment(struct vitrine_channel *channel, unsigned mode)
{
	char size[24], call[VITRINE_NAME_MAX + 64];
	const char *failed = "shmget";
	uint64_t looks = 0;
	int rc = -EEXIST;

	for (int tries = 0; tries < LOOKS_MOST; tries++) {
		uint64_t started = clock_ns();
		int removed;

		notify_observer(channel, "create segment", true, 0, started);
		rc = segment_create(channel->info.key, channel->info.segment_size, mode);
		notify_observer(channel, "create segment", false, rc, started);
		if (rc != -EEXIST)
			break;
		removed = remove_leftover(channel, &looks);
		if (removed != VITRINE_OK)
			return removed;
	}
	if (rc >= 0) {
		failed = "shmat";
		channel->info.shmid = rc;
		rc = segment_attach(rc, true, (void **)&channel->base);
		if (rc == 0)
			return VITRINE_OK;
		remove_segment(channel, channel->info.shmid);
		if (rc == -EINVAL || rc == -EIDRM)
			return START_OVER; /* the segment was removed before we could attach it */
	}
	snprintf(call, sizeof(call), "%s(key %s, %s)", failed, channel->info.key_text,
		size_text(channel->info.segment_size, size));
	if (rc == -EINVAL)
		return fail(channel, VITRINE_ELIMIT,
			"%s: larger than kernel.shmmax allows. Use fewer or smaller slots "
			"(--slots, --slot-size)",
			call);
	return fail_system(channel, rc, call);
}

static void fill_header(struct vitrine_channel *channel, uint32_t header_size)
{
	struct header *header = channel->base;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	header->layout_version = LAYOUT_VERSION;
	header->header_size = header_size;
	header->slot_count = channel->info.slots;
	header->descriptor_size = sizeof(struct descriptor);
	header->slot_size = channel->info.slot_size;
	/* is_half_made() in classify.c relies on this order. */
	atomic_signal_fence(memory_order_seq_cst);
	header->semid = channel->info.semid;
	header->creator = channel->pid;
	header->created_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	memcpy(header->key_text, channel->info.key_text, sizeof(header->key_text));
	atomic_store_explicit(&header->magic, LAYOUT_MAGIC, memory_order_release);
}

/*
 * Replaces the creator's writable mapping with a read-only one: only a producer keeps write access.
 */
static int keep_read_only(struct vitrine_channel *channel)
{
	void *writable = channel->base;
	int rc = segment_attach(channel->info.shmid, false, (void **)&channel->base);

	/* Detach only now: as long as a mapping exists, the id cannot be reused. */
	if (rc == 0)
		segment_detach(writable);
	return rc;
}

/*
 * Undoes a creation that failed, so that the next process can create the channel at once.
 * (Otherwise it would have to wait until it may condemn the set.)
 */
static void give_up_creation(struct vitrine_channel *channel)
{
	do_transition(channel, T_LEAVE, 0);
	condemn_set(channel);
	channel->joined = false;
}

int create_channel(struct vitrine_channel *channel, const struct request *request)
{
	const char *failed;
	uint32_t header_size;
	int rc;

	plan(channel, request, &header_size);
	rc = do_transition(channel, T_BEGIN, 0);
	if (rc == -EAGAIN || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc < 0) {
		condemn_set(channel);
		return fail_system(channel, rc, "semop(begin)");
	}
	channel->joined = true;
	rc = create_segment(channel, request->mode);
	if (rc != VITRINE_OK) {
		give_up_creation(channel);
		return rc;
	}
	fill_header(channel, header_size);
	rc = channel->info.role == VITRINE_PRODUCER ? 0 : keep_read_only(channel);
	failed = rc < 0 ? "shmat" : "semop(init)";
	if (rc == 0)
		rc = do_transition(channel, T_INIT, 0);
	if (rc == 0) {
		channel->info.created = true;
		return VITRINE_OK;
	}
	give_up_creation(channel); /* does nothing if another process has removed the set */
	remove_segment(channel, channel->info.shmid);
	detach_segment(channel);
	return rc == -EIDRM || rc == -EINVAL ? START_OVER : fail_system(channel, rc, failed);
}
