/*
 * creating.c - making a channel: we won semget(IPC_EXCL), so the set is ours to make, unless we are
 * so slow as to be condemned meanwhile. begin, then the segment and its header, then init.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "finding.h"
#include "lifecycle.h"
#include "segment.h"
#include "semset.h"

enum { LOOK_AGAIN_NS = 10000000 };

/*
 * Zeros that somebody has attached: a creator of ours that is slow (or dying: the kernel may count
 * it a moment longer), or another program's memory. Doubt means in use.
 */
static int wait_for_detach(struct vitrine_channel *channel, const struct finding *finding,
	uint64_t *looks)
{
	if (++*looks * LOOK_AGAIN_NS > channel->patience_ns)
		return refuse_segment(channel, finding);
	if (nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL) < 0)
		return fail(channel, VITRINE_EINTR, "open: interrupted by a signal");
	return VITRINE_OK;
}

/*
 * Makes way: removes what a dead creator or a dead channel of ours left under the key. START_OVER:
 * our set is gone, so what lies there may be a successor's and alive. The caller tries again and
 * again, and counts the looks at one that is in use.
 */
static int remove_leftover(struct vitrine_channel *channel, uint64_t *looks)
{
	struct finding finding = look_at_segment(channel, false);
	int rc = refuse_found(channel, &finding);

	forget_segment(&finding);
	if (rc < 0 || finding.found == FOUND_NOTHING)
		return rc;
	if (finding.owner != geteuid())
		return refuse_segment(channel, &finding);
	/*
	 * A successor makes its set first, which it can only when ours is gone: while ours is there
	 * after the look, the look was at no successor's segment. The removal is by id.
	 */
	if (semset_find(channel->info.key) != channel->info.semid)
		return START_OVER;
	if (finding.found == FOUND_BLANK && finding.attached > 0)
		return wait_for_detach(channel, &finding, looks);
	remove_segment(channel, finding.shmid);
	return VITRINE_OK;
}

static uint64_t round_up(uint64_t size, uint64_t unit)
{
	return (size + unit - 1) / unit * unit;
}

/* Fills info with the shape of a channel that is about to be made. */
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
			return START_OVER; /* somebody removed it, before we had hold of it */
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
	/* By this order the next one knows a half-made header: finding.c. */
	atomic_signal_fence(memory_order_seq_cst);
	header->semid = channel->info.semid;
	header->creator = channel->pid;
	header->created_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	memcpy(header->key_text, channel->info.key_text, sizeof(header->key_text));
	atomic_store_explicit(&header->magic, LAYOUT_MAGIC, memory_order_release);
}

/* Only a producer keeps write access to what it has made. */
static int keep_read_only(struct vitrine_channel *channel)
{
	void *writable = channel->base;
	int rc = segment_attach(channel->info.shmid, false, (void **)&channel->base);

	/* Not before the other is there: while it is attached, the id is this segment's. */
	if (rc == 0)
		segment_detach(writable);
	return rc;
}

/* Undoes a creation that cannot be finished, so that the next one need not wait for its death. */
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
	give_up_creation(channel); /* if somebody has not removed it under us */
	remove_segment(channel, channel->info.shmid);
	detach_segment(channel);
	return rc == -EIDRM || rc == -EINVAL ? START_OVER : fail_system(channel, rc, "semop(init)");
}
