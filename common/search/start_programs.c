/* start_programs.c - starts the programs of a run or copies of them, and ends them. See run.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/translate.h"
#include "control/filter.h"
#include "run.h"
#include "search/namespaces.h"
#include "search/shared.h"

/* no actor enters a call that sleeps, so this rarely expires */
#define GLANCE_NS   INT64_C(20000000)
#define SETTLE_NS   INT64_C(2000000)
#define SETTLE_MAX  15000
#define SPINS_NS    INT64_C(250000000) /* processor time that a step may use without a call */
#define PATIENCE_NS INT64_C(200000000)

/* ---- programs ------------------------------------------------------------------------------- */

/* Prepares the child before its exec. Async-signal-safe. */
struct preparation {
	int input, output;
	bool has_pids;
	uint64_t memory_bytes, output_bytes;
};

static void limit(enum __rlimit_resource resource, uint64_t most)
{
	const struct rlimit rlimit = {most, most};

	setrlimit(resource, &rlimit);
}

static void prepare(void *data)
{
	const struct preparation *preparation = data;

	dup2(preparation->input, STDIN_FILENO);
	dup2(preparation->output, STDOUT_FILENO);
	dup2(preparation->output, STDERR_FILENO);
	/*
	 * Copies must not share the caller's open files, and their signals must not reach its
	 * group.
	 */
	close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	setpgid(0, 0);
	if (preparation->has_pids)
		namespaces_mount_proc();
	personality(ADDR_NO_RANDOMIZE);
	limit(RLIMIT_CORE, 0);
	if (preparation->memory_bytes > 0)
		limit(RLIMIT_AS, preparation->memory_bytes);
	limit(RLIMIT_FSIZE, preparation->output_bytes);
}

static struct preparation preparations[EXECUTION_PROGRAMS];

