/* races.c - finds races and lost updates of a run. See accesses.h and run.h. */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "base/translate.h"
#include "run.h"
#include "search/namespaces.h"

#define WORD UINT64_C(8)

void run_races_begin(struct execution *execution)
{
	struct races *races = &execution->races;

	clocks_clear(&races->order);
	accesses_clear(&races->accesses);
	races->known = 0;
	races->segment_count = races->blind_count = races->pair_count = 0;
	races->sentence[0] = '\0';
}

void run_races_end(struct execution *execution)
{
	clocks_end(&execution->races.order);
	accesses_end(&execution->races.accesses);
	increments_end(&execution->races.increments);
}

/* ---- names that are the same in each run ----------------------------------------------------- */

static bool is_named(const struct races *races, int segment)
{
	for (size_t i = 0; i < races->segment_count; i++)
		if (races->segments[i].id == segment)
			return true;
	return races->segment_count == RUN_SETS;
}

static void add_name(struct races *races, int segment, uint64_t name)
{
	if (!is_named(races, segment))
		races->segments[races->segment_count++] = (struct run_set){segment, name};
}

void run_races_name(struct execution *execution, unsigned actor, const struct call *call)
{
	struct races *races = &execution->races;

	add_name(races, call->id,
		call->key != IPC_PRIVATE ? (uint32_t)(call->key ^ execution->options.salt)
					 : action_mix(actor, races->segment_count));
}

static uint64_t name_of(const struct races *races, int segment)
{
	for (size_t i = 0; i < races->segment_count; i++)
		if (races->segments[i].id == segment)
			return races->segments[i].name;
	return 0;
}

/* ---- memory shared by mmap() ----------------------------------------------------------------- */

/* True if programs of several workers could share this memory. */
static bool has_outsiders(const struct execution *execution, const struct call *call)
{
	return (call->arguments[3] & MAP_ANONYMOUS) == 0 &&
	       (execution->options.namespaces == NULL || !execution->options.namespaces->has_files);
}

void run_races_call(struct execution *execution, const struct control_actor *actor)
{
	const struct call *call = &actor->task->call;
	struct races *races = &execution->races;
	const struct attachment *attachment = NULL;
	bool is_mmap = call->number == SYS_mmap && (call->result >= 0 || call->result < -4095);
	bool is_mremap = call->number == SYS_mremap;

	if (is_mmap || is_mremap)
		attachment = attachments_at(&execution->attachments, actor->task->pid,
			is_mmap ? (uint64_t)call->result : call->arguments[0]);
	if (is_mmap && attachment != NULL) {
		add_name(races, attachment->segment,
			action_mix(actor->task->number, races->segment_count));
		races->shares_otherwise |= has_outsiders(execution, call);
		execution->report->has_calls = true;
	} else if (is_mmap && (call->arguments[3] & MAP_SHARED) != 0 &&
		   (call->arguments[2] & PROT_WRITE) != 0) {
		races->shares_otherwise = true;
	} else if (is_mremap && attachment != NULL) {
		races->shares_otherwise = true; /* not followed */
	}
	execution->report->shares_otherwise = races->shares_otherwise;
}

/* ---- telling --------------------------------------------------------------------------------- */

/* " at pair.c:58 in produce()", or "". */
static const char *find_place(struct execution *execution, struct control_actor *actor,
	uint64_t counter, char text[SOURCE_LINE_TEXT_MAX])
{
	const char *known =
		accesses_place(&execution->races.accesses, actor->task->number, counter);
	struct source_line lines[SOURCE_LINE_FRAMES];
	char raw[SOURCE_LINE_TEXT_MAX];
	struct call_site place;
	size_t count;

	if (known != NULL)
		return known;
	call_site_keep(&place, actor->task);
	count = control_lines(execution->control, actor, &place, lines);
	text[0] = '\0';
	if (count > 0)
		snprintf(text, SOURCE_LINE_TEXT_MAX, " %.*s", ACCESSES_PLACE,
			source_line_text(lines, count, raw));
	return text;
}

static const char *place_of(const struct access *access)
{
	return access->place != NULL ? access->place : "";
}

