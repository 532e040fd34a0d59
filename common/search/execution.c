/* execution.c - see execution.h. */
#include "execution.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"
#include "sysv/array.h"

#define GLANCE_NS   INT64_C(20000000) /* nobody sleeps unasked: a look is needed hardly ever */
#define SETTLE_NS   INT64_C(2000000)
#define SETTLE_MAX  15000
#define SPINS_NS    INT64_C(250000000) /* so long it may compute without a call */
#define PATIENCE_NS INT64_C(200000000)
#define STUCK_NS    INT64_C(10000000)
#define SIGNAL_NS   INT64_C(5000000) /* until who is killed by another one has come to its end */
#define SPIN_NS     INT64_C(20000000)
#define SLEEPS_MAX  2 /* after so many in a row, first somebody else */

/* ---- programs ------------------------------------------------------------------------------- */

/* What the child needs before its exec: async-signal-safe. */
struct luggage {
	int output;
	uint64_t memory_bytes, output_bytes;
};

static void limit(enum __rlimit_resource resource, uint64_t most)
{
	const struct rlimit rlimit = {most, most};

	setrlimit(resource, &rlimit);
}

static void prepare(void *data)
{
	const struct luggage *luggage = data;
	int null = open("/dev/null", O_RDONLY);

	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(luggage->output, STDOUT_FILENO);
	dup2(luggage->output, STDERR_FILENO);
	personality(ADDR_NO_RANDOMIZE);
	limit(RLIMIT_CORE, 0);
	if (luggage->memory_bytes > 0)
		limit(RLIMIT_AS, luggage->memory_bytes);
	limit(RLIMIT_FSIZE, luggage->output_bytes);
}

static struct luggage luggages[EXECUTION_PROGRAMS];

static void pack(struct execution *execution)
{
	for (size_t i = 0; i < execution->options.program_count; i++) {
		/* Appending: a killed program's successor must not write over what it wrote. */
		execution->outputs[i] = memfd_create("output", MFD_CLOEXEC);
		fcntl(execution->outputs[i], F_SETFL, O_APPEND);
		luggages[i] = (struct luggage){.output = execution->outputs[i],
			.memory_bytes = execution->options.memory_bytes,
			.output_bytes = execution->options.output_bytes};
		execution->options.programs[i].prepare = prepare;
		execution->options.programs[i].data = &luggages[i];
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
	return virtual_treat(&execution->virtual, actor);
}

static void loaded(void *data, struct tracer_task *task)
{
	const struct execution *execution = data;

	virtual_loaded(&execution->virtual, task);
}

/* ---- settling ------------------------------------------------------------------------------- */

/* How long the process of an actor has computed, in all; 0: it is gone. */
static int64_t computed_ns(const struct control_actor *actor)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(actor->task->pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
		return 0;
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Whether it is still on its way; one that computes for too long is left to it: it spins. */
static bool is_on_its_way(struct execution *execution, unsigned number, bool is_late)
{
	const struct control_actor *actor = control_actor(execution->control, number);
	struct part *part = &execution->parts[number];
	/* What is told has been seen in a shorter time: now it gets all the time that it may need. */
	int64_t most = execution->job->is_told ? SPINS_NS * 8 : SPINS_NS;

	if (actor == NULL || actor->doing != CONTROL_RUNS || part->spins)
		return false;
	if (part->computed_ns == 0)
		part->computed_ns = computed_ns(actor);
	part->spins = is_late || computed_ns(actor) - part->computed_ns > most;
	return !part->spins;
}

/* Until nobody moves: a child that calls exec moves beside its parent. */
static void settle(struct execution *execution)
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
	if (execution == NULL || sysv_values_begin(&execution->values) != 0) {
		snprintf(reason, 512, "not enough memory");
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
	memory_end(&execution->memory);
	sysv_values_end(&execution->values);
	free(execution);
}

/* New actors: those of the programs, and children. */
static void meet_new(struct execution *execution)
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
			memory_fork(&execution->memory, parent->task->pid, actor->task->pid);
	}
}

