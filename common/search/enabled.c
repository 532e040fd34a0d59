/*
 * enabled.c - finds out what each stopped actor would do next, and whether the kernel would do it
 * at once.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "control/process_status.h"
#include "run.h"
#include "sysv/semop_apply.h"

/* ---- signals -------------------------------------------------------------------------------- */

/* Signals that do nothing unless they are caught. */
static uint64_t harmless(void)
{
	static const int signals[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		set |= UINT64_C(1) << (signals[i] - 1);
	return set;
}

/*
 * True if a signal is pending that the actor catches or that ends it. Such a signal ends a sleep.
 */
static bool has_pending(const struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	/* an alarm goes off long after it was set */
	const uint64_t alarm = UINT64_C(1) << (SIGALRM - 1);
	const struct call *call = &actor->task->call;
	struct process_status status;

	if (!execution->virtual.actors[actor->task->number].has_handlers &&
		!execution->virtual.has_sent)
		return false;
	process_status_read(actor->task->tid, &status);
	action->has_signal = (status.pending & ~status.blocked & status.caught & ~alarm) != 0;
	if (call->kind == CALL_OTHER &&
		call->number == SYS_rt_sigsuspend) /* has a mask of its own */
		tracer_read(actor->task, call->arguments[0], &status.blocked,
			sizeof(status.blocked));
	return (status.pending & ~status.blocked & ~status.ignored &
		       (status.caught | ~harmless())) != 0;
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void describe_semop(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	const struct call *call = &actor->task->call;
	int count;

	if (execution->parts[actor->task->number].is_removed) {
		action->answer = -EIDRM;
		return;
	}
	if (call->is_unreadable || call->count > CALL_OPERATIONS_MAX)
		return;
	count = run_values(execution, call->id);
	if (count < 0 || sysv_semop_apply(execution->values.values, (size_t)count, call->operations,
				 call->count, NULL) != SYSV_SLEEPS)
		return;
	if (has_pending(execution, actor, action)) {
		action->enabled = ACTION_GOES_ON; /* with EINTR, from the kernel itself */
		action->touches_all = true;
	} else if (call->timeout_ns >= 0) {
		action->enabled = ACTION_FORCED;
		action->answer = -EAGAIN;
	} else {
		action->enabled = ACTION_WAITS;
	}
}

static void describe_message(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	const struct call *call = &actor->task->call;
	struct msqid_ds status;
	bool waits;

	if ((call->flags & IPC_NOWAIT) != 0)
		return;
	if (execution->parts[actor->task->number].is_removed) {
		action->answer = -EIDRM;
		return;
	}
	if (msgctl(call->id, IPC_STAT, &status) != 0)
		return;
	if (call->kind == CALL_MSGSND)
		waits = status.__msg_cbytes + call->size > status.msg_qbytes;
	else
		waits = !messages_fit(&execution->messages, call);
	if (!waits)
		return;
	action->enabled = has_pending(execution, actor, action) ? ACTION_GOES_ON : ACTION_WAITS;
}

/* True if this wait4() or waitid() waits for `child`. */
static bool is_asked_for(const struct call *call, const struct control_actor *child)
{
	int64_t pid = -1;

	if (call->number == SYS_wait4)
		pid = (int)call->arguments[0];
	else if (call->arguments[0] == P_PID)
		pid = (int)call->arguments[1];
	return pid <= 0 || pid == child->task->own_pid;
}

static void describe_wait(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	const struct call *call = &actor->task->call;
	uint64_t options = call->arguments[call->number == SYS_wait4 ? 2 : 3];
	bool has_living = false;

	action->touches_all = false;
	action_add(action,
		(struct action_object){.name = action_children(actor->task->pid), .writes = true});
	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *child = control_actor(execution->control, number);
		const struct control_actor *parent =
			child != NULL ? control_actor(execution->control, child->task->parent)
				      : NULL;

		if (parent == NULL || parent->task->pid != actor->task->pid ||
			child->task->is_thread || !is_asked_for(call, child))
			continue;
		if (child->doing != CONTROL_ENDED)
			has_living = true;
		else if (kill(child->task->pid, 0) == 0)
			return; /* a zombie: nobody has waited for it, and SIGCHLD is not ignored */
	}
	if (has_living && (options & WNOHANG) == 0)
		action->enabled =
			has_pending(execution, actor, action) ? ACTION_GOES_ON : ACTION_WAITS;
}

/*
 * FUTEX_WAIT sleeps as long as the word has the value; the program that wakes it changes the word
 * first.
 */
static void describe_futex(const struct control_actor *actor, struct action *action)
{
	const struct call *call = &actor->task->call;
	uint32_t word;

	if (tracer_read(actor->task, call->arguments[0], &word, sizeof(word)) != 0 ||
		word != (uint32_t)call->arguments[2])
		return;
	action->enabled = call->arguments[3] != 0 ? ACTION_FORCED : ACTION_WAITS;
	action->answer = -ETIMEDOUT;
}

static void describe_other(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	int64_t ns;

	action->touches_all = true;
	switch (actor->task->call.number) {
	case SYS_wait4:
	case SYS_waitid: describe_wait(execution, actor, action); return;
	case SYS_futex: describe_futex(actor, action); return;
	case SYS_rt_sigsuspend:
#ifdef SYS_pause
	case SYS_pause:
#endif
		if (!has_pending(execution, actor, action))
			action->enabled = ACTION_WAITS;
		return;
	default: action->is_sleep = virtual_is_sleep(actor->task, &ns);
	}
}

static void describe_call(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	const struct call *call = &actor->task->call;

	action->identity = action_identity(call);
	action_add_call(action, call);
	switch (call->kind) {
	case CALL_SEMOP: describe_semop(execution, actor, action); break;
	case CALL_MSGSND:
	case CALL_MSGRCV: describe_message(execution, actor, action); break;
	case CALL_OTHER: describe_other(execution, actor, action); break;
	default: break;
	}
}

/* When the actor ends, the kernel applies its undo, and its parent may be waiting for it. */
static void describe_end(struct execution *execution, const struct control_actor *actor,
	struct action *action)
{
	const struct ledger *ledger = control_ledger(execution->control);
	const struct control_actor *parent = control_actor(execution->control, actor->task->parent);

	if (parent != NULL)
		action_add(action,
			(struct action_object){
				.name = action_children(parent->task->pid), .writes = true});
	for (size_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].pid == actor->task->pid && ledger->entries[i].undo != 0)
			action_add_semaphore(action, ledger->entries[i].set,
				ledger->entries[i].semaphore, true);
}

