/*
 * opening.c - finds, joins or creates a channel, in whatever order the processes start, and even if
 * other processes die or stop at any instruction.
 *
 * The process whose semget(IPC_EXCL) succeeds is the creator (creating.c). It executes begin, which
 * adds 1 to the count of its role and so marks the set as being created; it creates the segment,
 * fills the header, and executes init. Every other process executes join, which fails until init
 * has been executed. A set whose creator is dead is condemned, and the next attempt creates a new
 * one. Every object found is classified before it is used.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "classify.h"
#include "clean_text.h"
#include "lifecycle.h"
#include "segment.h"
#include "semset.h"

enum { LOOK_AGAIN_NS = 10000000, PATIENCE_NS = 2000000000 };

/* ---- joining ------------------------------------------------------------------------------- */

/* Polls for another process's progress, because begin and init wake no process. */
static int look_again_later(struct vitrine_channel *channel, struct request *request)
{
	request->looks++;
	if (nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL) < 0)
		return fail(channel, VITRINE_EINTR, "open: interrupted by a signal");
	return START_OVER;
}

/* The time spent waiting for this set: the number of our sleeps times LOOK_AGAIN_NS. */
static uint64_t waited_ns(const struct vitrine_channel *channel, struct request *request)
{
	if (request->waiting_for != channel->info.semid) {
		request->waiting_for = channel->info.semid;
		request->looks = 0;
	}
	return request->looks * LOOK_AGAIN_NS;
}

static bool somebody_is_in(const struct vitrine_channel *channel)
{
	struct values values;

	return handle_values(channel, &values) == 0 &&
	       values.semaphore[SEM_PRODUCERS] + values.semaphore[SEM_CONSUMERS] +
			       values.semaphore[SEM_MIRRORS] >
		       0;
}

static int refuse_busy(struct vitrine_channel *channel)
{
	int pid = 0;

	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR && pid <= 0; role++) {
		struct values values;

		if (handle_values(channel, &values) == 0 &&
			values.semaphore[SEM_PRODUCERS + role] > 0)
			pid = semset_pid(channel->info.semid, SEM_PRODUCERS + role);
	}
	if (pid <= 0)
		return fail(channel, VITRINE_EBUSY,
			"key %s: a process that cannot be identified from here (in another "
			"container?) is taking too long to create the channel. Is it stopped? "
			"Continue or kill it, then try again",
			channel->info.key_text);
	return fail(channel, VITRINE_EBUSY,
		"key %s: process %d is taking too long to create the channel. Is it stopped? "
		"Continue it (kill -CONT %d) or kill it, then try again",
		channel->info.key_text, pid, pid);
}

static int refuse_leftover(struct vitrine_channel *channel)
{
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: semaphore set %d was left half-made by another user (uid %u), who alone "
		"can remove it; ask its owner to run `vitrine clean` under this key, or choose "
		"another --key",
		channel->info.key_text, channel->info.semid, channel->info.owner_uid);
}

/*
 * Handles a set that cannot be joined: condemns it if it belongs to this user and to Vitrine and
 * its creator is dead; otherwise waits for up to twice patience_ns, and then refuses it.
 */
static int condemn_or_wait(struct vitrine_channel *channel, struct request *request, bool begun)
{
	bool own = set_is_own(channel);
	bool ours = own && set_is_ours(channel, begun);
	int rc = ours ? condemn_set(channel) : -EAGAIN;

	if (rc == 0 || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EPERM || rc == -EACCES)
		return refuse_leftover(channel);
	if (rc != -EAGAIN)
		return fail_system(channel, rc, "semop(condemn)");
	if (waited_ns(channel, request) <= 2 * channel->patience_ns)
		return look_again_later(channel, request);
	if (ours || somebody_is_in(channel))
		return refuse_busy(channel);
	if (own || !begun)
		return refuse_set(channel, channel->info.owner_uid,
			semaphore_count(channel->info.slots));
	return refuse_leftover(channel);
}

/*
 * True if images would go into another user's memory and this user has not allowed that. (Under the
 * default key no role joins a channel of another user; classify() refuses it.)
 */
static bool publishes_to_stranger(const struct vitrine_channel *channel,
	const struct request *request)
{
	return channel->info.owner_uid != geteuid() && !request->default_key &&
	       channel->info.role == VITRINE_PRODUCER && !request->any_owner;
}