/* The shell's command, before all programs. */
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
	run_unjudged(execution, "--init: the command failed");
	return false;
}

static bool begin(struct execution *execution)
{
	const int *calls;
	struct control_options options = {
		.programs = execution->options.programs,
		.program_count = execution->options.program_count,
		.tasks_max = execution->options.tasks_max,
		.treat = treat,
		.loaded = loaded,
		.data = execution,
		.glance_ns = GLANCE_NS,
		.patience_ns = PATIENCE_NS,
	};
	char reason[TRACER_REASON_MAX];

	options.call_count = virtual_calls(&calls);
	options.calls = calls;
	memset(execution->parts, 0, sizeof(execution->parts));
	execution->set_count = execution->undone_count = 0;
	execution->current = 0;
	memory_clear(&execution->memory);
	execution->messages.count = 0;
	if (execution->is_frozen)
		execution->virtual = execution->thawed;
	else
		virtual_begin(&execution->virtual, execution->options.seed);
	for (size_t i = 0; i < execution->options.program_count; i++)
		if (ftruncate(execution->outputs[i], 0) != 0)
			return false;
	if (!run_init(execution))
		return false;
	options.frozen = execution->is_frozen ? execution->frozen : NULL;
	if (!control_create(&execution->control, &options, reason)) {
		run_unjudged(execution, "%s", reason);
		return false;
	}
	settle(execution);
	meet_new(execution);
	return true;
}

/*
 * From the second run on, copies: most of what a run costs is what programs do before their first
 * call. Not of programs that --init prepares something for, or that know their pid.
 */
static void freeze(struct execution *execution)
{
	execution->was_tried = true;
	if (execution->options.init != NULL || execution->virtual.tells_pid ||
		!control_freeze(execution->control, execution->frozen))
		return;
	execution->thawed = execution->virtual;
	execution->is_frozen = true;
	control_destroy(execution->control);
	execution->control = NULL;
}

static bool begin_or_thaw(struct execution *execution)
{
	if (!begin(execution))
		return false;
	if (!execution->was_tried)
		freeze(execution);
	return execution->control != NULL || begin(execution);
}

/* All that lives is killed, and what the programs made is removed. */
static void end(struct execution *execution)
{
	if (execution->control != NULL)
		control_clean(execution->control);
	control_destroy(execution->control);
	execution->control = NULL;
}

/* ---- state ---------------------------------------------------------------------------------- */

static void note_set(struct execution *execution, unsigned actor, const struct call *call)
{
	uint64_t name;

	for (size_t i = 0; i < execution->set_count; i++)
		if (execution->sets[i].id == call->id)
			return;
	if (execution->set_count == RUN_SETS)
		return;
	name = call->key != IPC_PRIVATE ? (uint32_t)(call->key ^ execution->options.salt)
					: action_mix(actor, execution->parts[actor].history);
	execution->sets[execution->set_count++] = (struct run_set){call->id, name};
}

/* What the kernel holds, and what lies in the segments. */
static void hash_state(struct execution *execution)
{
	uint64_t state = 0;

	for (size_t i = 0; i < execution->set_count; i++) {
		int count = sysv_values_read(&execution->values, execution->sets[i].id);
		uint64_t own = action_mix(execution->sets[i].name, (uint64_t)count);

		for (int j = 0; j < count; j++)
			own = action_mix(own, execution->values.values[j]);
		state += own;
	}
	if (execution->virtual.was_asked)
		state = action_mix(state, (uint64_t)execution->virtual.clock_ns);
	execution->state = state;
	execution->has_contents = memory_hash(&execution->memory, &execution->contents);
}

/*
 * Of the state before a decision. Equal ones go on alike: the history of each actor holds all that it
 * has done and what it could see while it did it, and so decides where it is and what it knows.
 */
static uint64_t fingerprint(const struct execution *execution)
{
	uint64_t sum = action_mix(execution->state, execution->contents);

	if (!execution->has_contents)
		return 0;
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++)
		sum += action_mix(execution->parts[number].history,
			action_mix(number, (execution->alive & bit_of(number)) != 0));
	sum = action_mix(sum, execution->current);
	sum = action_mix(sum, execution->yielded);
	return action_mix(sum, execution->report->was_killed) | 1;
}

