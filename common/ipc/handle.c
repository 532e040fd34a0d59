/* handle.c - see handle.h. */
#include "handle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "segment.h"

enum { SECOND_NS = 1000000000 };

/* A room is at least one page, with the flag at its start and the values at its end. */
_Static_assert(sizeof(struct values) < 4096, "the flag and the values fit into one page");

void handle_make_fork_guard(struct vitrine_channel *channel)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	bool *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	channel->pid = getpid();
	if (page == MAP_FAILED)
		return;
	if (madvise(page, size, MADV_WIPEONFORK) < 0) {
		munmap(page, size);
		return;
	}
	*page = true;
	channel->fork_guard = page;
}

void handle_free_fork_guard(struct vitrine_channel *channel)
{
	if (channel->fork_guard != NULL)
		munmap((void *)(uintptr_t)channel->fork_guard, (size_t)sysconf(_SC_PAGESIZE));
	channel->fork_guard = NULL;
}

bool handle_is_own(const struct vitrine_channel *channel)
{
	return channel->fork_guard != NULL ? *channel->fork_guard : channel->pid == getpid();
}

int handle_check(struct vitrine_channel *channel, unsigned roles)
{
	if (channel == NULL)
		return VITRINE_EINVAL;
	if (!handle_is_own(channel))
		return fail(channel, VITRINE_EFORK,
			"this handle belongs to process %d; open one in this process",
			(int)channel->pid);
	channel->message[0] = '\0';
	if (channel->base == NULL || (!channel->joined && channel->info.role != VITRINE_INSPECTOR))
		return fail(channel, VITRINE_EINVAL, "this handle is not open");
	if ((roles & ROLE_BIT(channel->info.role)) == 0)
		return fail(channel, VITRINE_EINVAL, "this handle was opened for another role");
	return VITRINE_OK;
}

/* Executes the array. A wakeable handle sleeps in slices and checks for a wake-up before each. */
static int do_or_sleep(struct vitrine_channel *channel, struct spin *spin,
	const struct sembuf *operations, unsigned count, int64_t timeout_ns)
{
	const int semid = channel->info.semid;
	struct deadline deadline;
	int64_t slice;
	int rc;

	if (!channel->wakeable || timeout_ns == 0)
		return spin_do(spin, semid, operations, count, timeout_ns);
	deadline = deadline_in(timeout_ns);
	rc = semset_do(semid, operations, count, 0);
	while (rc == -EAGAIN) {
		if (atomic_exchange(&channel->woken, false))
			return -EINTR;
		slice = deadline_left(deadline);
		if (slice == 0)
			break;
		if (slice < 0 || slice > SLEEP_SLICE_NS)
			slice = SLEEP_SLICE_NS;
		rc = spin_do(spin, semid, operations, count, slice);
	}
	return rc;
}

int handle_do(struct vitrine_channel *channel, const struct step *step, int64_t timeout_ns)
{
	struct spin *spin = fast_path_spin(channel, step->transition);
	struct binding binding = {
		.role = channel->info.role,
		.slots = channel->info.slots,
		.slot = step->slot,
		.latest = step->latest,
	};
	struct sembuf operations[OPERATIONS_MOST];
	unsigned count = transition_bind(step->transition, &binding, operations);
	struct vitrine_event event = {
		.name = transition_name(step->transition),
		.operations = operations,
		.count = count,
		.slot = step->slot,
		.latest = step->latest,
		.before = true,
	};
	uint64_t started;

	if (channel->observer == NULL)
		return do_or_sleep(channel, spin, operations, count, timeout_ns);
	channel->observer(&event, channel->observer_data);
	started = clock_ns();
	event.result = do_or_sleep(channel, spin, operations, count, timeout_ns);
	event.duration_ns = clock_ns() - started;
	event.before = false;
	channel->observer(&event, channel->observer_data);
	return event.result;
}

int handle_retry(struct vitrine_channel *channel, chooser *choose, struct step *step)
{
	struct values values;
	int rc = choose(channel, NULL, step);

	if (rc == 0)
		rc = handle_do(channel, step, 0);
	for (int looks = 0; rc == -EAGAIN && looks < LOOKS_MOST; looks++) {
		rc = handle_values(channel, &values);
		if (rc == 0)
			rc = choose(channel, &values, step);
		if (rc == 0)
			rc = handle_do(channel, step, 0);
	}
	return rc;
}

void notify_observer(const struct vitrine_channel *channel, const char *name, bool before,
	int result, uint64_t started_ns)
{
	struct vitrine_event event = {
		.name = name,
		.slot = -1,
		.latest = -1,
		.before = before,
		.result = result < 0 ? result : 0,
		.duration_ns = before ? 0 : clock_ns() - started_ns,
	};

	if (channel->observer != NULL)
		channel->observer(&event, channel->observer_data);
}

int handle_make_rooms(struct vitrine_channel *channel)
{
	int rc = semset_room_make(&channel->room, SEMAPHORES_MAX);

	return rc < 0 ? rc : semset_room_make(&channel->shared, SEMAPHORES_MAX);
}

void handle_free_rooms(struct vitrine_channel *channel)
{
	semset_room_free(&channel->room);
	semset_room_free(&channel->shared);
}

int handle_values(const struct vitrine_channel *channel, struct values *values)
{
	return semset_values_in(&channel->room, channel->info.semid,
		semaphore_count(channel->info.slots), values->semaphore);
}

/*
 * A thread that finds the room in use allocates one for this call. That costs several times as much
 * as reading the values, because unmapping it interrupts every processor that runs a thread of this
 * process (TLB shootdown).
 */
int handle_values_shared(const struct vitrine_channel *channel, struct values *values)
{
	const unsigned count = semaphore_count(channel->info.slots);
	_Atomic bool *is_used = channel->shared.mapping;
	int rc;

	if (atomic_exchange_explicit(is_used, true, memory_order_acquire))
		return semset_values(channel->info.semid, count, values->semaphore);
	rc = semset_values_in(&channel->shared, channel->info.semid, count, values->semaphore);
	atomic_store_explicit(is_used, false, memory_order_release);
	return rc;
}

int vitrine_wake(struct vitrine_channel *channel)
{
	if (channel == NULL || !channel->wakeable)
		return VITRINE_EINVAL;
	atomic_store(&channel->woken, true);
	return VITRINE_OK;
}

bool set_is_the_same(const struct vitrine_channel *channel)
{
	struct semset_status status;

	/* If the set is gone or may not be read, the next call on it reports that. */
	return semset_status(channel->info.semid, &status) < 0 ||
	       (status.owner == channel->info.owner_uid &&
		       status.count == semaphore_count(channel->info.slots));
}

bool segment_is_lost(struct vitrine_channel *channel)
{
	struct segment_status status;
	uint64_t now = clock_ns();
	int rc;

	if (now - channel->checked_ns >= SECOND_NS) {
		channel->checked_ns = now;
		rc = segment_status(channel->info.shmid, &status);
		/* -EACCES only means that this user may not ask, not that the segment is gone. */
		channel->segment_lost = rc == -EIDRM || rc == -EINVAL ||
					(rc == 0 && status.removed) || !set_is_the_same(channel);
	}
	return channel->segment_lost;
}

const struct vitrine_info *vitrine_info(const struct vitrine_channel *channel)
{
	return &channel->info;
}
