/*
 * opening.c - finding, joining or creating a channel, in any start order, among processes that may
 * die or stop at any instruction.
 *
 * The winner of semget(IPC_EXCL) is the creator: it begins (which marks the set as being made, in
 * the same array that counts it in), makes the segment, fills the header, and inits. Everybody else
 * joins; joining fails until init is done. A set that nobody makes any more is condemned, and the
 * next try creates anew. Every found object is classified before it is touched.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lifecycle.h"
#include "name.h"
#include "segment.h"
#include "semset.h"

enum { LOOK_AGAIN_NS = 10000000, PATIENCE_NS = 2000000000 };

/* Internal verdict beside the error codes: what was found is gone, or was ours to remove. */
enum { START_OVER = 1 };

/* What was asked for, and how long we have been waiting for which set. */
struct request {
	uint32_t slots;
	uint32_t mode;
	uint64_t slot_size;
	uint64_t least_slot_size; /* what was asked for in so many words; 0: nothing */
	bool default_key;
	int waiting_for; /* semid */
	uint64_t since_ns;
};

/* ---- classifying a segment ----------------------------------------------------------------- */

enum found {
	FOUND_NOTHING, /* gone, or never there */
	FOUND_BLANK,   /* all zeros where the magic would be: its creator is at work, or died */
	FOUND_CHANNEL, /* ours, of our version */
	FOUND_VERSION, /* ours, of another version */
	FOUND_STRANGE, /* another program's, or another user's */
};

struct finding {
	enum found found;
	int shmid;
	uid_t owner;
	uint64_t size;        /* bytes */
	struct header header; /* a copy, without the descriptors */
};

