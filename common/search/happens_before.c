/*
 * happens_before.c - finds out from the calls of processes what orders them; docs/check.md says
 * which call releases and which acquires. If it is not known which of several events a call has
 * waited for, it acquires all of them: a race may then be missed, but no false one is reported.
 * See run.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "run.h"

static const int calls[] = {
	SYS_pread64,
	SYS_readv,
	SYS_recvfrom,
	SYS_recvmsg,
	SYS_write,
	SYS_pwrite64,
	SYS_writev,
	SYS_sendto,
	SYS_sendmsg,
	SYS_close,
	SYS_flock,
	SYS_fcntl,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_openat,
	SYS_unlinkat,
	SYS_renameat2,
	SYS_linkat,
	SYS_mkdirat,
	SYS_mq_timedsend,
	SYS_mq_timedreceive,
#ifdef SYS_open
	SYS_open,
	SYS_creat,
	SYS_unlink,
	SYS_rename,
	SYS_link,
	SYS_mkdir,
	SYS_rmdir,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
};

size_t run_order_calls(const int **list)
{
	*list = calls;
	return sizeof(calls) / sizeof(calls[0]);
}

/* ---- processes ------------------------------------------------------------------------------- */

unsigned run_process(const struct execution *execution, const struct control_actor *actor)
{
	if (!actor->task->is_thread)
		return actor->task->number;
	for (unsigned number = actor->task->number; number > 0; number--) {
		const struct control_actor *other = control_actor(execution->control, number);

		if (other != NULL && !other->task->is_thread &&
			other->task->pid == actor->task->pid)
			return number;
	}
	return actor->task->number;
}

void run_order_begin(struct execution *execution)
{
	struct races *races = &execution->races;

	while (races->known < control_count(execution->control) && races->known + 1 < ACTORS_MAX) {
		const struct control_actor *actor =
			control_actor(execution->control, races->known + 1);
		const struct control_actor *parent =
			actor != NULL ? control_actor(execution->control, actor->task->parent)
				      : NULL;

		if (actor == NULL)
			return;
		races->known++;
		if (!actor->task->is_thread)
			clocks_begin(&races->order, actor->task->number,
				parent != NULL ? run_process(execution, parent) : 0);
	}
}

/* What a child did before its end comes before what its parent does after waiting for it. */
static void join_ended(struct execution *execution, unsigned process, pid_t pid)
{
	for (unsigned number = 1; number <= execution->races.known; number++) {
		const struct control_actor *other = control_actor(execution->control, number);

		if (other != NULL && !other->task->is_thread && other->doing == CONTROL_ENDED &&
			(pid <= 0 || other->task->own_pid == pid))
			clocks_join(&execution->races.order, process, number);
	}
}

/* A signal: the receiver's handler comes after it. */
static void join_receivers(struct execution *execution, unsigned process, pid_t pid)
{
	for (unsigned number = 1; number <= execution->races.known; number++) {
		const struct control_actor *other = control_actor(execution->control, number);

		if (other != NULL && !other->task->is_thread && number != process &&
			(pid <= 0 || other->task->own_pid == pid))
			clocks_join(&execution->races.order, number, process);
	}
}

/* ---- files ----------------------------------------------------------------------------------- */

/* True if processes can communicate through the file of the descriptor. */
static bool find_file(const struct control_actor *actor, struct stat *status)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)actor->task->pid,
		(int)actor->task->call.arguments[0]);
	return stat(path, status) == 0 && !S_ISCHR(status->st_mode);
}

static void release_file(struct execution *execution, const struct control_actor *actor,
	unsigned process)
{
	struct stat status;

	if (find_file(actor, &status))
		clocks_release(&execution->races.order, process, CLOCKS_FILE, status.st_dev,
			status.st_ino);
}

static void acquire_file(struct execution *execution, const struct control_actor *actor,
	unsigned process)
{
	struct stat status;

	if (find_file(actor, &status))
		clocks_acquire(&execution->races.order, process, CLOCKS_FILE, status.st_dev,
			status.st_ino);
}

/* The kernel accesses a buffer that is in a segment. */
static void watch_buffer(struct execution *execution, struct control_actor *actor, bool writes)
{
	const struct call *call = &actor->task->call;
	const struct attachment *attachment =
		attachments_at(&execution->attachments, actor->task->pid, call->arguments[1]);
	struct tracer_access access;

	if (attachment == NULL || call->result <= 0)
		return;
	access = (struct tracer_access){
		.segment = attachment->segment,
		.offset = attachment_offset(attachment, call->arguments[1]),
		.size = (unsigned)call->result,
		.reads = !writes,
		.writes = writes,
		.counter = registers_counter(&actor->task->registers),
	};
	run_races_access(execution, actor, &access);
}