/* ---- all ------------------------------------------------------------------------------------ */

static void describe(struct execution *execution, const struct control_actor *actor)
{
	struct action *action = &execution->actions[actor->task->number];

	memset(action, 0, offsetof(struct action, objects));
	action->enabled = ACTION_GOES_ON;
	action->pid = (unsigned)actor->task->pid;
	switch (actor->doing) {
	case CONTROL_BEGINS: action->identity = 1; break;
	case CONTROL_WOKEN: action->identity = 2; break;
	case CONTROL_BEFORE_END:
		action->identity = 3;
		describe_end(execution, actor, action);
		break;
	case CONTROL_BEFORE: describe_call(execution, actor, action); break;
	default: action->enabled = ACTION_WAITS; break;
	}
}

void run_describe(struct execution *execution)
{
	execution->alive = execution->enabled = execution->forced = execution->yielded = 0;
	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *actor = control_actor(execution->control, number);

		if (actor == NULL || actor->doing == CONTROL_ENDED || number >= ACTORS_MAX)
			continue;
		describe(execution, actor);
		execution->alive |= bit_of(number);
		if (execution->actions[number].enabled == ACTION_GOES_ON)
			execution->enabled |= bit_of(number);
		if (execution->actions[number].enabled == ACTION_FORCED)
			execution->forced |= bit_of(number);
		if (execution->parts[number].is_yielded)
			execution->yielded |= bit_of(number);
	}
}

int run_count_sleepers(const struct execution *execution, const struct call *call)
{
	int sleepers = 0;

	for (unsigned number = 1; number <= control_count(execution->control); number++) {
		const struct control_actor *actor = control_actor(execution->control, number);
		const struct call *other = actor != NULL ? &actor->task->call : NULL;

		if (actor == NULL || actor->doing != CONTROL_BEFORE || other->kind != CALL_SEMOP ||
			other->id != call->id ||
			execution->actions[number].enabled == ACTION_GOES_ON)
			continue;
		for (uint32_t i = 0; i < other->count && i < CALL_OPERATIONS_MAX; i++)
			if (other->operations[i].sem_num == call->semaphore &&
				(other->operations[i].sem_op == 0) == (call->command == GETZCNT))
				sleepers++;
	}
	return sleepers;
}