static const char *describe_bytes(const struct access *access, char text[96])
{
	if (access->segment < 0)
		snprintf(text, 96, _("bytes %llu to %llu of memory shared by mmap()"),
			(unsigned long long)access->offset,
			(unsigned long long)(access->offset + access->size - 1));
	else if (access->size == 1)
		snprintf(text, 96, _("byte %llu of segment %d"), (unsigned long long)access->offset,
			access->segment);
	else
		snprintf(text, 96, _("bytes %llu to %llu of segment %d"),
			(unsigned long long)access->offset,
			(unsigned long long)(access->offset + access->size - 1), access->segment);
	return text;
}

static const char *name(const struct execution *execution, unsigned actor)
{
	return control_actor(execution->control, actor)->name;
}

static const char *verb(const struct access *access)
{
	return !access->writes ? _("reads") : access->reads ? _("changes") : _("writes");
}

static const char *verb_before(const struct access *access)
{
	return !access->writes ? _("read") : access->reads ? _("changed") : _("wrote");
}

static void describe_race(struct execution *execution, const struct access *access,
	const char *place, const struct accesses_finding *finding)
{
	struct races *races = &execution->races;
	const struct access *other = finding->other;
	char bytes[96];

	snprintf(races->sentence, sizeof(races->sentence),
		_("P%u (%s) %s %s%s, which P%u (%s) %s%s. No semaphore, message, signal or end of a "
		  "process orders the two accesses: either can be the first.%s"),
		access->actor, name(execution, access->actor), verb(access),
		describe_bytes(access, bytes), place, other->actor, name(execution, other->actor),
		verb_before(other), place_of(other),
		finding->adds ? _(" Both processes add to the number there: if both read it before "
				  "one of them writes it, one update is lost.")
			      : "");
}

static void describe_lost(struct execution *execution, const struct access *access,
	const char *place, const struct accesses_finding *finding)
{
	struct races *races = &execution->races;
	const struct access *other = finding->other, *read = finding->read;
	char bytes[96];

	snprintf(races->sentence, sizeof(races->sentence),
		_("P%u (%s) read %lld in %s%s and writes %lld%s. In between P%u (%s) wrote %lld "
		  "there%s: this update is lost."),
		access->actor, name(execution, access->actor), (long long)read->before,
		describe_bytes(access, bytes), place_of(read), (long long)access->after, place,
		other->actor, name(execution, other->actor), (long long)other->after,
		place_of(other));
}

/* Ends the run with this fault if it is the one to be reported. */
static void tell(struct execution *execution, const struct access *access, const char *place,
	const struct accesses_finding *finding, struct fault fault)
{
	const struct job *job = execution->job;

	if (execution->report->count < job->count ||
		(job->wanted != 0 && job->wanted != fault.signature) ||
		execution->report->fault.kind != FAULT_NONE ||
		execution->report->outcome == OUTCOME_UNJUDGED)
		return;
	execution->report->fault = fault;
	execution->report->outcome = OUTCOME_FAULT;
	if (finding->verdict == ACCESSES_LOST)
		describe_lost(execution, access, place, finding);
	else
		describe_race(execution, access, place, finding);
}