static void both(struct execution *execution, unsigned process, enum clocks_kind kind)
{
	clocks_acquire(&execution->races.order, process, kind, 0, 0);
	clocks_release(&execution->races.order, process, kind, 0, 0);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void after_get(struct execution *execution, const struct control_actor *actor,
	unsigned process)
{
	const struct call *call = &actor->task->call;
	struct clocks *order = &execution->races.order;

	if (call->kind == CALL_SHMGET)
		run_races_name(execution, actor->task->number, call);
	if (actor->creates)
		clocks_release(order, process, CLOCKS_KEY, (uint64_t)call->kind,
			(uint64_t)call->id);
	else
		clocks_acquire(order, process, CLOCKS_KEY, (uint64_t)call->kind,
			(uint64_t)call->id);
}

static void after_semctl(struct execution *execution, const struct call *call, unsigned process)
{
	struct clocks *order = &execution->races.order;
	int count;

	switch (call->command) {
	case SETVAL:
		clocks_set(order, process, call->id, (uint32_t)call->semaphore,
			(uint32_t)call->value);
		break;
	case SETALL:
		count = run_values(execution, call->id);
		for (int i = 0; i < count; i++)
			clocks_set(order, process, call->id, (uint32_t)i,
				execution->values.values[i]);
		break;
	case IPC_RMID: clocks_release(order, process, CLOCKS_KEY, 0, 0); break;
	default: clocks_acquire(order, process, CLOCKS_SET, (uint64_t)(unsigned)call->id, 0); break;
	}
}

static void after_other(struct execution *execution, struct control_actor *actor, unsigned process)
{
	const struct call *call = &actor->task->call;

	switch (call->number) {
	case SYS_wait4:
		if (call->result > 0)
			join_ended(execution, process, (pid_t)call->result);
		break;
	case SYS_waitid: join_ended(execution, process, 0); break;
	case SYS_kill:
	case SYS_tgkill: join_receivers(execution, process, (pid_t)(int)call->arguments[0]); break;
	case SYS_futex: both(execution, process, CLOCKS_FUTEX); break;
	case SYS_read:
	case SYS_pread64:
	case SYS_readv:
	case SYS_recvfrom:
	case SYS_recvmsg:
		acquire_file(execution, actor, process);
		if (call->result == 0) /* the end of a pipe: perhaps its writers have ended */
			join_ended(execution, process, 0);
		if (call->number != SYS_readv && call->number != SYS_recvmsg)
			watch_buffer(execution, actor, true);
		break;
	case SYS_write:
	case SYS_pwrite64:
	case SYS_writev:
	case SYS_sendto:
	case SYS_sendmsg:
		if (call->number != SYS_writev && call->number != SYS_sendmsg)
			watch_buffer(execution, actor, false);
		release_file(execution, actor, process);
		break;
	case SYS_flock:
	case SYS_fcntl:
		acquire_file(execution, actor, process);
		release_file(execution, actor, process);
		break;
	case SYS_mmap:
	case SYS_munmap:
	case SYS_mremap: break; /* run_races_call() */
	case SYS_openat:
#ifdef SYS_open
	case SYS_open:
#endif
		if ((call->arguments[call->number == SYS_openat ? 2 : 1] & O_EXCL) != 0)
			both(execution, process, CLOCKS_NAMES);
		break;
	case SYS_close: break; /* run_order_before() */
	default:
		for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
			if (calls[i] == call->number)
				both(execution, process, CLOCKS_NAMES);
	}
}

void run_order_before(struct execution *execution, const struct control_actor *actor)
{
	unsigned process;

	run_order_begin(execution);
	process = run_process(execution, actor);
	if (process >= ACTORS_MAX)
		return;
	run_races_again(execution, process);
	if (actor->task->call.number == SYS_close)
		release_file(execution, actor, process);
}

void run_order_after(struct execution *execution, struct control_actor *actor)
{
	const struct call *call = &actor->task->call;
	struct clocks *order = &execution->races.order;
	unsigned process;
	bool is_error = call->result < 0 && call->result >= -4095;

	run_order_begin(execution);
	process = run_process(execution, actor);
	if (process >= ACTORS_MAX)
		return;
	if (is_error) {
		if (call->result == -EIDRM || call->result == -EINVAL || call->result == -ENOENT)
			clocks_acquire(order, process, CLOCKS_KEY, 0, 0);
		return;
	}
	switch (call->kind) {
	case CALL_SEMOP:
		if (call->count <= CALL_OPERATIONS_MAX && !call->is_unreadable)
			clocks_operate(order, process, call->id, call->operations, call->count);
		break;
	case CALL_SEMCTL: after_semctl(execution, call, process); break;
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: after_get(execution, actor, process); break;
	case CALL_SHMAT:
	case CALL_SHMDT: clocks_release(order, process, CLOCKS_ATTACHMENTS, 0, 0); break;
	case CALL_SHMCTL:
		if (call->command == IPC_RMID)
			clocks_release(order, process, CLOCKS_KEY, 0, 0);
		else
			clocks_acquire(order, process, CLOCKS_ATTACHMENTS, 0, 0);
		break;
	case CALL_MSGSND:
		clocks_release(order, process, CLOCKS_QUEUE, (uint64_t)call->id, 0);
		break;
	case CALL_MSGRCV:
	case CALL_MSGCTL:
		clocks_acquire(order, process, CLOCKS_QUEUE, (uint64_t)call->id, 0);
		break;
	case CALL_OTHER: after_other(execution, actor, process); break;
	}
}

/* When a process ends, the kernel applies its undo as by a semop(), and detaches its segments. */
void run_order_end(struct execution *execution, const struct control_actor *actor)
{
	const struct ledger *ledger = control_ledger(execution->control);
	struct clocks *order = &execution->races.order;
	unsigned process;

	if (!execution->options.watches || actor->task->is_thread)
		return;
	run_order_begin(execution);
	process = run_process(execution, actor);
	if (process >= ACTORS_MAX)
		return;
	run_races_again(execution, process);
	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];
		struct sembuf operation = {(unsigned short)entry->semaphore, (short)entry->undo, 0};

		if (entry->pid == actor->task->pid && entry->undo != 0)
			clocks_operate(order, process, entry->set, &operation, 1);
	}
	clocks_release(order, process, CLOCKS_ATTACHMENTS, 0, 0);
}
