/*
 * creating.c - creates a channel. This process won semget(IPC_EXCL), so the set is ours until
 * another process condemns it because we are too slow. The order is: begin, then the segment and
 * its header, then init.
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
 * Another process has a segment of zeros attached. It may be a slow creator (or a dying one, which
 * the kernel still counts for a moment), or another program. If in doubt, treat it as in use: wait
 * for it to detach.
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
 * Removes the segment that a dead creator or a dead channel left under the key. START_OVER: our set
 * is gone, so the segment may belong to a living successor. The caller repeats this; *looks counts
 * how often a segment was found in use.
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
	 * A successor must create its set before its segment, and cannot do so while our set
	 * exists. If our set still exists after the look, the segment does not belong to a
	 * successor. It is removed by id.
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

/* Fills info with the slot count and sizes of the channel to be created. */
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
	uint64_t started = clock_ns(), looks = 0;
	int rc = -EEXIST;

	for (int tries = 0; tries < LOOKS_MOST; tries++) {
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
		channel->info.shmid = rc;
		rc = segment_attach(rc, true, (void **)&channel->base);
		if (rc == 0)
			return VITRINE_OK;
		remove_segment(channel, channel->info.shmid);
		if (rc == -EINVAL || rc == -EIDRM)
			return START_OVER; /* it was removed before we could attach it */
	}
	snprintf(call, sizeof(call), "shmget(key %s, %s)", channel->info.key_text,
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
	/* classify.c relies on this order to recognise a half-made header. */
	atomic_signal_fence(memory_order_seq_cst);
	header->semid = channel->info.semid;
	header->creator = channel->pid;
	header->created_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	memcpy(header->key_text, channel->info.key_text, sizeof(header->key_text));
	atomic_store_explicit(&header->magic, LAYOUT_MAGIC, memory_order_release);
}

/*
 * Replaces the creator's writable mapping by a read-only one: only a producer keeps write access.
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
 * Undoes a creation that failed, so that the next process need not wait until it can condemn the
 * set.
 */
static void give_up_creation(struct vitrine_channel *channel)
{
	do_transition(channel, T_LEAVE, 0);
	condemn_set(channel);
	channel->joined = false;
}

int create_channel(struct vitrine_channel *channel, const struct request *request)
{
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
	if (rc == 0)
		rc = do_transition(channel, T_INIT, 0);
	if (rc == 0) {
		channel->info.created = true;
		return VITRINE_OK;
	}
	give_up_creation(channel); /* unless another process has already removed it */
	remove_segment(channel, channel->info.shmid);
	detach_segment(channel);
	return rc == -EIDRM || rc == -EINVAL ? START_OVER : fail_system(channel, rc, "semop(init)");
}
