/* guard.c - see guard.h. */
#include "guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "control/instruction.h"
#include "registers.h"
#include "tracer_parts.h"

#define TOUCHED_MAX 4 /* parts of segments that one instruction accesses */
#define EVENT_STOP  128

/* ---- a task that does something which is not in its program ---------------------------------- */

/*
 * While a task is on an errand, its signals are blocked, except those that its own instructions
 * cause.
 */
struct errand {
	struct tracer_task *task;
	uint64_t mask;
	int delayed; /* a signal that came nevertheless; 0: none */
	int status;  /* the last stop */
};

static uint64_t bit_of(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

static void errand_begin(struct errand *errand, struct tracer_task *task)
{
	const uint64_t own = bit_of(SIGSEGV) | bit_of(SIGTRAP) | bit_of(SIGBUS) | bit_of(SIGILL) |
			     bit_of(SIGFPE);
	uint64_t blocked;

	*errand = (struct errand){.task = task};
	ptrace(PTRACE_GETSIGMASK, task->tid, sizeof(errand->mask), &errand->mask);
	blocked = ~own | errand->mask;
	ptrace(PTRACE_SETSIGMASK, task->tid, sizeof(blocked), &blocked);
}

static void errand_end(struct errand *errand)
{
	struct tracer_task *task = errand->task;

	ptrace(PTRACE_SETSIGMASK, task->tid, sizeof(errand->mask), &errand->mask);
	if (errand->delayed != 0)
		syscall(SYS_tgkill, task->pid, task->tid, errand->delayed);
}

static bool is_own_signal(int signal)
{
	return signal == SIGTRAP || signal == (SIGTRAP | 0x80) || signal == SIGSEGV ||
	       signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
}

/*
 * Resumes the task and waits for its next stop. Returns the event or the signal; negative: it is
 * ending, and errand->status says how; -1: that will be reported later.
 */
static int advance(struct errand *errand, enum __ptrace_request request)
{
	while (true) {
		pid_t tid = errand->task->tid;
		int event, signal;

		errand->status = -1;
		if (ptrace(request, tid, NULL, NULL) != 0 && errno != ESRCH)
			return -1;
		while (waitpid(tid, &errand->status, __WALL) < 0)
			if (errno != EINTR)
				return -1;
		if (!WIFSTOPPED(errand->status))
			return -1;
		event = errand->status >> 16;
		signal = WSTOPSIG(errand->status);
		if (event == PTRACE_EVENT_EXIT)
			return -1;
		if (event != 0 && event != EVENT_STOP)
			return event;
		if (event == 0 && is_own_signal(signal))
			return signal;
		if (event == 0) /* SIGSTOP cannot be blocked */
			errand->delayed = signal;
	}
}

/* ---- protection ------------------------------------------------------------------------------ */

static void set_arguments(uint64_t arguments[REGISTERS_ARGUMENTS],
	const struct attachment *attachment, enum attachment_protection protection)
{
	memset(arguments, 0, REGISTERS_ARGUMENTS * sizeof(arguments[0]));
	arguments[0] = attachment->address;
	arguments[1] = attachment_length(attachment);
	arguments[2] = protection == PROTECTION_NONE ? PROT_NONE
		       : protection == PROTECTION_FULL && attachment->writes
			       ? PROT_READ | PROT_WRITE
			       : PROT_READ;
}

/*
 * Sets the protection, at any stop but one before a call. The registers are then not those of the
 * program. false: it is ending.
 */
static bool set_protection(struct guard *guard, struct errand *errand,
	const struct registers *registers, struct attachment *attachment,
	enum attachment_protection protection)
{
	struct registers changed = *registers;
	uint64_t arguments[REGISTERS_ARGUMENTS];

	set_arguments(arguments, attachment, protection);
	registers_prepare(&changed, attachment->caller, SYS_mprotect, arguments);
	if (registers_write(errand->task->tid, &changed) != 0)
		guard->has_failed = true;
	switch (advance(errand, PTRACE_SINGLESTEP)) {
	case -1: return false;
	case SIGTRAP: break;
	default: guard->has_failed = true; return true;
	}
	if (registers_read(errand->task->tid, &changed) != 0 || registers_result(&changed) != 0)
		guard->has_failed = true;
	attachment->protection = protection;
	return true;
}

/* The same at a stop before a call, to which it returns. */
static bool set_protection_before(struct guard *guard, struct errand *errand,
	const struct registers *registers, struct attachment *attachment,
	enum attachment_protection protection)
{
	pid_t tid = errand->task->tid;
	struct registers after = {0};
	uint64_t arguments[REGISTERS_ARGUMENTS];

	set_arguments(arguments, attachment, protection);
	if (registers_replace(tid, registers, SYS_mprotect, arguments) != 0)
		guard->has_failed = true;
	if (advance(errand, PTRACE_SYSCALL) < 0)
		return false;
	if (registers_read(tid, &after) != 0 || registers_result(&after) != 0 ||
		registers_again(tid, registers) != 0)
		guard->has_failed = true;
	attachment->protection = protection;
	switch (advance(errand, PTRACE_CONT)) {
	case -1: return false;
	case PTRACE_EVENT_SECCOMP: return true;
	default: guard->has_failed = true; return true;
	}
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Calls whose arguments point to further pointers. */
static bool points_further(long number)
{
	switch (number) {
	case SYS_readv:
	case SYS_writev:
	case SYS_preadv:
	case SYS_pwritev:
	case SYS_preadv2:
	case SYS_pwritev2:
	case SYS_sendmsg:
	case SYS_recvmsg:
	case SYS_sendmmsg:
	case SYS_recvmmsg:
	case SYS_ioctl:
	case SYS_execve:
	case SYS_execveat:
	case SYS_process_vm_readv:
	case SYS_process_vm_writev:
	case SYS_vmsplice: return true;
	default: return false;
	}
}

static bool needs(const struct attachments *attachments, pid_t pid, long number,
	const uint64_t arguments[6])
{
	if (points_further(number))
		return true;
	for (unsigned i = 0; i < 6; i++)
		if (attachments_at(attachments, pid, arguments[i]) != NULL)
			return true;
	return false;
}

static bool has_any(const struct attachments *attachments, pid_t pid)
{
	for (size_t i = 0; i < attachments->count; i++)
		if (attachments->list[i].pid == pid)
			return true;
	return false;
}

enum guard_result guard_before(struct guard *guard, struct tracer_task *task, long number,
	const uint64_t arguments[6], bool keeps, int *status)
{
	struct attachments *attachments = &guard->attachments;
	struct registers registers = {0};
	struct errand errand;
	enum attachment_protection protection;

	task->opens = false;
	if (!has_any(attachments, task->pid))
		return GUARD_NOT_MINE;
	task->opens = needs(attachments, task->pid, number, arguments);
	protection = task->opens ? PROTECTION_FULL : PROTECTION_NONE;
	if (registers_read(task->tid, &registers) != 0)
		return GUARD_NOT_MINE;
	errand_begin(&errand, task);
	for (size_t i = 0; i < attachments->count; i++) {
		struct attachment *attachment = &attachments->list[i];

		if (attachment->pid != task->pid)
			continue;
		attachment->accesses = 0;
		if (attachment->protection == protection ||
			(keeps && protection == PROTECTION_NONE))
			continue;
		if (!set_protection_before(guard, &errand, &registers, attachment, protection)) {
			*status = errand.status;
			return GUARD_GONE;
		}
	}
	errand_end(&errand);
	return GUARD_NOT_MINE;
}

static bool changes_attachments(const struct call *call)
{
	return call->kind == CALL_SHMAT || call->kind == CALL_SHMDT ||
	       (call->kind == CALL_OTHER &&
		       (call->number == SYS_mmap || call->number == SYS_munmap));
}

enum guard_result guard_after(struct guard *guard, struct tracer_task *task, bool keeps,
	int *status)
{
	struct attachments *attachments = &guard->attachments;
	struct registers registers = {0};
	struct errand errand;

	if (changes_attachments(&task->call))
		attachments_note(attachments, task->pid, &task->call);
	else if (!task->opens)
		return GUARD_NOT_MINE;
	task->opens = false;
	if (keeps || registers_read(task->tid, &registers) != 0)
		return GUARD_NOT_MINE;
	errand_begin(&errand, task);
	for (size_t i = 0; i < attachments->count; i++) {
		struct attachment *attachment = &attachments->list[i];

		if (attachment->pid != task->pid || attachment->protection == PROTECTION_NONE)
			continue;
		if (attachment->caller == 0)
			attachment->caller = registers_caller(&task->registers);
		if (!set_protection(guard, &errand, &registers, attachment, PROTECTION_NONE)) {
			*status = errand.status;
			return GUARD_GONE;
		}
	}
	registers_write(task->tid, &registers);
	errand_end(&errand);
	return GUARD_NOT_MINE;
}

/* ---- accesses -------------------------------------------------------------------------------- */

/* What one instruction accesses in one place. */
struct touched {
	struct attachment *attachment;
	uint64_t address;
	bool writes;
	uint64_t before;
};

struct step {
	struct guard *guard;
	struct errand errand;
	struct registers before, after;
	struct instruction instruction;
	struct touched touched[TOUCHED_MAX];
	size_t count;
};

static void read_instruction(struct step *step)
{
	uint64_t counter = registers_counter(&step->before);
	unsigned char bytes[INSTRUCTION_BYTES] = {0};
	size_t count = INSTRUCTION_BYTES;

	/* The instruction may be the last one of its page. */
	if (tracer_read(step->errand.task, counter, bytes, count) != 0) {
		count = 4096 - counter % 4096;
		if (count < INSTRUCTION_BYTES)
			tracer_read(step->errand.task, counter, bytes, count);
	}
	step->instruction = instruction_decode(bytes);
}

/* The bytes of the access, as a number; 0 for one of more than 8 bytes. */
static uint64_t value_of(const struct step *step, const struct touched *touched)
{
	uint64_t value = 0;

	if (step->instruction.size <= sizeof(value))
		tracer_read(step->errand.task, touched->address, &value, step->instruction.size);
	return value;
}

static bool add_touched(struct step *step, struct attachment *attachment, uint64_t address,
	bool writes)
{
	struct touched *last = step->count > 0 ? &step->touched[step->count - 1] : NULL;

	if (last != NULL && last->address == address && last->attachment == attachment) {
		last->writes |= writes;
		return true;
	}
	if (step->count == TOUCHED_MAX)
		return false;
	step->touched[step->count++] = (struct touched){attachment, address, writes, 0};
	return true;
}

/*
 * The address at which the task has faulted because of a protection. false: it is another signal.
 */
static bool fault_of(const struct tracer_task *task, uint64_t *address)
{
	siginfo_t information;

	if (ptrace(PTRACE_GETSIGINFO, task->tid, NULL, &information) != 0 ||
		information.si_code != SEGV_ACCERR)
		return false;
	*address = (uint64_t)(uintptr_t)information.si_addr;
	return true;
}

/*
 * Opens the page for the access at which the task is stopped. First for reading only; if it faults
 * again, the access is a write.
 */
static enum guard_result open_page(struct step *step)
{
	struct tracer_task *task = step->errand.task;
	struct attachment *attachment;
	enum attachment_protection protection;
	uint64_t address;

	if (!fault_of(task, &address))
		return GUARD_NOT_MINE;
	attachment = attachments_at(&step->guard->attachments, task->pid, address);
	if (attachment == NULL || attachment->protection == PROTECTION_FULL ||
		(attachment->protection == PROTECTION_READ && !attachment->writes))
		return GUARD_NOT_MINE;
	protection = attachment->protection == PROTECTION_NONE ? PROTECTION_READ : PROTECTION_FULL;
	if (!add_touched(step, attachment, address, protection == PROTECTION_FULL))
		return GUARD_NOT_MINE;
	step->touched[step->count - 1].before = value_of(step, &step->touched[step->count - 1]);
	return set_protection(step->guard, &step->errand, &step->before, attachment, protection)
		       ? GUARD_DONE
		       : GUARD_GONE;
}

/* Executes the instruction, and opens what it needs. */
static enum guard_result execute(struct step *step)
{
	enum guard_result result;

	while ((result = open_page(step)) == GUARD_DONE) {
		registers_write(step->errand.task->tid, &step->before);
		switch (advance(&step->errand, PTRACE_SINGLESTEP)) {
		case -1: return GUARD_GONE;
		case SIGTRAP:
			return registers_read(step->errand.task->tid, &step->after) == 0
				       ? GUARD_DONE
				       : GUARD_GONE;
		case SIGSEGV: break;
		default: return GUARD_NOT_MINE; /* the program's own fault */
		}
	}
	return result;
}

static void tell(struct step *step, const struct touched *touched, bool is_last)
{
	struct tracer_task *task = step->errand.task;
	const struct registers kept = task->registers;
	struct tracer_access access = {
		.segment = touched->attachment->segment,
		.offset = attachment_offset(touched->attachment, touched->address),
		.size = step->instruction.size,
		.writes = touched->writes,
		.reads = !touched->writes || !step->instruction.only_stores,
		.is_atomic = step->instruction.is_atomic,
		.is_last = is_last,
		.counter = registers_counter(&step->before),
		.before = touched->before,
		.after = value_of(step, touched),
	};

	task->registers = step->before;
	step->guard->observe(step->guard->data, task, &access);
	task->registers = kept;
}

static enum guard_result shut_all(struct step *step)
{
	for (size_t i = 0; i < step->count; i++) {
		struct attachment *attachment = step->touched[i].attachment;
		bool stays_open =
			step->instruction.is_exclusive || ++attachment->accesses >= GUARD_ACCESSES;

		tell(step, &step->touched[i], stays_open);
		if (attachment->protection == (stays_open ? PROTECTION_FULL : PROTECTION_NONE))
			continue;
		if (!set_protection(step->guard, &step->errand, &step->after, attachment,
			    stays_open ? PROTECTION_FULL : PROTECTION_NONE))
			return GUARD_GONE;
	}
	registers_write(step->errand.task->tid, &step->after);
	errand_end(&step->errand);
	return GUARD_DONE;
}

enum guard_result guard_fault(struct guard *guard, struct tracer_task *task, int *status)
{
	struct step step = {.guard = guard};
	enum guard_result result;
	uint64_t address;

	if (!fault_of(task, &address) ||
		attachments_at(&guard->attachments, task->pid, address) == NULL ||
		registers_read(task->tid, &step.before) != 0)
		return GUARD_NOT_MINE;
	errand_begin(&step.errand, task);
	read_instruction(&step);
	result = execute(&step);
	if (result == GUARD_DONE)
		result = shut_all(&step);
	else if (result == GUARD_NOT_MINE)
		errand_end(&step.errand);
	*status = step.errand.status;
	return result;
}
