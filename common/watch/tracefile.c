/*
 * tracefile.c - see tracefile.h. Times in the file are microseconds of CLOCK_MONOTONIC, which is
 * the same for all programs.
 */
#include "tracefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arraytext.h"
#include "json.h"
#include "semaphores.h"
#include "text.h"
#include "translate.h"

/* The set's slots are shown as a process, with a pid above this number, which no process has. */
#define SLOTS_PID 1000000000

enum { JOIN_TRIES = 200, JOIN_NAP_NS = 5000000 };

static const char head[] = "[\n";
/* An event without content, so that no comma follows the last real event. */
static const char tail[] =
	"{\"name\": \"end\", \"ph\": \"M\", \"pid\": 0, \"tid\": 0, \"args\": {}}\n]\n";

struct tracefile {
	int file;
	const char *program;
	int named; /* semid whose slots have names in the file; -1: none */
	int64_t since
		[VITRINE_SLOTS_MAX];    /* when this program began to hold a slot; 0: it does not */
	int32_t values[SEMAPHORES_MAX]; /* the last values written */
	uint64_t sequences[VITRINE_SLOTS_MAX];
	int semid; /* of the set that has these values; -1: none was written */
};

/* ---- the file ------------------------------------------------------------------------------ */

static bool is_closed(int file)
{
	char bytes[sizeof(tail)] = "";
	struct stat status;

	return fstat(file, &status) == 0 && status.st_size >= (off_t)sizeof(tail) - 1 &&
	       pread(file, bytes, sizeof(tail) - 1, status.st_size - (off_t)sizeof(tail) + 1) ==
		       (ssize_t)sizeof(tail) - 1 &&
	       memcmp(bytes, tail, sizeof(tail) - 1) == 0;
}

static bool is_begun(int file)
{
	char bytes[sizeof(head)] = "";

	return pread(file, bytes, sizeof(head) - 1, 0) == (ssize_t)sizeof(head) - 1 &&
	       memcmp(bytes, head, sizeof(head) - 1) == 0;
}

/* The id of a set may be as large as an int. */
static int32_t slots_pid(const struct vitrine_info *info)
{
	return SLOTS_PID + info->semid % SLOTS_PID;
}

/* Removes the end of the list. False: the file is not a trace. */
static bool reopen_list(int file)
{
	struct stat status;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	if (status.st_size == 0)
		return write(file, head, sizeof(head) - 1) == (ssize_t)sizeof(head) - 1;
	if (!is_begun(file))
		return false;
	return !is_closed(file) || ftruncate(file, status.st_size - (off_t)sizeof(tail) + 1) == 0;
}

/*
 * Programs that write to the file hold a shared lock. A program that is the only one begins the
 * list, or reopens it. If another program is just closing the list, tries again, but for a second
 * at most, because any user who may read the file can lock it. Returns NULL, or the reason for the
 * failure.
 */
static const char *join_list(int file)
{
	const char *no_trace =
		_("it exists and is not a trace, so it is not changed; give another name");

	for (int tries = 0; tries < JOIN_TRIES; tries++) {
		bool is_alone = flock(file, LOCK_EX | LOCK_NB) == 0;

		if (!is_alone && errno != EWOULDBLOCK)
			return reopen_list(file) ? NULL : no_trace; /* no locks here */
		if (is_alone && !reopen_list(file))
			return no_trace;
		if (flock(file, LOCK_SH | LOCK_NB) == 0 && is_begun(file) && !is_closed(file))
			return NULL;
		flock(file, LOCK_UN);
		nanosleep(&(struct timespec){.tv_nsec = JOIN_NAP_NS}, NULL);
	}
	return _("another program keeps it locked (flock); give another name");
}

/* Writes one event with one write(), so that lines of several programs do not mix. */
static void end_event(struct tracefile *file, struct json *json, char **text, size_t *size)
{
	json_end_object(json);
	fputs(",\n", json->file);
	if (fclose(json->file) == 0 && write(file->file, *text, *size) < 0) {
		/* Ignores errors: a full disk must not end the program. */
	}
	free(*text);
}

static bool begin_event(struct json *json, char **text, size_t *size)
{
	*text = NULL;
	json->has_members = false;
	json->file = open_memstream(text, size);
	if (json->file != NULL)
		json_object(json, NULL);
	return json->file != NULL;
}

/* Writes the name of a process, or of one of its threads (tid 0: the process). */
static void write_name(struct tracefile *file, int64_t pid, int64_t tid, const char *name)
{
	struct json json;
	char *text;
	size_t size;

	if (!begin_event(&json, &text, &size))
		return;
	json_string(&json, "name", tid == 0 ? "process_name" : "thread_name");
	json_string(&json, "ph", "M");
	json_i64(&json, "pid", pid);
	json_i64(&json, "tid", tid);
	json_object(&json, "args");
	json_string(&json, "name", name);
	json_end_object(&json);
	end_event(file, &json, &text, &size);
}

struct tracefile *tracefile_open(const char *path, const char *program, char *message, size_t size)
{
	struct tracefile *file = calloc(1, sizeof(*file));
	const char *refusal;

