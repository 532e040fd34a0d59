/*
 * closing.c - leaves, retires and removes a channel.
 *
 * A process that leaves the channel subtracts 1 from the count of its role. If all counts and
 * `full` are then 0, it retires the channel in one array: `alive` becomes 0, so no process can join
 * any more. After that it removes the set and then the segment, both by id. If it dies between
 * these steps, a set remains that is not alive; the next process of the same user that opens the
 * channel condemns this set. A channel of another user stays: only its owner may remove the
 * objects.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lifecycle.h"
#include "poller.h"
#include "segment.h"
#include "semset.h"

int remove_segment(const struct vitrine_channel *channel, int shmid)
{
	uint64_t started = clock_ns();
	int rc;

	notify_observer(channel, "remove segment", true, 0, started);
	rc = segment_remove(shmid);
	notify_observer(channel, "remove segment", false, rc, started);
	return rc;
}

static int remove_set(const struct vitrine_channel *channel, int semid)
{
	uint64_t started = clock_ns();
	int rc;

	notify_observer(channel, "remove set", true, 0, started);
	rc = semset_remove(semid);
	notify_observer(channel, "remove set", false, rc, started);
	return rc;
}

void detach_segment(struct vitrine_channel *channel)
{
	if (channel->base != NULL)
		segment_detach(channel->base);
	channel->base = NULL;
}

int condemn_set(struct vitrine_channel *channel)
{
	int rc = do_transition(channel, T_CONDEMN, 0);

	return rc < 0 ? rc : remove_set(channel, channel->info.semid);
}

bool set_is_own(const struct vitrine_channel *channel)
{
	return channel->info.owner_uid == geteuid();
}

int leave_stranded_set(struct vitrine_channel *channel)
{
	int rc;

	if (!set_is_the_same(channel)) {
		channel->joined = false;
		remove_segment(channel, channel->info.shmid);
		return 0;
	}
	rc = do_transition(channel, T_LEAVE, 0);
	channel->joined = false;
	return rc == -EIDRM || rc == -EINVAL ? 0 : remove_set(channel, channel->info.semid);
}

/*
 * If no process has the channel open any more, the number of images that wait in it; otherwise 0.
 */
static int waiting_alone(const struct vitrine_channel *channel)
{
	struct values values;

	if (handle_values(channel, &values) < 0 || values.semaphore[SEM_PRODUCERS] > 0 ||
		values.semaphore[SEM_CONSUMERS] > 0 || values.semaphore[SEM_MIRRORS] > 0)
		return 0;
	return values.semaphore[SEM_FULL];
}

int leave_channel(struct vitrine_channel *channel)
{
	int rc = do_transition(channel, T_LEAVE, 0);

	channel->joined = false;
	if (rc == -EIDRM || rc == -EINVAL) /* no process can use the segment without its set */
		remove_segment(channel, channel->info.shmid);
	if (rc < 0)
		return 0;
	if (!set_is_own(channel) || do_transition(channel, T_RETIRE, 0) < 0)
		return waiting_alone(channel);
	remove_set(channel, channel->info.semid);
	remove_segment(channel, channel->info.shmid);
	return 0;
}

/* Abandons every claim and requeues every taken image of this handle. */
static void give_back(struct vitrine_channel *channel)
{
	for (uint32_t i = 0; i < channel->info.slots; i++) {
		if (channel->claimed >> i & 1)
			vitrine_abandon(channel, &(struct vitrine_claim){.slot = i});
		if (channel->taken >> i & 1)
			vitrine_requeue(channel, &(struct vitrine_image){.slot = i});
	}
}

int vitrine_leave(struct vitrine_channel *channel)
{
	if (channel == NULL || !channel->joined || !handle_is_own(channel))
		return 0;
	give_back(channel);
	/*
	 * Check even if the last check was less than a second ago: the set must not outlive its
	 * segment.
	 */
	channel->checked_ns = 0;
	if (!segment_is_lost(channel))
		return leave_channel(channel);
	leave_stranded_set(channel);
	return 0;
}

int vitrine_close(struct vitrine_channel *channel)
{
	int waiting = vitrine_leave(channel);

	if (channel == NULL)
		return 0;
	poller_end(channel);
	detach_segment(channel);
	handle_free_fork_guard(channel);
	handle_free_rooms(channel);
	free(channel);
	return waiting;
}

int vitrine_remove(struct vitrine_channel *channel)
{
	int rc = handle_check(channel, ROLE_ANY);

	if (rc < 0)
		return rc;
	rc = set_is_the_same(channel) ? remove_set(channel, channel->info.semid) : 0;
	if (rc < 0 && rc != -EINVAL && rc != -EIDRM)
		return fail_system(channel, rc, "semctl(IPC_RMID)");
	rc = remove_segment(channel, channel->info.shmid);
	if (rc < 0 && rc != -EINVAL && rc != -EIDRM)
		return fail_system(channel, rc, "shmctl(IPC_RMID)");
	return VITRINE_OK;
}