/* Whether the numbers of a header can be true in a segment of `size` bytes. */
static bool header_is_sound(const struct header *header, uint64_t size)
{
	return header->slot_count >= VITRINE_SLOTS_MIN && header->slot_count <= VITRINE_SLOTS_MAX &&
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

/* Looks at the segment under our key, read-only, and lets go of it again. */
static struct finding look_at_segment(const struct vitrine_channel *channel)
{
	struct finding finding = {.found = FOUND_NOTHING};
	struct segment_status status;
	void *at;
	int rc;

	finding.shmid = segment_find(channel->info.key);
	if (finding.shmid < 0)
		return finding;
	finding.found = FOUND_STRANGE;
	finding.owner = (uid_t)-1;
	rc = segment_status(finding.shmid, &status);
	if (rc == -EINVAL || rc == -EIDRM)
		finding.found = FOUND_NOTHING;
	if (rc < 0)
		return finding;
	finding.owner = status.owner;
	finding.size = status.size;
	if (status.size < sizeof(struct header))
		return finding;
	rc = segment_attach(finding.shmid, false, &at);
	if (rc == -EINVAL || rc == -EIDRM)
		finding.found = FOUND_NOTHING;
	if (rc < 0)
		return finding;
	memcpy(&finding.header, at, sizeof(finding.header));
	segment_detach(at);
	finding.found = judge(&finding);
	return finding;
}

static int refuse_version(struct vitrine_channel *channel, const struct finding *finding)
{
	return fail(channel, VITRINE_EVERSION,
		"key %s: segment %d is a channel of layout version %u, this program speaks %u: use "
		"programs of one version, or another --key",
		channel->info.key_text, finding->shmid, finding->header.layout_version,
		LAYOUT_VERSION);
}

static int refuse_segment(struct vitrine_channel *channel, const struct finding *finding)
{
	if (finding->owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: segment %d belongs to another user; nothing was touched. Choose "
			"another --key",
			channel->info.key_text, finding->shmid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: segment %d is no channel of ours; nothing was touched. Choose another "
		"--key, or "
		"remove it with `ipcrm -m %d` if nobody needs it",
		channel->info.key_text, finding->shmid, finding->shmid);
}

/* ---- creating ------------------------------------------------------------------------------ */

/* Makes way: removes what a dead creator or a dead channel of ours left under the key. */
static int remove_leftover(struct vitrine_channel *channel)
{
	struct finding finding = look_at_segment(channel);

	switch (finding.found) {
	case FOUND_NOTHING: return VITRINE_OK;
	case FOUND_VERSION: return refuse_version(channel, &finding);
	case FOUND_STRANGE: return refuse_segment(channel, &finding);
	case FOUND_BLANK:
	case FOUND_CHANNEL: break;
	}
	if (finding.owner != geteuid())
		return refuse_segment(channel, &finding);
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

	*header_size = (uint32_t)round_up(sizeof(struct header) +
						  request->slots * sizeof(struct descriptor),
		page);
	channel->info.slots = request->slots;
	channel->info.slot_size = round_up(request->slot_size, page);
	channel->info.segment_size = *header_size + request->slots * channel->info.slot_size;
}

static int create_segment(struct vitrine_channel *channel, unsigned mode)
{
	char size[24], call[VITRINE_NAME_MAX + 64];
	uint64_t started = clock_ns();
	int rc;

	for (;;) {
		handle_tell(channel, "create segment", true, 0, started);
		rc = segment_create(channel->info.key, channel->info.segment_size, mode);
		handle_tell(channel, "create segment", false, rc, started);
		if (rc != -EEXIST)
			break;
		rc = remove_leftover(channel);
		if (rc < 0)
			return rc;
	}
	if (rc >= 0) {
		channel->info.shmid = rc;
		rc = segment_attach(rc, true, (void **)&channel->base);
		if (rc == 0)
			return VITRINE_OK;
		remove_segment(channel, channel->info.shmid);
	}
	snprintf(call, sizeof(call), "shmget(key %s, %s)", channel->info.key_text,
		size_text(channel->info.segment_size, size));
	if (rc == -EINVAL)
		return fail(channel, VITRINE_ELIMIT,
			"%s: larger than kernel.shmmax allows. Use fewer or smaller slots "
			"(--slots, "
			"--slot-size)",
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
	header->semid = channel->info.semid;
	header->creator = channel->pid;
	header->created_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	memcpy(header->key_text, channel->info.key_text, sizeof(header->key_text));
	atomic_store_explicit(&header->magic, LAYOUT_MAGIC, memory_order_release);
}

/* Only a producer keeps write access to what it has made. */
static int keep_read_only(struct vitrine_channel *channel)
{
	detach_segment(channel);
	return segment_attach(channel->info.shmid, false, (void **)&channel->base);
}

/* Undoes a creation that cannot be finished, so that the next one need not wait for its death. */
static void give_up_creation(struct vitrine_channel *channel)
{
	handle_do(channel, T_LEAVE, -1, -1, 0);
	condemn_set(channel);
	channel->joined = false;
}

/* We won semget(IPC_EXCL): the set is ours to make, unless we were so slow as to be condemned. */
static int create(struct vitrine_channel *channel, const struct request *request)
{
	uint32_t header_size;
	int rc;

	plan(channel, request, &header_size);
	rc = handle_do(channel, T_BEGIN, -1, -1, 0);
	if (rc == -EAGAIN || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc < 0)
		return fail_system(channel, rc, "semop(begin)");
	channel->joined = true;
	rc = create_segment(channel, request->mode);
	if (rc < 0) {
		give_up_creation(channel);
		return rc;
	}
	fill_header(channel, header_size);
	rc = channel->info.role == VITRINE_PRODUCER ? 0 : keep_read_only(channel);
	if (rc == 0)
		rc = handle_do(channel, T_INIT, -1, -1, 0);
	if (rc == 0) {
		channel->info.created = true;
		return VITRINE_OK;
	}
	channel->joined = false; /* the set or the segment is gone: somebody removed it under us */
	remove_segment(channel, channel->info.shmid);
	detach_segment(channel);
	return rc == -EIDRM || rc == -EINVAL ? START_OVER : fail_system(channel, rc, "semop(init)");
}

/* ---- joining ------------------------------------------------------------------------------- */

/* A wait for somebody else's progress, of which no event tells: begin and init wake nobody. */
static int look_again_later(struct vitrine_channel *channel)
{
	if (nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL) < 0)
		return fail(channel, VITRINE_EINTR, "open: interrupted by a signal");
	return START_OVER;
}

/* How long we have waited for this very set. */
static uint64_t waited_ns(const struct vitrine_channel *channel, struct request *request)
{
	if (request->waiting_for != channel->info.semid) {
		request->waiting_for = channel->info.semid;
		request->since_ns = clock_ns();
	}
	return clock_ns() - request->since_ns;
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
	return fail(channel, VITRINE_EBUSY,
		"key %s: process %d has been making the channel for too long: is it stopped? "
		"Continue it "
		"(kill -CONT %d) or end it, then try again",
		channel->info.key_text, pid, pid);
}

/* Nobody can join this set. Is it half-made and abandoned, or is somebody at work on it? */
static int condemn_or_wait(struct vitrine_channel *channel, struct request *request)
{
	int rc = condemn_set(channel);

	if (rc == 0 || rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EPERM || rc == -EACCES)
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: semaphore set %d was left half-made by another user; ask its "
			"owner to remove "
			"it (ipcrm -s %d), or choose another --key",
			channel->info.key_text, channel->info.semid, channel->info.semid);
	if (rc != -EAGAIN)
		return fail_system(channel, rc, "semop(condemn)");
	if (waited_ns(channel, request) > 2 * channel->patience_ns)
		return refuse_busy(channel);
	return look_again_later(channel);
}