static int refuse_stranger(struct vitrine_channel *channel)
{
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: the channel belongs to another user (uid %u), who can read and change "
		"everything published in it; nothing was touched. Use --any-owner to publish "
		"there anyway, or choose another --key",
		channel->info.key_text, channel->info.owner_uid);
}

/*
 * Classifies the objects under the key before they are used. VITRINE_OK: they may be a Vitrine
 * channel; *begun is true if begin was executed on the set.
 */
static int classify(struct vitrine_channel *channel, const struct request *request, bool *begun)
{
	struct semset_status status;
	struct found_segment segment;
	int rc = semset_status(channel->info.semid, &status);

	if (rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EACCES)
		return refuse_set(channel, (uid_t)-1, 0);
	if (rc < 0)
		return fail_system(channel, rc, "semctl(IPC_STAT)");
	*begun = status.used != 0;
	channel->info.owner_uid = status.owner;
	channel->info.slots = (status.count - SEM_SLOTS) / SLOT_SEMAPHORES;
	if (publishes_to_stranger(channel, request))
		return refuse_stranger(channel);
	if ((request->default_key && status.owner != geteuid()) || status.count < SEM_SLOTS ||
		channel->info.slots < VITRINE_SLOTS_MIN ||
		channel->info.slots > VITRINE_SLOTS_MAX ||
		semaphore_count(channel->info.slots) != status.count || !set_is_plausible(channel))
		return refuse_set(channel, status.owner, status.count);
	segment = classify_segment(channel, false);
	forget_segment(&segment);
	channel->info.shmid = -1;
	if (segment.found == FOUND_CHANNEL && segment.header.semid == channel->info.semid) {
		if (segment.owner != status.owner)
			return refuse_owners(channel, &segment);
		channel->info.shmid = segment.shmid;
	}
	return refuse_found(channel, &segment);
}

/*
 * Checks that the channel is the one that the caller asked for; `header` is a copy of its header.
 */
static int check_wanted(struct vitrine_channel *channel, const struct request *request,
	const struct header *header)
{
	char asked[24], there[24], name[VITRINE_NAME_MAX];

	/*
	 * Two names may hash to the same key. A number is the key itself, so it is not compared
	 * with a name.
	 */
	clean_text(name, sizeof(name), header->key_text, sizeof(header->key_text));
	if (strncmp(channel->info.key_text, "0x", 2) != 0 && strncmp(name, "0x", 2) != 0 &&
		strcmp(channel->info.key_text, name) != 0)
		return fail(channel, VITRINE_EKEY,
			"key \"%s\" and key \"%s\" of an existing channel both hash to 0x%08x: "
			"choose another name",
			channel->info.key_text, name, (unsigned)channel->info.key);
	if (request->least_slot_size > channel->info.slot_size)
		return fail(channel, VITRINE_ETOOLARGE,
			"--slot-size asks for slots of %s, but the channel already exists with "
			"slots of %s. Close the programs that use it first, or omit the option",
			size_text(request->least_slot_size, asked),
			size_text(channel->info.slot_size, there));
	memcpy(channel->info.key_text, name, sizeof(name));
	return VITRINE_OK;
}

/* Checks that the segment belongs to the set and to the set's owner. START_OVER: see attach. */
static int refuse_unless_ours(struct vitrine_channel *channel, const struct found_segment *segment)
{
	char call[64];
	int rc;

	snprintf(call, sizeof(call), "shmat(segment %d)", segment->shmid);
	if (segment->error == -EACCES) /* classify could read it, so write permission is missing */
		return fail_system(channel, segment->error, call);
	rc = refuse_found(channel, segment);
	if (rc < 0)
		return rc;
	if (segment->found != FOUND_CHANNEL || segment->header.semid != channel->info.semid)
		return START_OVER;
	if (segment->owner != channel->info.owner_uid)
		return refuse_owners(channel, segment);
	if (segment->header.slot_count != channel->info.slots)
		return fail(channel, VITRINE_EDAMAGED,
			"key %s: segment %d has %u slots, but set %d has semaphores for %u; remove "
			"both with ipcrm",
			channel->info.key_text, segment->shmid, segment->header.slot_count,
			channel->info.semid, channel->info.slots);
	return VITRINE_OK;
}