/* What it did, with which result, and what it could see meanwhile. */
static void add_history(struct execution *execution, unsigned actor, const struct call *call)
{
	struct part *part = &execution->parts[actor];
	uint64_t history = action_mix(part->history, execution->actions[actor].identity);

	if (call != NULL) {
		bool is_error = call->result < 0 && call->result >= -4095;
		bool is_plain = call->kind == CALL_SEMOP || call->kind == CALL_SHMDT ||
				(call->kind == CALL_SEMCTL && call->command == GETVAL);

		history = action_mix(history, is_plain || is_error ? (uint64_t)call->result : 0);
		if (!is_plain)
			history = action_mix(history, execution->state);
	}
	part->history = action_mix(history, execution->contents);
}

/* ---- choosing ------------------------------------------------------------------------------- */

static uint64_t draw(struct execution *execution)
{
	execution->random ^= execution->random << 13;
	execution->random ^= execution->random >> 7;
	execution->random ^= execution->random << 17;
	return execution->random;
}

/* The next one of the set behind `last`, in turn. 0: the set is empty. */
static unsigned next_of(uint64_t set, unsigned last)
{
	for (unsigned i = 1; set != 0 && i <= ACTORS_MAX; i++)
		if ((set & bit_of((last + i) % ACTORS_MAX)) != 0)
			return (last + i) % ACTORS_MAX;
	return 0;
}

static unsigned any_of(struct execution *execution, uint64_t set)
{
	return next_of(set, (unsigned)(draw(execution) % ACTORS_MAX));
}

/* Those whose alarm can go off, so that a sleep ends. */
static uint64_t with_alarm(const struct execution *execution)
{
	uint64_t set = 0;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((execution->alive & bit_of(number)) != 0 &&
			execution->virtual.actors[number].has_alarm &&
			execution->actions[number].enabled == ACTION_WAITS)
			set |= bit_of(number);
	return set;
}

/* Those that may go on now: those that have asked in vain only if nobody else can. */
static uint64_t candidates(const struct execution *execution)
{
	uint64_t fresh = execution->enabled & ~execution->yielded;

	return fresh != 0 ? fresh : execution->enabled;
}

/* By the policy. A decision for actor 0: nobody can go on, or (*redundant) nobody is to. */
static struct decision choose(struct execution *execution, uint64_t sleep, bool *redundant)
{
	uint64_t all = candidates(execution), set = all & ~sleep;
	uint64_t forced = execution->forced, alarms;
	struct decision decision = {.kind = DECIDE_STEP};

	*redundant = false;
	if (set != 0) {
		if (execution->job->policy == JOB_RANDOM && draw(execution) % 3 == 0)
			decision.actor = (uint16_t)any_of(execution, set);
		else if (execution->job->policy != JOB_TURNS &&
			 (set & bit_of(execution->current)) != 0)
			decision.actor = (uint16_t)execution->current;
		else if (execution->job->policy == JOB_RANDOM)
			decision.actor = (uint16_t)any_of(execution, set);
		else
			decision.actor = (uint16_t)next_of(set, execution->current);
		return decision;
	}
	if (all != 0) {
		*redundant = true;
		return decision;
	}
	alarms = with_alarm(execution);
	decision.actor = (uint16_t)next_of(forced != 0 ? forced : alarms, execution->current);
	if (forced == 0)
		decision.kind = DECIDE_SIGNAL;
	return decision;
}

/* ---- branches ------------------------------------------------------------------------------- */

/* Of those that sleep, those that go on sleeping behind a step of `actor`. */
static uint64_t still_asleep(const struct execution *execution, uint64_t sleep, unsigned actor)
{
	uint64_t kept = 0;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((sleep & bit_of(number)) != 0 && number != actor &&
			action_is_independent(&execution->actions[number],
				&execution->actions[actor]))
			kept |= bit_of(number);
	return kept;
}