static void pack(struct execution *execution)
{
	/* A file of its own, so that a read of it is recognized by whatever name it was opened. */
	execution->input = memfd_create(EXECUTION_FILE, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	fcntl(execution->input, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
	for (size_t i = 0; i < execution->options.program_count; i++) {
		/*
		 * Append: a restarted program must not overwrite what its killed predecessor
		 * wrote.
		 */
		execution->outputs[i] = memfd_create(EXECUTION_FILE, MFD_CLOEXEC);
		fcntl(execution->outputs[i], F_SETFL, O_APPEND);
		preparations[i] = (struct preparation){.input = execution->input,
			.output = execution->outputs[i],
			.has_pids = execution->options.namespaces != NULL &&
				    execution->options.namespaces->has_pids,
			.memory_bytes = execution->options.memory_bytes,
			.output_bytes = execution->options.output_bytes};
		execution->options.programs[i].prepare = prepare;
		execution->options.programs[i].data = &preparations[i];
	}
}

/* ---- hooks of the control ------------------------------------------------------------------- */

static enum control_treatment treat(void *data, struct control_actor *actor)
{
	struct execution *execution = data;
	struct call *call = &actor->task->call;
	bool is_get =
		call->kind == CALL_SEMGET || call->kind == CALL_SHMGET || call->kind == CALL_MSGGET;

	if (is_get && call->key != IPC_PRIVATE && execution->options.salt != 0) {
		call->key ^= execution->options.salt;
		tracer_set_argument(actor->task, 0, (uint32_t)call->key);
	}
	if (execution->options.watches)
		run_order_before(execution, actor);
	return virtual_treat(&execution->virtual, actor);
}

static void returned(void *data, struct control_actor *actor)
{
	struct execution *execution = data;

	virtual_returned(&execution->virtual, actor->task);
	attachments_note(&execution->attachments, actor->task->pid, &actor->task->call);
	if (!execution->options.watches)
		return;
	run_races_call(execution, actor);
	run_order_after(execution, actor);
}

static void accessed(void *data, struct control_actor *actor, const struct tracer_access *access)
{
	run_races_access(data, actor, access);
}

static void loaded(void *data, struct tracer_task *task)
{
	struct execution *execution = data;

	run_meet_new(execution);
	attachments_forget(&execution->attachments, task->pid); /* exec detaches */
	virtual_loaded(&execution->virtual, task);
}

/* ---- settling ------------------------------------------------------------------------------- */

/* The processor time that the actor's process has used in all; 0: the process is gone. */
static int64_t computed_ns(const struct control_actor *actor)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(actor->task->pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
		return 0;
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/*
 * True if the actor still runs towards its next call. An actor that computes too long is marked as
 * spinning, and no longer awaited.
 */
static bool is_on_its_way(struct execution *execution, unsigned number, bool is_late)
{
	const struct control_actor *actor = control_actor(execution->control, number);
	struct part *part = &execution->parts[number];
	/*
	 * The limit under which the fault was found is shorter: a replay may take much more time.
	 */
	int64_t most = execution->job->is_told ? SPINS_NS * 8 : SPINS_NS;

	if (actor == NULL || actor->doing != CONTROL_RUNS || part->spins)
		return false;
	if (part->computed_ns == 0)
		part->computed_ns = computed_ns(actor);
	part->spins = is_late || computed_ns(actor) - part->computed_ns > most;
	return !part->spins;
}

/*
 * Waits until no actor runs. There can be several: a child that calls exec runs beside its parent.
 */
void run_settle(struct execution *execution)
{
	bool moves = true;

	for (unsigned number = 1; number <= ACTORS_MAX; number++)
		execution->parts[number].computed_ns = 0;
	for (int i = 0; moves; i++) {
		moves = false;
		for (unsigned number = 1;
			number <= control_count(execution->control) && number < ACTORS_MAX;
			number++)
			moves |= is_on_its_way(execution, number, i >= SETTLE_MAX);
		if (moves)
			control_settle(execution->control, SETTLE_NS);
	}
}

/* ---- beginning and end ---------------------------------------------------------------------- */

bool execution_create(struct execution **created, const struct execution_options *options,
	char reason[512])
{
	struct execution *execution = calloc(1, sizeof(*execution));

	*created = NULL;
	if (execution == NULL || sysv_values_begin(&execution->values) != 0 ||
		sysv_values_begin(&execution->kept) != 0) {
		snprintf(reason, 512, _("not enough memory"));
		if (execution != NULL)
			sysv_values_end(&execution->values);
		free(execution);
		return false;
	}
	execution->options = *options;
	pack(execution);
	*created = execution;
	return true;
}

void execution_destroy(struct execution *execution)
{
	if (execution == NULL)
		return;
	control_destroy(execution->control);
	for (size_t i = 0; i < execution->options.program_count; i++) {
		frozen_end(&execution->frozen[i]);
		close(execution->outputs[i]);
	}
	close(execution->input);
	attachments_end(&execution->attachments);
	run_races_end(execution);
	sysv_values_end(&execution->values);
	sysv_values_end(&execution->kept);
	free(execution);
}

/* Sets up the record of each new actor: a program or a child. */
void run_meet_new(struct execution *execution)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number <= ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);
		struct part *part = &execution->parts[number];
		const struct control_actor *parent;

		if (actor == NULL || part->is_known)
			continue;
		*part = (struct part){.is_known = true, .failed_id = -1};
		part->history = action_mix(number, actor->task->program);
		parent = control_actor(execution->control, actor->task->parent);
		if (parent == NULL)
			continue;
		execution->virtual.actors[number]
			.has_handlers = execution->virtual.actors[parent->task->number]
						.has_handlers;
		part->history =
			action_mix(part->history, execution->parts[parent->task->number].history);
		if (!actor->task->is_thread)
			attachments_fork(&execution->attachments, parent->task->pid,
				actor->task->pid);
	}
}

/* Runs the --init command before the programs start. */
static bool run_init(struct execution *execution)
{
	int status = 0;
	pid_t pid;

	if (execution->options.init == NULL)
		return true;
	pid = fork();
	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", execution->options.init, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	run_unjudged(execution, _("--init: the command failed"));
	return false;
}