/* A set of ours has our count of semaphores, and no value in it that the protocol cannot make. */
static bool set_is_plausible(const struct vitrine_channel *channel)
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

static int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count)
{
	if (owner != geteuid())
		return fail(channel, VITRINE_EFOREIGN,
			"key %s: semaphore set %d belongs to another user; nothing was touched. "
			"Choose another "
			"--key",
			channel->info.key_text, channel->info.semid);
	return fail(channel, VITRINE_EFOREIGN,
		"key %s: semaphore set %d (%u semaphores) is no channel of ours; nothing was "
		"touched. "
		"Choose another --key, or remove it with `ipcrm -s %d` if nobody needs it",
		channel->info.key_text, channel->info.semid, count, channel->info.semid);
}

/*
 * Judges what lies under the key before anything of it is touched. VITRINE_OK: it may be ours;
 * *begun says whether its creator has begun.
 */
static int classify(struct vitrine_channel *channel, const struct request *request, bool *begun)
{
	struct semset_status status;
	struct finding finding;
	int rc = semset_status(channel->info.semid, &status);

	if (rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EACCES)
		return refuse_set(channel, (uid_t)-1, 0);
	if (rc < 0)
		return fail_system(channel, rc, "semctl(IPC_STAT)");
	*begun = status.used != 0;
	channel->info.slots = (status.count - SEM_SLOTS) / SLOT_SEMAPHORES;
	if ((request->default_key && status.owner != geteuid()) || status.count < SEM_SLOTS ||
		channel->info.slots < VITRINE_SLOTS_MIN ||
		channel->info.slots > VITRINE_SLOTS_MAX ||
		semaphore_count(channel->info.slots) != status.count || !set_is_plausible(channel))
		return refuse_set(channel, status.owner, status.count);
	finding = look_at_segment(channel);
	if (finding.found == FOUND_STRANGE)
		return refuse_segment(channel, &finding);
	if (finding.found == FOUND_VERSION)
		return refuse_version(channel, &finding);
	return VITRINE_OK;
}

/* Whether the channel that was found is the one that was meant. */
static int check_wish(struct vitrine_channel *channel, const struct request *request)
{
	const char *theirs = channel->base->key_text;
	char asked[24], there[24], name[VITRINE_NAME_MAX];

	/* Two names may hash to one key; a number names the key itself, whatever made it. */
	clean_text(name, sizeof(name), theirs, sizeof(channel->base->key_text));
	if (strncmp(channel->info.key_text, "0x", 2) != 0 && strncmp(name, "0x", 2) != 0 &&
		strcmp(channel->info.key_text, name) != 0)
		return fail(channel, VITRINE_EKEY,
			"key \"%s\" and key \"%s\" of a channel that exists are both 0x%08x: "
			"choose another "
			"name",
			channel->info.key_text, name, (unsigned)channel->info.key);
	if (request->least_slot_size > channel->info.slot_size)
		return fail(channel, VITRINE_ETOOLARGE,
			"slots of %s were asked for (--slot-size), the channel exists with slots "
			"of %s; close "
			"its windows first, or leave the option out",
			size_text(request->least_slot_size, asked),
			size_text(channel->info.slot_size, there));
	memcpy(channel->info.key_text, name, sizeof(name));
	return VITRINE_OK;
}

/*
 * Maps the segment that belongs to the set. START_OVER: it is gone, or it names another set.
 * The header is copied and judged once more, from the mapping that will be used.
 */