void run_races_say(struct execution *execution)
{
	char *sentence = execution->races.sentence;

	if (sentence[0] != '\0')
		run_say(execution, "%s\n", sentence);
	sentence[0] = '\0';
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Notes a pair of instructions. True: it was known before. */
static bool is_repeated(struct races *races, uint64_t one, uint64_t other)
{
	for (size_t i = 0; i < races->pair_count; i++) {
		const struct pair *pair = &races->pairs[i];

		if ((pair->one == one && pair->other == other) ||
			(pair->one == other && pair->other == one))
			return true;
	}
	if (races->pair_count < RUN_PAIRS)
		races->pairs[races->pair_count++] = (struct pair){one, other};
	return false;
}

/* True if the run has shown before that the two instructions race. */
static bool is_known(struct execution *execution, const struct accesses_finding *finding,
	const struct access *access)
{
	return !execution->job->is_told && finding->verdict == ACCESSES_RACE &&
	       is_repeated(&execution->races, access->counter, finding->other->counter);
}

/*
 * True if the access is one of the thread library's own, to a condition variable or the like: these
 * order themselves, by loads and stores that look like any other.
 */
static bool is_of_threads(struct execution *execution, struct control_actor *actor)
{
	char name[SOURCE_LINE_LIBRARY_MAX];
	struct call_site place;

	call_site_keep(&place, actor->task);
	control_library(execution->control, actor, &place, name);
	return strncmp(name, "pthread_", 8) == 0 || strncmp(name, "sem_", 4) == 0;
}

static void report(struct execution *execution, const struct access *access, const char *place,
	const struct accesses_finding *finding)
{
	struct report *report = execution->report;
	struct fault fault = {
		.kind = finding->verdict == ACCESSES_LOST ? FAULT_LOST : FAULT_RACE,
		.actor = access->actor,
	};

	/* Each variable has one fault, whichever of its accesses were seen first. */
	fault.signature = action_mix(action_mix(name_of(&execution->races, access->segment),
					     access->offset / WORD),
		(uint64_t)fault.kind);
	if (execution->job->is_told) {
		tell(execution, access, place, finding, fault);
		return;
	}
	for (uint32_t i = 0; i < report->aside_count; i++)
		if (report->asides[i].fault.signature == fault.signature)
			return;
	if (report->aside_count < ASIDES_MAX)
		report->asides[report->aside_count++] = (struct aside){fault, report->count};
}

/*
 * Orders two processes by an atomic instruction, or by any access to bytes that another instruction
 * accesses atomically.
 */
static bool synchronize(struct execution *execution, unsigned process,
	const struct tracer_access *access)
{
	struct races *races = &execution->races;
	struct clocks *order = &races->order;
	uint64_t segment = (uint64_t)(unsigned)access->segment, word = access->offset / WORD;

	if (!clocks_knows(order, CLOCKS_WORD, segment, word)) {
		uint64_t writers;

		if (!access->is_atomic)
			return false;
		/* Was it initialized by an ordinary instruction? */
		writers = accesses_writers(&races->accesses, access->segment, word * WORD, WORD);
		for (unsigned other = 1; other < ACTORS_MAX; other++)
			if ((writers & bit_of(other)) != 0)
				clocks_join(order, process, other);
	}
	clocks_acquire(order, process, CLOCKS_WORD, segment, word);
	clocks_acquire(order, process, CLOCKS_BLIND, segment, 0);
	clocks_release(order, process, CLOCKS_WORD, segment, word);
	clocks_release(order, process, CLOCKS_WORDS, segment, 0);
	return true;
}

static void note_blind(struct races *races, unsigned process, int segment)
{
	clocks_acquire(&races->order, process, CLOCKS_WORDS, (uint64_t)(unsigned)segment, 0);
	clocks_acquire(&races->order, process, CLOCKS_BLIND, (uint64_t)(unsigned)segment, 0);
	if (races->blind_count < RUN_BLIND)
		races->blind[races->blind_count++] = (struct blind){process, segment};
}

void run_races_again(struct execution *execution, unsigned process)
{
	struct races *races = &execution->races;

	for (size_t i = races->blind_count; i > 0; i--) {
		struct blind blind = races->blind[i - 1];
		uint64_t segment = (uint64_t)(unsigned)blind.segment;

		if (blind.process != process)
			continue;
		clocks_acquire(&races->order, process, CLOCKS_WORDS, segment, 0);
		clocks_acquire(&races->order, process, CLOCKS_BLIND, segment, 0);
		clocks_release(&races->order, process, CLOCKS_BLIND, segment, 0);
		races->blind[i - 1] = races->blind[--races->blind_count];
	}
}

void run_races_access(struct execution *execution, struct control_actor *actor,
	const struct tracer_access *seen)
{
	struct races *races = &execution->races;
	struct accesses_finding finding;
	char text[SOURCE_LINE_TEXT_MAX];
	const char *place = NULL;
	struct access access;
	unsigned process;

	run_order_begin(execution);
	process = run_process(execution, actor);
	if (process >= ACTORS_MAX || races->order.is_incomplete || races->shares_otherwise)
		return;
	access = (struct access){
		.process = process,
		.actor = actor->task->number,
		.segment = seen->segment,
		.offset = seen->offset,
		.size = seen->size,
		.reads = seen->reads,
		.writes = seen->writes,
		.counter = seen->counter,
		.before = seen->before,
		.after = seen->after,
	};
	if (!synchronize(execution, process, seen)) {
		if (execution->job->is_told)
			place = find_place(execution, actor, access.counter, text);
		finding = accesses_add(&races->accesses, &access, place, &races->order,
			&races->increments);
		if (finding.verdict != ACCESSES_RIGHT && !is_known(execution, &finding, &access) &&
			!is_of_threads(execution, actor))
			report(execution, &access, place, &finding);
	}
	if (seen->is_last)
		note_blind(races, process, seen->segment);
}