/*
 * Maps the segment that belongs to the set. *header receives the copy of its header that was
 * checked; the header in the segment is not read again. START_OVER: the segment is gone, or names
 * another set.
 */
static int attach(struct vitrine_channel *channel, struct header *header)
{
	struct found_segment segment =
		classify_segment(channel, channel->info.role == VITRINE_PRODUCER);
	int rc = refuse_unless_ours(channel, &segment);

	if (rc != VITRINE_OK) {
		forget_segment(&segment);
		return rc;
	}
	channel->base = segment.base;
	channel->info.shmid = segment.shmid;
	channel->info.slot_size = segment.header.slot_size;
	channel->info.segment_size = segment.size;
	*header = segment.header;
	return VITRINE_OK;
}

/*
 * Leaves and removes a set without a segment. Starts over only if the set is gone: a set that
 * cannot be removed would be found again.
 */
static int start_over_without_set(struct vitrine_channel *channel)
{
	int rc = leave_stranded_set(channel);

	if (rc == 0 || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EPERM || rc == -EACCES)
		return refuse_set(channel, channel->info.owner_uid,
			semaphore_count(channel->info.slots));
	return fail_system(channel, rc, "semctl(IPC_RMID)");
}

static int join(struct vitrine_channel *channel, struct request *request)
{
	struct header header;
	bool begun = false;
	int rc = classify(channel, request, &begun);

	if (rc != VITRINE_OK)
		return rc;
	if (!begun && waited_ns(channel, request) < channel->patience_ns)
		return look_again_later(channel, request);
	rc = begun ? do_transition(channel, T_JOIN, 0) : -EAGAIN;
	if (rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EAGAIN)
		return condemn_or_wait(channel, request, begun);
	if (rc < 0)
		return fail_system(channel, rc, "semop(join)");
	channel->joined = true;
	rc = attach(channel, &header);
	if (rc == START_OVER)
		return start_over_without_set(channel);
	if (rc == VITRINE_OK)
		rc = check_wanted(channel, request, &header);
	if (rc < 0) {
		leave_channel(channel);
		detach_segment(channel);
	}
	return rc;
}