static int attach(struct vitrine_channel *channel)
{
	struct finding finding = look_at_segment(channel);
	char call[64];
	int rc;

	if (finding.found == FOUND_STRANGE)
		return refuse_segment(channel, &finding);
	if (finding.found == FOUND_VERSION)
		return refuse_version(channel, &finding);
	if (finding.found != FOUND_CHANNEL || finding.header.semid != channel->info.semid)
		return START_OVER;
	if (finding.header.slot_count != channel->info.slots)
		return fail(channel, VITRINE_EDAMAGED,
			"key %s: segment %d has %u slots, set %d has semaphores for %u: remove "
			"both with ipcrm",
			channel->info.key_text, finding.shmid, finding.header.slot_count,
			channel->info.semid, channel->info.slots);
	rc = segment_attach(finding.shmid, channel->info.role == VITRINE_PRODUCER,
		(void **)&channel->base);
	if (rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	snprintf(call, sizeof(call), "shmat(segment %d)", finding.shmid);
	if (rc < 0)
		return fail_system(channel, rc, call);
	channel->info.shmid = finding.shmid;
	channel->info.slot_size = finding.header.slot_size;
	channel->info.segment_size = finding.size;
	return VITRINE_OK;
}

static int join(struct vitrine_channel *channel, struct request *request)
{
	bool begun;
	int rc = classify(channel, request, &begun);

	if (rc != VITRINE_OK)
		return rc;
	if (!begun && waited_ns(channel, request) < channel->patience_ns)
		return look_again_later(channel);
	rc = begun ? handle_do(channel, T_JOIN, -1, -1, 0) : -EAGAIN;
	if (rc == -EIDRM || rc == -EINVAL)
		return START_OVER;
	if (rc == -EAGAIN)
		return condemn_or_wait(channel, request);
	if (rc < 0)
		return fail_system(channel, rc, "semop(join)");
	channel->joined = true;
	rc = attach(channel);
	if (rc == START_OVER)
		return leave_stranded_set(channel) == -EPERM ? refuse_set(channel, (uid_t)-1, 0)
							     : rc;
	if (rc == VITRINE_OK)
		rc = check_wish(channel, request);
	if (rc < 0) {
		leave_channel(channel);
		detach_segment(channel);
	}
	return rc;
}

/* An inspector joins nothing and creates nothing: it looks, and may be refused. */
static int visit(struct vitrine_channel *channel, const struct request *request)
{
	bool begun;
	int rc;

	channel->info.semid = semset_find(channel->info.key);
	if (channel->info.semid < 0)
		return fail(channel, VITRINE_ENONE,
			"key %s: there is no channel; a producer or consumer "
			"makes one",
			channel->info.key_text);
	rc = classify(channel, request, &begun);
	if (rc == VITRINE_OK)
		rc = attach(channel);
	if (rc == START_OVER)
		return fail(channel, VITRINE_ENONE,
			"key %s: the channel is just being made or removed; try again",
			channel->info.key_text);
	return rc;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* One try: create the set, or join the one that is there. */
static int enter(struct vitrine_channel *channel, struct request *request)
{
	uint64_t started = clock_ns();
	unsigned set_mode = request->mode | (request->mode & 0444) >> 1; /* who looks takes turns */
	int rc;

	handle_tell(channel, "create set", true, 0, started);
	rc = semset_create(channel->info.key, semaphore_count(request->slots), set_mode);
	handle_tell(channel, "create set", false, rc, started);
	if (rc >= 0) {
		channel->info.semid = rc;
		return create(channel, request);
	}
	if (rc != -EEXIST)
		return fail_system(channel, rc, "semget");
	rc = semset_find(channel->info.key);
	if (rc < 0)
		return START_OVER;
	channel->info.semid = rc;
	return join(channel, request);
}

/* Takes the options over into the handle and the request; what is not set gets its default. */
static int adopt(struct vitrine_channel *channel, const struct vitrine_options *options,
	struct request *request)
{
	struct vitrine_key key;
	int rc;

	channel->pid = getpid();
	channel->info.role = options->role;
	channel->info.semid = channel->info.shmid = -1;
	channel->observer = options->observer;
	channel->observer_data = options->observer_data;
	channel->patience_ns = options->patience_ns ? options->patience_ns : PATIENCE_NS;
	if (options->key != NULL) {
		key = *options->key;
	} else {
		rc = vitrine_key(&key, NULL, NULL);
		if (rc < 0)
			return fail(channel, rc,
				"key \"%s\": a number must be 1 to 0xffffffff, a name 1 to "
				"255 bytes",
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
		.waiting_for = -1,
	};
	if (options->role > VITRINE_INSPECTOR || key.value == 0)
		return fail(channel, VITRINE_EINVAL, "open: no such role, or no key");
	if (request->slots < VITRINE_SLOTS_MIN || request->slots > VITRINE_SLOTS_MAX)
		return fail(channel, VITRINE_EINVAL,
			"open: %u slots were asked for; %u to %u can be had", request->slots,
			VITRINE_SLOTS_MIN, VITRINE_SLOTS_MAX);
	if (request->slot_size > (UINT64_C(1) << 56))
		return fail(channel, VITRINE_EINVAL, "open: slots of %llu bytes are out of reach",
			(unsigned long long)request->slot_size);
	return VITRINE_OK;
}

int vitrine_open(struct vitrine_channel **handle, const struct vitrine_options *options)
{
	struct vitrine_channel *channel = calloc(1, sizeof(*channel));
	struct request request;
	int rc;

	*handle = channel;
	if (channel == NULL)
		return VITRINE_ENOMEM;
	rc = adopt(channel, options, &request);
	if (rc < 0)
		return rc;
	if (options->role == VITRINE_INSPECTOR)
		return visit(channel, &request);
	do
		rc = enter(channel, &request);
	while (rc == START_OVER);
	return rc;
}
