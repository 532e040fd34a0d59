/*
 * tracer.h - programs under control: unmodified programs started by this module, with their
 * children and threads. Each stops before and after every System V call, at its start and before
 * its end, until it is resumed. Uses Linux ptrace(2) with a seccomp filter; needs no privileges,
 * works in containers.
 *
 *	tracer_create(&tracer, &options, reason);
 *	tracer_start(tracer, &program, reason);
 *	while (tracer_wait(tracer, &event, timeout))
 *		tracer_resume(tracer, event.task);
 *	tracer_destroy(tracer);
 *
 * All functions are for the thread that created the tracer, because ptrace(2) requires it. No
 * program outlives the tracer or its process (PTRACE_O_EXITKILL).
 */
#ifndef VITRINE_CONTROL_TRACER_H
#define VITRINE_CONTROL_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/call.h"
#include "control/frozen.h"
#include "control/registers.h"

#define TRACER_REASON_MAX 384
#define TRACER_TASKS_MAX  64 /* at once, unless the options say otherwise */

struct tracer;
struct tracer_task;

/* An access of a program to an attached segment. */
struct tracer_access {
	int segment;
	uint64_t offset;
	unsigned size; /* bytes; of unusual instructions perhaps only the first one */
	bool reads, writes;
	bool is_atomic;   /* one that synchronizes: a lock prefix, xchg, ldar … */
	bool is_last;     /* later ones, up to the next call of the process, are not reported */
	uint64_t counter; /* the address of the instruction; task->registers are those before it */
	uint64_t before, after; /* the value, of at most 8 bytes; otherwise 0 */
};

typedef void tracer_observer(void *data, struct tracer_task *task,
	const struct tracer_access *access);

struct tracer_options {
	const int *calls;   /* further system calls to stop; kept by the caller */
	size_t call_count;  /* at most 64 */
	unsigned tasks_max; /* processes and threads at once; 0: TRACER_TASKS_MAX */
	/*
	 * Called at each access to an attached segment, which is slow. NULL: accesses are not
	 * observed.
	 */
	tracer_observer *observe;
	void *data; /* for it */
};

struct tracer_program {
	char *const *argv;        /* argv[0] is looked up in PATH if it has no slash */
	char *const *environment; /* NULL: the caller's */
	/* Called in the child before its exec, if not NULL: only async-signal-safe calls. */
	void (*prepare)(void *data);
	void *data;
};

/* Where a task is. */
enum tracer_state {
	TRACER_RUNS,
	/* before its first instruction: after exec, or born by fork or clone */
	TRACER_STANDS_FIRST,
	TRACER_STANDS_BEFORE, /* before a call: task->call */
	TRACER_IN_CALL,      /* in its call, resumed and not yet back: it may sleep in the kernel */
	TRACER_STANDS_AFTER, /* after it: task->call has the result */
	TRACER_STANDS_LAST,  /* before its end: the kernel has not undone anything yet */
	TRACER_STOPPED,      /* by a signal such as SIGSTOP, until SIGCONT */
	TRACER_ENDED,
};

/* A thread of a process; in the first one, tid == pid. The tracer owns it. */
struct tracer_task {
	pid_t tid;
	pid_t pid;
	pid_t own_pid;    /* what getpid() returns to it, in its PID namespace */
	unsigned number;  /* 1, 2 …: in the order of their starts, so the same in each run */
	unsigned parent;  /* the number of the task that created it; 0: tracer_start() did */
	unsigned program; /* 0, 1 …: the tracer_start() that it comes from */
	bool is_thread;   /* created by clone() within its parent's process */
	bool is_vfork;    /* its parent sleeps in the kernel until it calls exec or ends */
	bool is_foreign;  /* it made a call of another architecture: such calls cannot be decoded */
	enum tracer_state state;
	struct call call;           /* at and after TRACER_STANDS_BEFORE; later, the last one */
	struct registers registers; /* as they were before that call */
	int status;                 /* at TRACER_ENDED and TRACER_STANDS_LAST: as from waitpid(2) */
	uint64_t calls;             /* how often it stood before a call */
	void *data;                 /* for the caller */
	/* Used by the tracer only. */
	bool opens;           /* it is in a call for which segments were opened */
	bool is_unasked;      /* it is in a call that nobody asked for: no event */
	bool is_cut_short;    /* a signal ended its call; restart it if the signal is ignored */
	bool is_in_vfork;     /* it sleeps until its child calls exec or ends */
	int pending;          /* a signal to deliver when it is resumed */
	int64_t entered_ns;   /* when it entered its call */
	struct frozen *model; /* the model that it is a copy of; NULL: it is none */
};