	if (file == NULL) {
		text_print(message, size, _("not enough memory"));
		return NULL;
	}
	file->program = program;
	file->named = -1;
	file->semid = -1;
	file->file =
		open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	if (file->file < 0) {
		text_print(message, size,
			_("%s; give a file in a folder that exists and that you may write to"),
			strerror(errno));
		free(file);
		return NULL;
	}
	refusal = join_list(file->file);
	if (refusal != NULL) {
		snprintf(message, size, "%s", refusal);
		close(file->file);
		free(file);
		return NULL;
	}
	write_name(file, getpid(), 0, program);
	return file;
}

/* A program that gets the exclusive lock is the last one, and writes the end of the list. */
void tracefile_close(struct tracefile *file)
{
	if (file == NULL)
		return;
	if (flock(file->file, LOCK_EX | LOCK_NB) == 0 &&
		write(file->file, tail, sizeof(tail) - 1) < 0) {
		/* If the end is missing, Perfetto still opens the file. */
	}
	close(file->file);
	free(file);
}

/* ---- the state ----------------------------------------------------------------------------- */

/* True if the state differs from the last one written. Stores it. */
static bool is_other_state(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot)
{
	bool is_other = file->semid != info->semid;

	file->semid = info->semid;
	for (uint32_t i = 0; i < semaphores_count(snapshot); i++) {
		int32_t value = semaphores_at(snapshot, i)->value;

		is_other |= file->values[i] != value;
		file->values[i] = value;
	}
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];
		uint64_t sequence = slot->has_image ? slot->image.sequence : 0;

		is_other |= file->sequences[i] != sequence;
		file->sequences[i] = sequence;
	}
	return is_other;
}

static void begin_instant(struct json *json, const char *name, const char *phase, int64_t ns,
	int64_t pid)
{
	json_string(json, "name", name);
	json_string(json, "ph", phase);
	json_real(json, "ts", (double)ns / 1e3);
	json_i64(json, "pid", pid);
	json_i64(json, "tid", 0);
}

/* Perfetto draws these as curves. */
static void write_counters(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, int64_t ns)
{
	struct json json;
	char *text;
	size_t size;

	if (!begin_event(&json, &text, &size))
		return;
	begin_instant(&json, "semaphores", "C", ns, slots_pid(info));
	json_object(&json, "args");
	json_i64(&json, "mutex", snapshot->mutex.value);
	json_i64(&json, "empty", snapshot->empty.value);
	json_i64(&json, "full", snapshot->full.value);
	json_end_object(&json);
	end_event(file, &json, &text, &size);
}

static void write_images(struct json *json, const struct vitrine_snapshot *snapshot)
{
	json_array(json, "images");
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];

		if (!slot->has_image)
			continue;
		json_object(json, NULL);
		json_i64(json, "slot", i);
		json_u64(json, "seq", slot->image.sequence);
		json_string(json, "name", slot->image.name);
		json_end_object(json);
	}
	json_end_array(json);
}

void tracefile_state(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, int64_t from_ns, int64_t to_ns)
{
	struct json json;
	char *text;
	size_t size;

	if (!is_other_state(file, info, snapshot))
		return;
	write_counters(file, info, snapshot, from_ns);
	if (!begin_event(&json, &text, &size))
		return;
	begin_instant(&json, "state", "i", from_ns, slots_pid(info));
	json_string(&json, "cat", "state");
	json_string(&json, "s", "p");
	json_object(&json, "args");
	json_i64(&json, "by", getpid());
	json_i64(&json, "key", info->key);
	json_real(&json, "took", (double)(to_ns - from_ns) / 1e3);
	json_array(&json, "values");
	for (uint32_t i = 0; i < semaphores_count(snapshot); i++)
		json_i64(&json, NULL, semaphores_at(snapshot, i)->value);
	json_end_array(&json);
	write_images(&json, snapshot);
	json_end_object(&json);
	end_event(file, &json, &text, &size);
}

/* ---- events -------------------------------------------------------------------------------- */

struct span {
	const char *name, *category;
	int64_t pid, tid;
	int64_t from_ns, to_ns;
	const struct semop_call *call; /* the call to describe in the arguments; NULL: none */
};

/* Writes what vitrine play needs to play the call back; `array` is for people. */
static void write_call(struct json *json, const struct semop_call *call)
{
	char array[ARRAYTEXT_MAX];

	json_string(json, "array", arraytext_line(array, call->operations, call->count));
	json_string(json, "result", call->result == 0 ? "0" : strerrorname_np(-call->result));
	json_string(json, "call", call->name);
	json_i64(json, "slot", call->slot);
	json_bool(json, "slept", call->has_slept);
	json_array(json, "operations"); /* number, change, flags */
	for (uint32_t i = 0; i < call->count; i++) {
		json_array(json, NULL);
		json_i64(json, NULL, call->operations[i].sem_num);
		json_i64(json, NULL, call->operations[i].sem_op);
		json_i64(json, NULL, call->operations[i].sem_flg);
		json_end_array(json);
	}
	json_end_array(json);
}