static void add_branch(struct execution *execution, struct node *node, enum decision_kind kind,
	unsigned actor, uint8_t cost, uint64_t sleep)
{
	struct report *report = execution->report;

	if (report->branch_count == BRANCHES_MAX ||
		(node->decision.actor == actor && node->decision.kind == kind))
		return;
	report->branches[report->branch_count++] = (struct branch){
		.decision = {(uint16_t)actor, (uint8_t)kind},
		.cost = cost,
		.identity = kind == DECIDE_STEP ? execution->actions[actor].identity : 0,
		.sleep = sleep,
	};
	node->branch_count++;
}

/* Each process may die here; a program may be started again. */
static void add_kills(struct execution *execution, struct node *node)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if ((execution->alive & bit_of(number)) == 0 || actor->task->is_thread)
			continue;
		add_branch(execution, node, DECIDE_KILL, number, 1, 0);
		if (actor->task->parent == 0)
			add_branch(execution, node, DECIDE_KILL_AGAIN, number, 1, 0);
	}
}

/* It asks how many sleep, and others stand before a semop: perhaps they are not yet in it. */
static bool counts_sleepers(const struct execution *execution, unsigned number)
{
	const struct control_actor *actor = control_actor(execution->control, number);
	const struct call *call = &actor->task->call;

	return actor->doing == CONTROL_BEFORE && call->kind == CALL_SEMCTL &&
	       (call->command == GETNCNT || call->command == GETZCNT) &&
	       run_count_sleepers(execution, call) > 0;
}

/* What else could have been decided at this node. */
static void add_branches(struct execution *execution, struct node *node, uint64_t sleep)
{
	const struct job *job = execution->job;
	uint64_t set = candidates(execution) & ~(job->reduces ? sleep : 0);
	uint64_t alarms = with_alarm(execution);
	bool can_stay = (candidates(execution) & bit_of(execution->current)) != 0;
	uint64_t done = sleep | bit_of(node->decision.actor);

	node->first_branch = execution->report->branch_count;
	if (job->policy != JOB_STRAIGHT)
		return;
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		uint8_t cost = can_stay && number != execution->current;

		if ((set & bit_of(number)) == 0 || number == node->decision.actor)
			continue;
		add_branch(execution, node, DECIDE_STEP, number, cost,
			job->reduces ? still_asleep(execution, done, number) : 0);
		done |= bit_of(number);
	}
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		if ((execution->forced & bit_of(number)) != 0)
			add_branch(execution, node, DECIDE_STEP, number, set != 0, 0);
		if ((set & bit_of(number)) != 0 && counts_sleepers(execution, number))
			add_branch(execution, node, DECIDE_EARLY, number, 1, 0);
		if ((alarms & bit_of(number)) != 0)
			add_branch(execution, node, DECIDE_SIGNAL, number, set != 0, 0);
	}
	if (job->kills && !execution->report->was_killed)
		add_kills(execution, node);
}

/* ---- doing it ------------------------------------------------------------------------------- */

/* Answers what the kernel is not to do itself. */
static void answer(struct execution *execution, struct control_actor *actor, bool is_early)
{
	const struct action *action = &execution->actions[actor->task->number];
	const struct call *call = &actor->task->call;
	struct part *part = &execution->parts[actor->task->number];
	int64_t ns = 0;

	if (actor->doing != CONTROL_BEFORE)
		return;
	part->is_removed = false;
	if (action->answer != 0) {
		if (call->timeout_ns > 0)
			execution->virtual.clock_ns += call->timeout_ns;
		tracer_answer(actor->task, action->answer);
	} else if (virtual_is_sleep(actor->task, &ns)) {
		execution->virtual.clock_ns += ns;
		tracer_answer(actor->task, 0);
	} else if (call->kind == CALL_SEMCTL &&
		   (call->command == GETNCNT || call->command == GETZCNT)) {
		tracer_answer(actor->task, is_early ? 0 : run_count_sleepers(execution, call));
	}
}