/* The calls to stop at. Returns their number. */
static size_t list_calls(const struct execution *execution, const int **calls)
{
	static int all[FILTER_CALLS_MAX];
	const int *more;
	size_t count = virtual_calls(calls), further;

	if (!execution->options.watches)
		return count;
	memcpy(all, *calls, count * sizeof(all[0]));
	further = run_order_calls(&more);
	memcpy(all + count, more, further * sizeof(all[0]));
	*calls = all;
	return count + further;
}

static bool begin(struct execution *execution)
{
	const int *calls;
	struct control_options options = {
		.programs = execution->options.programs,
		.program_count = execution->options.program_count,
		.tasks_max = execution->options.tasks_max,
		.skips_places = !execution->job->is_told,
		.treat = treat,
		.returned = returned,
		.accessed = execution->options.watches ? accessed : NULL,
		.loaded = loaded,
		.data = execution,
		.glance_ns = GLANCE_NS,
		.patience_ns = PATIENCE_NS,
	};
	char reason[TRACER_REASON_MAX];

	options.call_count = list_calls(execution, &calls);
	options.calls = calls;
	memset(execution->parts, 0, sizeof(execution->parts));
	execution->set_count = execution->undone_count = 0;
	execution->created = 0;
	execution->current = 0;
	run_forget_values(execution);
	attachments_clear(&execution->attachments);
	run_races_begin(execution);
	execution->messages.count = 0;
	if (execution->is_frozen)
		execution->virtual = execution->thawed;
	else
		virtual_begin(&execution->virtual, execution->options.seed, execution->input);
	for (size_t i = 0; i < execution->options.program_count; i++)
		if (ftruncate(execution->outputs[i], 0) != 0)
			return false;
	if (!run_init(execution))
		return false;
	if (execution->options.namespaces != NULL)
		namespaces_rewind(execution->options.namespaces,
			execution->is_frozen ? (unsigned)execution->options.program_count : 0);
	options.frozen = execution->is_frozen ? execution->frozen : NULL;
	if (!control_create(&execution->control, &options, reason)) {
		run_unjudged(execution, "%s", reason);
		return false;
	}
	run_settle(execution);
	run_meet_new(execution);
	run_races_say(execution);
	return true;
}

/* True if copies of a program would share more than their standard files. */
static bool has_any_shared(const struct execution *execution)
{
	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor != NULL && (shared_has_files(actor->task->pid, EXECUTION_FILE) ||
					     shared_has_memory(actor->task->pid)))
			return true;
	}
	return false;
}

/*
 * From the second run on, programs are copied: most of a run's cost is what programs do before
 * their first call. Programs are not copied if --init prepares something for them, if they asked
 * for their pid, or if their copies would share something.
 */
static void freeze(struct execution *execution)
{
	execution->was_tried = true;
	if (execution->options.init != NULL || execution->virtual.tells_pid ||
		has_any_shared(execution) || !control_freeze(execution->control, execution->frozen))
		return;
	execution->thawed = execution->virtual;
	execution->is_frozen = true;
	control_destroy(execution->control);
	execution->control = NULL;
}

/* A program that forbids itself to make processes cannot be copied: all are started anew. */
static bool begin_anew(struct execution *execution)
{
	for (size_t i = 0; i < execution->options.program_count; i++)
		frozen_end(&execution->frozen[i]);
	execution->is_frozen = false;
	execution->report->outcome = OUTCOME_ENDED;
	execution->report->reason[0] = '\0';
	return begin(execution);
}

bool run_begin(struct execution *execution)
{
	bool has_begun = begin(execution);

	if (has_begun && !execution->was_tried) {
		freeze(execution);
		has_begun = execution->control != NULL || begin(execution);
	}
	return has_begun || (execution->is_frozen && begin_anew(execution));
}

/* Kills everything that is alive and removes what the programs created. */
void run_end(struct execution *execution)
{
	execution->report->reads_input = execution->virtual.reads_input;
	if (execution->control != NULL)
		control_clean(execution->control);
	control_destroy(execution->control);
	execution->control = NULL;
}