static void write_span(struct tracefile *file, const struct span *span)
{
	struct json json;
	char *text;
	size_t size;

	if (!begin_event(&json, &text, &size))
		return;
	json_string(&json, "name", span->name);
	json_string(&json, "cat", span->category);
	json_string(&json, "ph", "X");
	json_real(&json, "ts", (double)span->from_ns / 1e3);
	json_real(&json, "dur", (double)(span->to_ns - span->from_ns) / 1e3);
	json_i64(&json, "pid", span->pid);
	json_i64(&json, "tid", span->tid);
	json_object(&json, "args");
	if (span->call != NULL)
		write_call(&json, span->call);
	else
		json_i64(&json, "by", getpid());
	json_end_object(&json);
	end_event(file, &json, &text, &size);
}

/* Writes the sleep, with the semaphore that the call slept on if only one is possible. */
static void write_sleep(struct tracefile *file, const struct semop_call *call)
{
	char label[SEMAPHORES_LABEL_MAX] = "";
	char name[SEMAPHORES_LABEL_MAX + 16] = "asleep";
	int may_sleep = 0;

	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_op <= 0 &&
			!(call->operations[i].sem_flg & IPC_NOWAIT)) {
			semaphores_label(label, call->operations[i].sem_num);
			may_sleep++;
		}
	if (may_sleep == 0)
		return;
	if (may_sleep == 1)
		snprintf(name, sizeof(name), "asleep on %s", label);
	write_span(file, &(struct span){name, "sleep", getpid(), call->thread, call->started_ns,
				 call->ended_ns, NULL});
}

static void name_slots(struct tracefile *file, const struct vitrine_info *info)
{
	char name[64];

	if (file->named == info->semid)
		return;
	file->named = info->semid;
	memset(file->since, 0, sizeof(file->since));
	snprintf(name, sizeof(name), "slots of 0x%08x", (unsigned)info->key);
	write_name(file, slots_pid(info), 0, name);
	for (uint32_t i = 0; i < info->slots; i++) {
		text_print(name, sizeof(name), _("slot %u"), i);
		write_name(file, slots_pid(info), i + 1, name);
	}
}

/* The time since which the image that was taken had been ready. */
static int64_t ready_since(const struct vitrine_snapshot *snapshot, const struct semop_call *call)
{
	const struct vitrine_slot_info *slot;

	if (snapshot == NULL || (uint32_t)call->slot >= snapshot->slot_count)
		return 0;
	slot = &snapshot->slots[call->slot];
	return slot->has_image && slot->image.published_ns <= call->started_ns
		       ? slot->image.published_ns
		       : 0;
}

static bool is(const struct semop_call *call, const char *one, const char *other)
{
	return strcmp(call->name, one) == 0 || strcmp(call->name, other) == 0;
}

/* Writes the state of the slot that ended with this call. A program that is killed writes none. */
static void write_slot(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, const struct semop_call *call)
{
	struct span span = {.category = "slot",
		.pid = slots_pid(info),
		.tid = call->slot + 1,
		.to_ns = call->ended_ns};
	int64_t *since;

	if (call->result != 0 || call->slot < 0 || (uint32_t)call->slot >= info->slots)
		return;
	since = &file->since[call->slot];
	if (is(call, "publish", "abandon"))
		span.name = "writing";
	else if (is(call, "release", "requeue"))
		span.name = "reading";
	span.from_ns = *since;
	if (strcmp(call->name, "take") == 0) {
		span.name = "ready";
		span.from_ns = ready_since(snapshot, call);
	}
	if (span.name != NULL && span.from_ns != 0)
		write_span(file, &span);
	if (is(call, "claim", "steal") || is(call, "take", "take"))
		*since = call->ended_ns;
	else
		*since = 0;
}

void tracefile_call(struct tracefile *file, const struct vitrine_info *info,
	const struct vitrine_snapshot *snapshot, const struct semop_call *call)
{
	struct span span = {call->name, "semop", getpid(), call->thread, call->started_ns,
		call->ended_ns, call};
	char name[SEMOP_CALLS_NAME_MAX + 12];

	if (call->slot >= 0) {
		snprintf(name, sizeof(name), "%s %d", call->name, call->slot);
		span.name = name;
	}
	write_span(file, &span);
	if (call->has_slept && call->ended_ns - call->started_ns >= SEMOP_CALL_LONG_NS)
		write_sleep(file, call);
	if (info == NULL)
		return;
	name_slots(file, info);
	write_slot(file, info, snapshot, call);
}

void tracefile_lost(struct tracefile *file, uint64_t count)
{
	struct json json;
	char *text;
	size_t size;
	char name[64];

	if (!begin_event(&json, &text, &size))
		return;
	snprintf(name, sizeof(name), "%llu calls were too fast to be written",
		(unsigned long long)count);
	json_string(&json, "name", name);
	json_string(&json, "ph", "i");
	json_i64(&json, "pid", getpid());
	json_i64(&json, "tid", getpid());
	json_string(&json, "s", "p");
	json_real(&json, "ts", 0);
	end_event(file, &json, &text, &size);
}