/* Those that wait in a set or queue that was removed would have been woken with EIDRM. */
static void note_removal(struct execution *execution, const struct call *call)
{
	bool is_queue = call->kind == CALL_MSGCTL;

	if ((call->kind != CALL_SEMCTL && !is_queue) || call->command != IPC_RMID ||
		call->result != 0)
		return;
	for (unsigned number = 1; number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor != NULL && (execution->alive & bit_of(number)) != 0 &&
			execution->actions[number].enabled == ACTION_WAITS &&
			(actor->task->call.kind == CALL_MSGSND ||
				actor->task->call.kind == CALL_MSGRCV) == is_queue &&
			actor->task->call.kind != CALL_OTHER && actor->task->call.id == call->id)
			execution->parts[number].is_removed = true;
	}
}

static void note_reaped(struct execution *execution, const struct call *call)
{
	if (call->number != SYS_wait4 && call->number != SYS_waitid)
		return;
	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *child = control_actor(execution->control, number);

		if (child != NULL && child->doing == CONTROL_ENDED &&
			child->task->pid == (call->number == SYS_wait4
							    ? call->result
							    : (int64_t)(int)call->arguments[1]))
			execution->parts[number].is_reaped = true;
	}
}

/* What the ledger of an actor's process would take back where others count on it. */
static void note_undo(struct execution *execution, const struct control_actor *actor)
{
	const struct ledger *ledger = control_ledger(execution->control);

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];

		if (entry->pid == actor->task->pid && entry->undo < 0 &&
			execution->undone_count < RUN_UNDONE)
			execution->undone[execution->undone_count++] = (struct undone){
				actor->task->number, entry->set, entry->semaphore, entry->undo};
	}
}

/* Sleeps one after the other let somebody else come first. */
static void note_yield(struct execution *execution, unsigned actor)
{
	struct part *part = &execution->parts[actor];

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if (number != actor) {
			execution->parts[number].is_yielded = false;
			execution->parts[number].sleeps = 0;
		}
	part->is_yielded = false;
	part->sleeps += execution->actions[actor].is_sleep;
	if (part->sleeps >= SLEEPS_MAX)
		part->is_yielded = true;
}

/* The values that the semop of an actor must leave; `count` of them, or -1: it is none. */
static int predict(struct execution *execution, const struct control_actor *actor,
	uint16_t predicted[64])
{
	const struct call *call = &actor->task->call;
	int count;

	if (actor->doing != CONTROL_BEFORE || call->kind != CALL_SEMOP ||
		execution->actions[actor->task->number].answer != 0 || call->is_unreadable)
		return -1;
	count = sysv_values_read(&execution->values, call->id);
	if (count <= 0 || count > 64 || call->count > CALL_OPERATIONS_MAX ||
		sysv_array_apply(execution->values.values, (size_t)count, call->operations,
			call->count, NULL) != SYSV_DONE)
		return -1;
	memcpy(predicted, execution->values.values, (size_t)count * sizeof(predicted[0]));
	return count;
}

/* The state that we believe in is that of the kernel; else nothing that we say would count. */
static void compare(struct execution *execution, const struct call *call, const uint16_t *predicted,
	int count)
{
	if (count < 0 || call->result != 0)
		return;
	if (sysv_values_read(&execution->values, call->id) == count &&
		memcmp(predicted, execution->values.values, (size_t)count * sizeof(predicted[0])) ==
			0)
		return;
	run_unjudged(execution,
		"the values of set %d are not those that the programs' calls lead to: a program that "
		"is not under control uses it, too",
		call->id);
}

static void judge_ends(struct execution *execution, uint64_t alive)
{
	for (unsigned number = 1;
		number <= control_count(execution->control) && number < ACTORS_MAX; number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor == NULL || actor->doing != CONTROL_ENDED || (alive & bit_of(number)) == 0)
			continue;
		if (!actor->task->is_thread)
			memory_forget(&execution->memory, actor->task->pid);
		run_judge_end(execution, number);
	}
}