/* Opens the channel for an inspector, which joins nothing and creates nothing. */
static int open_for_inspector(struct vitrine_channel *channel, const struct request *request)
{
	struct header header;
	bool begun = false;
	int rc;

	channel->info.semid = semset_find(channel->info.key);
	if (channel->info.semid < 0 && channel->info.semid != -ENOENT)
		return fail_system(channel, channel->info.semid, "semget");
	if (channel->info.semid < 0)
		return fail(channel, VITRINE_ENONE,
			"key %s: there is no channel; a producer, consumer or mirror creates it",
			channel->info.key_text);
	rc = classify(channel, request, &begun);
	if (rc == VITRINE_OK)
		rc = attach(channel, &header);
	if (rc == START_OVER)
		return fail(channel, VITRINE_ENONE,
			"key %s: the channel is being created or removed at this moment; try again",
			channel->info.key_text);
	if (rc == VITRINE_OK) {
		rc = check_wanted(channel, request, &header);
		if (rc < 0)
			detach_segment(channel);
	}
	return rc;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* One attempt: create the set, or join the existing one. */
static int create_or_join(struct vitrine_channel *channel, struct request *request)
{
	uint64_t started = clock_ns();
	unsigned set_mode =
		request->mode | (request->mode & 0444) >> 1; /* semop needs write permission */
	int rc;

	/*
	 * Check this first: if the limit is too low, no half-made channel can be condemned either.
	 */
	if (semset_operations_most() < OPERATIONS_MOST)
		return fail_system(channel, -E2BIG, "semop");
	notify_observer(channel, "create set", true, 0, started);
	rc = semset_create(channel->info.key, semaphore_count(request->slots), set_mode);
	notify_observer(channel, "create set", false, rc, started);
	if (rc >= 0) {
		channel->info.semid = rc;
		channel->info.owner_uid = geteuid();
		return create_channel(channel, request);
	}
	if (rc == -EINVAL)
		return fail(channel, VITRINE_ELIMIT,
			"semget(%u semaphores): kernel.sem allows fewer in a set (its first "
			"number). Use fewer slots (--slots)",
			semaphore_count(request->slots));
	if (rc != -EEXIST)
		return fail_system(channel, rc, "semget");
	rc = semset_find(channel->info.key);
	if (rc == -ENOENT || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc < 0)
		return fail_system(channel, rc, "semget");
	channel->info.semid = rc;
	return join(channel, request);
}

/* Copies the options to the handle and the request, and fills in defaults. */
static int apply_options(struct vitrine_channel *channel, const struct vitrine_options *options,
	struct request *request)
{
	struct vitrine_key key;
	int rc;

	handle_make_fork_guard(channel);
	rc = handle_make_rooms(channel);
	if (rc < 0)
		return fail_system(channel, rc, "mmap(buffer for semaphore values)");
	fast_path_start(&channel->fast_path);
	channel->info.role = options->role;
	channel->info.semid = channel->info.shmid = -1;
	channel->wakeable = options->wakeable;
	channel->observer = options->observer;
	channel->observer_data = options->observer_data;
	channel->patience_ns = options->patience_ns ? options->patience_ns : PATIENCE_NS;
	if (options->key != NULL) {
		key = *options->key;
	} else {
		rc = vitrine_key(&key, NULL, NULL);
		if (rc == VITRINE_EFOREIGN)
			return fail(channel, rc,
				"./shared_memory.key decides where images go, so it must be a "
				"readable regular file with a single link, belong to this user or "
				"root, and be writable by nobody else");
		if (rc < 0)
			return fail(channel, rc,
				"key \"%s\": a number must be from 1 to 0xffffffff; a name must "
				"have 1 to 255 bytes",
				key.text);
	}
	channel->info.key = key.value;
	memcpy(channel->info.key_text, key.text, sizeof(key.text));
	*request = (struct request){
		.slots = options->slots ? options->slots : VITRINE_SLOTS_DEFAULT,
		.mode = options->mode ? options->mode & 0777 : 0600,
		.slot_size = options->slot_size ? options->slot_size : VITRINE_SLOT_SIZE_DEFAULT,
		.least_slot_size = options->slot_size,
		.default_key = key.source == VITRINE_KEY_DEFAULT,
		.any_owner = options->any_owner,
		.waiting_for = -1,
	};
	if (options->role > VITRINE_INSPECTOR || key.value == 0)
		return fail(channel, VITRINE_EINVAL,
			"open: there is no such role, or the key is 0");
	if (request->slots < VITRINE_SLOTS_MIN || request->slots > VITRINE_SLOTS_MAX)
		return fail(channel, VITRINE_EINVAL,
			"open: %u slots requested; a channel has %u to %u", request->slots,
			VITRINE_SLOTS_MIN, VITRINE_SLOTS_MAX);
	if (request->slot_size > (UINT64_C(1) << 56))
		return fail(channel, VITRINE_EINVAL, "open: slots of %llu bytes are too large",
			(unsigned long long)request->slot_size);
	return VITRINE_OK;
}

int vitrine_open_abi(struct vitrine_channel **handle, const struct vitrine_options *options,
	uint32_t abi)
{
	struct vitrine_channel *channel = calloc(1, sizeof(*channel));
	struct request request = {0};
	int rc;

	*handle = channel;
	if (channel == NULL)
		return VITRINE_ENOMEM;
	if (abi != VITRINE_ABI)
		return fail(channel, VITRINE_EVERSION,
			"open: the program was built with vitrine.h of ABI %u, but libvitrine %s has "
			"ABI %u. Install the header and the library of the same version, and "
			"rebuild the program",
			abi, vitrine_version(), VITRINE_ABI);
	rc = apply_options(channel, options, &request);
	if (rc < 0)
		return rc;
	if (options->role == VITRINE_INSPECTOR)
		return open_for_inspector(channel, &request);
	for (int tries = 0; tries < LOOKS_MOST; tries++) {
		rc = create_or_join(channel, &request);
		if (rc != START_OVER)
			return rc < 0 ? rc : succeed(channel, rc);
	}
	return fail(channel, VITRINE_EBUSY,
		"key %s: another program keeps creating and removing the channel; stop it, or "
		"choose another --key",
		channel->info.key_text);
}