enum tracer_event_kind {
	TRACER_BEGAN, /* it is stopped before its first instruction */
	/* it called exec and is stopped before the new program's first instruction */
	TRACER_EXECED,
	TRACER_BEFORE, /* it is stopped before a call */
	TRACER_AFTER,  /* it is stopped after its call */
	TRACER_LAST,   /* it is stopped before its end */
	TRACER_END,    /* it is gone. The task stays readable until tracer_destroy() */
	TRACER_CROWD,  /* more than tasks_max: this one is stopped before its first instruction */
};

struct tracer_event {
	enum tracer_event_kind kind;
	struct tracer_task *task;
};

/*
 * Blocks SIGCHLD, which wakes the tracer, in the calling thread and in those that it starts later.
 * A program with several threads calls it before it starts the first one.
 */
void tracer_block_signals(void);

/* Blocks the same signal. false: `reason` says why, and the remedy. */
bool tracer_create(struct tracer **tracer, const struct tracer_options *options,
	char reason[TRACER_REASON_MAX]);

/* Kills all living tasks and waits until they have ended. NULL is allowed. */
void tracer_destroy(struct tracer *tracer);

/*
 * Starts a program; TRACER_BEGAN follows. false: `reason` says what is wrong with the program and
 * the remedy; write it after the program's name.
 */
bool tracer_start(struct tracer *tracer, const struct tracer_program *program,
	char reason[TRACER_REASON_MAX]);

/*
 * Waits up to `timeout_ns` for the next event; at 0 or below it does not wait. false: there
 * was none, or no running task is left that could cause one. Signals are passed on to the programs;
 * one that a program ignores ends none of its calls, as without a tracer.
 */
bool tracer_wait(struct tracer *tracer, struct tracer_event *event, int64_t timeout_ns);

/*
 * Freezes a task that is stopped before a call and is the only one of its process: removes it from
 * the tracer and makes it a model, from which other tracers of this thread start copies.
 * frozen_end() kills it.
 */
void tracer_freeze(struct tracer *tracer, struct tracer_task *task, struct frozen *frozen);

/* Starts a copy of a frozen task; TRACER_BEFORE follows. false: `reason` as in tracer_start(). */
bool tracer_thaw(struct tracer *tracer, struct frozen *frozen, char reason[TRACER_REASON_MAX]);

/*
 * Resumes a stopped task. If it stopped before a call, it enters the call, and TRACER_AFTER
 * follows.
 */
void tracer_resume(struct tracer *tracer, struct tracer_task *task);

/*
 * Resumes a task that is stopped before a call, to get its pending signals before the call:
 * TRACER_BEFORE follows for the calls of their handlers, if any, and then again for this call.
 */
void tracer_interrupt(struct tracer_task *task);

/*
 * Kills the whole process with SIGKILL. TRACER_END follows for each of its tasks, possibly after
 * TRACER_LAST.
 */
void tracer_kill(struct tracer *tracer, pid_t pid);

/* ---- looking ------------------------------------------------------------------------------- */

/* All tasks by number - 1, ended ones included. */
size_t tracer_task_count(const struct tracer *tracer);
struct tracer_task *tracer_task(struct tracer *tracer, size_t index);

/* The number of tasks that have not ended. */
unsigned tracer_alive(const struct tracer *tracer);

/* True if it is stopped and waits for tracer_resume(). */
bool tracer_stands(const struct tracer_task *task);

/*
 * True if a task in state TRACER_IN_CALL or TRACER_RUNS sleeps in the kernel at this moment; *call
 * is then the number of the system call. A task that waits for a page, a kernel lock or a disk
 * (state D) does not count: it continues without help. Reads /proc.
 */
bool tracer_sleeps(const struct tracer_task *task, long *call);

/* True if some accesses to segments could not be observed. */
bool tracer_has_failed(const struct tracer *tracer);

/* Accesses the task's memory. Returns 0 or a negative errno; -EFAULT: not all of it is mapped. */
int tracer_read(const struct tracer_task *task, uint64_t address, void *bytes, size_t count);
int tracer_write(const struct tracer_task *task, uint64_t address, const void *bytes, size_t count);
int tracer_peek(pid_t tid, uint64_t address, void *bytes, size_t count);

/*
 * At TRACER_STANDS_BEFORE: the kernel skips the call, and the program gets `result` (or a negative
 * errno). At TRACER_STANDS_AFTER: replaces the result. Returns 0 or a negative errno.
 */
int tracer_answer(struct tracer_task *task, int64_t result);

/* At TRACER_STANDS_BEFORE: changes argument 0 to 5 of the call. Returns 0 or a negative errno. */
int tracer_set_argument(struct tracer_task *task, unsigned number, uint64_t value);

#endif