static void kill_one(struct execution *execution, struct decision decision)
{
	const struct control_actor *actor = control_actor(execution->control, decision.actor);

	execution->parts[decision.actor].was_killed = true;
	execution->report->was_killed = true;
	execution->killed = decision;
	note_undo(execution, actor);
	memory_forget(&execution->memory, actor->task->pid);
	control_kill(execution->control, decision.actor);
	if (decision.kind == DECIDE_KILL_AGAIN &&
		control_begin(execution->control, actor->task->program) == NULL)
		run_unjudged(execution, "%s", control_reason(execution->control));
	execution->parts[decision.actor].history =
		action_mix(execution->parts[decision.actor].history, decision.kind);
}

static void step(struct execution *execution, unsigned number, bool is_early)
{
	struct control_actor *actor = control_actor(execution->control, number);
	uint64_t calls = control_calls(execution->control);
	const struct call *call = NULL;
	uint16_t predicted[64];
	int count = predict(execution, actor, predicted);
	enum control_result result;

	answer(execution, actor, is_early);
	if (actor->doing == CONTROL_BEFORE_END)
		note_undo(execution, actor);
	result = control_step(execution->control, number, NULL);
	if (result == CONTROL_TOO_MANY || result == CONTROL_FAILED || result == CONTROL_NOBODY ||
		result == CONTROL_ASLEEP || actor->doing == CONTROL_SLEEPS) {
		run_unjudged(execution, "P%u (%s): %s", number, actor->name,
			result == CONTROL_TOO_MANY
				? control_reason(execution->control)
				: "was believed to go on, and the kernel let it sleep");
		return;
	}
	settle(execution);
	if (execution->virtual.sends)
		control_settle(execution->control, SIGNAL_NS);
	execution->virtual.sends = false;
	if (control_calls(execution->control) > calls && actor->has_done)
		call = &actor->done;
	run_say_result(execution, call);
	add_history(execution, number, call);
	if (call == NULL)
		return;
	execution->report->has_calls |= call->kind != CALL_OTHER;
	compare(execution, call, predicted, count);
	memory_note(&execution->memory, actor->task, call);
	if (call->kind == CALL_SEMGET && call->result >= 0)
		note_set(execution, number, call);
	messages_note(&execution->messages, call);
	note_removal(execution, call);
	note_reaped(execution, call);
	run_judge_call(execution, number, call);
}

/* One whose end nobody can notice needs no step of its own. */
static void end_quietly(struct execution *execution)
{
	const struct ledger *ledger = control_ledger(execution->control);

	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *actor = control_actor(execution->control, number);
		bool has_undo = false;

		if (actor == NULL || actor->doing != CONTROL_BEFORE_END)
			continue;
		for (size_t i = 0; i < ledger->count; i++)
			has_undo |= ledger->entries[i].pid == actor->task->pid &&
				    ledger->entries[i].undo != 0;
		if (actor->task->is_thread || (!has_undo && actor->task->parent == 0)) {
			control_step(execution->control, number, NULL);
			settle(execution);
		}
	}
}

/* One that waits for memory sees a change at once. */
static void give_spinners_time(struct execution *execution)
{
	bool has_any = false;

	for (unsigned number = 1; number < ACTORS_MAX; number++)
		has_any |= (execution->alive & bit_of(number)) != 0 &&
			   number != execution->current && execution->parts[number].spins;
	if (has_any)
		control_settle(execution->control, SPIN_NS);
}

static void act(struct execution *execution, struct decision decision)
{
	uint64_t alive = execution->alive;

	run_say_step(execution, decision);
	note_yield(execution, decision.actor);
	execution->current = decision.actor;
	switch (decision.kind) {
	case DECIDE_STEP:
	case DECIDE_EARLY: step(execution, decision.actor, decision.kind == DECIDE_EARLY); break;
	case DECIDE_SIGNAL:
		execution->virtual.actors[decision.actor].has_alarm = false;
		kill(control_actor(execution->control, decision.actor)->task->pid, SIGALRM);
		run_say_result(execution, NULL);
		break;
	default:
		kill_one(execution, decision);
		run_say_result(execution, NULL);
		break;
	}
	give_spinners_time(execution);
	run_judge_spinning(execution);
	end_quietly(execution);
	meet_new(execution);
	judge_ends(execution, alive);
}

/* ---- the run -------------------------------------------------------------------------------- */

/* Whether the programs are where they were when this prefix was found. */
static bool agrees(struct execution *execution, uint32_t at)
{
	const struct job *job = execution->job;
	struct decision decision = job->prefix[at];
	const struct action *action = &execution->actions[decision.actor % (ACTORS_MAX + 1)];
	bool is_alive =
		decision.actor < ACTORS_MAX && (execution->alive & bit_of(decision.actor)) != 0;

	bool is_step = decision.kind == DECIDE_STEP || decision.kind == DECIDE_EARLY;

	if (is_alive && (!is_step || (action->enabled != ACTION_WAITS &&
					     (job->identities[at] == 0 ||
						     action->identity == job->identities[at]))))
		return true;
	execution->report->outcome = OUTCOME_DIVERGED;
	snprintf(execution->report->reason, sizeof(execution->report->reason),
		"step %u: P%u %s; the programs do not repeat themselves", at + 1, decision.actor,
		!is_alive                         ? "is not there this time"
		: action->enabled == ACTION_WAITS ? "has to wait this time"
						  : "is about to do something else this time");
	return false;
}

static struct node *add_node(struct execution *execution, struct decision decision)
{
	struct node *node = &execution->report->nodes[execution->report->count++];

	*node = (struct node){.decision = decision};
	if (decision.kind == DECIDE_STEP)
		node->identity = execution->actions[decision.actor].identity;
	return node;
}

/* false: the run is over. */
static bool go_on(struct execution *execution, uint64_t *sleep, bool *is_last)
{
	const struct job *job = execution->job;
	struct report *report = execution->report;
	uint32_t at = report->count;
	struct decision decision;
	struct node *node;
	bool redundant = false;

	run_describe(execution);
	for (unsigned number = 1; number < ACTORS_MAX; number++)
		if ((execution->enabled & bit_of(number)) != 0)
			execution->parts[number].passes = 0;
	if (execution->alive == 0) {
		report->outcome = OUTCOME_ENDED;
		run_judge_all_ended(execution);
		return false;
	}
	if (at >= job->limit || at >= DECISIONS_MAX) {
		report->outcome = OUTCOME_LIMIT;
		return false;
	}
	if (at < job->count && !agrees(execution, at))
		return false;
	if (at == job->count)
		*sleep = job->sleep;
	hash_state(execution);
	decision = at < job->count ? job->prefix[at] : choose(execution, *sleep, &redundant);
	if (decision.actor == 0) {
		if (redundant) {
			report->outcome = OUTCOME_REDUNDANT;
		} else if (!*is_last) {
			/* One may be on its way to its end: a signal that another one has sent. */
			control_settle(execution->control, STUCK_NS);
			*is_last = true;
			return true;
		} else {
			run_judge_stuck(execution);
		}
		return false;
	}
	*is_last = false;
	node = add_node(execution, decision);
	if (at >= job->count) {
		node->fingerprint = fingerprint(execution);
		add_branches(execution, node, *sleep);
		*sleep = job->reduces ? still_asleep(execution, *sleep, decision.actor) : 0;
	}
	act(execution, decision);
	return report->outcome == OUTCOME_ENDED;
}

void execution_run(struct execution *execution, const struct job *job, struct report *report)
{
	uint64_t sleep = 0;
	bool is_last = false; /* nobody could go on at the last look */

	report->outcome = OUTCOME_ENDED; /* until something else is found */
	report->fault = (struct fault){0};
	report->was_killed = report->has_calls = false;
	report->count = report->branch_count = report->text_length = 0;
	report->reason[0] = report->text[0] = '\0';
	execution->job = job;
	execution->report = report;
	execution->random = job->seed * 2 + 1;
	if (begin_or_thaw(execution))
		while (!*execution->options.is_over && go_on(execution, &sleep, &is_last))
			continue;
	end(execution);
}
