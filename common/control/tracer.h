/*
 * tracer.h - programs under control: unmodified programs started by us, with their children and
 * threads. Each stops before and after every System V call, at its start and before its end, until
 * it is resumed. Linux ptrace(2) with a seccomp filter; needs no rights, works in containers.
 *
 * tracer_create(&tracer, &options, reason); tracer_start(tracer, &program, reason); while
 * (tracer_wait(tracer, &event, timeout))
 * 		tracer_resume(tracer, event.task);
 * tracer_destroy(tracer);
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
#include "control/machine.h"

#define TRACER_REASON_MAX 256
#define TRACER_TASKS_MAX  64 /* at once, if the options do not say otherwise */
#define TRACER_FOREVER    INT64_C(-1)

struct tracer;

struct tracer_options {
	const int
		*calls; /* system calls to stop beside those of System V IPC; kept by the caller */
	size_t call_count;  /* at most 64 */
	unsigned tasks_max; /* processes and threads at once; 0: TRACER_TASKS_MAX */
};

struct tracer_program {
	char *const *argv;        /* argv[0] is looked for in PATH if it has no slash */
	char *const *environment; /* NULL: ours */
	/* Called in the child before its exec, if not NULL: only async-signal-safe calls. */
	void (*prepare)(void *data);
	void *data;
};

/* Where a task is. */
enum tracer_state {
	TRACER_RUNS,
	TRACER_STANDS_FIRST, /* before its first instruction: after exec, or born by fork or clone */
	TRACER_STANDS_BEFORE, /* before a call: task->call */
	TRACER_IN_CALL,       /* resumed from there, and not yet back: it may sleep in the kernel */
	TRACER_STANDS_AFTER,  /* after it: task->call has its result */
	TRACER_STANDS_LAST,   /* before its end: the kernel has not yet undone anything */
	TRACER_STOPPED,       /* by a signal such as SIGSTOP, until SIGCONT */
	TRACER_ENDED,
};

/* A thread of a process; the first one of a process has tid == pid. The tracer owns it. */
struct tracer_task {
	pid_t tid;
	pid_t pid;
	unsigned number;  /* 1, 2 …: in the order of their beginnings, so the same in each run */
	unsigned parent;  /* the number of the task that began it; 0: tracer_start() did */
	unsigned program; /* 0, 1 …: which tracer_start() it comes from */
	bool is_thread;   /* began by clone() within its parent's process */
	bool is_vfork;    /* its parent sleeps in the kernel until it has called exec or ended */
	bool is_foreign; /* it made a call of another architecture: what such calls do is not seen */
	enum tracer_state state;
	struct call call; /* at and after TRACER_STANDS_BEFORE; the last one afterwards */
	struct machine_registers registers; /* as they were before that call */
	int signal;                         /* the last one that it got; 0: none */
	int status;     /* at TRACER_ENDED, and TRACER_STANDS_LAST: as waitpid(2) gives it */
	uint64_t calls; /* how often it stood before a call */
	void *data;     /* for the caller */
	/* The tracer's own. */
	bool is_cut_short;  /* a signal ended its call, which is restarted if it ignores that */
	bool is_in_vfork;   /* it sleeps until its child has called exec or ended */
	int pending;        /* a signal that it gets when it is resumed */
	int64_t entered_ns; /* when it was let into its call */
};

enum tracer_event_kind {
	TRACER_BEGAN,  /* it stands before its first instruction */
	TRACER_EXECED, /* it called exec and stands before the new program's first instruction */
	TRACER_BEFORE, /* it stands before a call */
	TRACER_AFTER,  /* it stands after it */
	TRACER_LAST,   /* it stands before its end */
	TRACER_END,    /* it is gone. The task stays readable until tracer_destroy() */
	TRACER_CROWD,  /* more than tasks_max: this one stands before its first instruction */
};

struct tracer_event {
	enum tracer_event_kind kind;
	struct tracer_task *task;
};

/*
 * Blocks SIGCHLD in the calling thread: block it in all others before they start. false: `reason` says
 * why, and what helps.
 */
bool tracer_create(struct tracer **tracer, const struct tracer_options *options,
	char reason[TRACER_REASON_MAX]);

/* Kills all living tasks and waits until they have ended. NULL is allowed. */
void tracer_destroy(struct tracer *tracer);

/*
 * Starts a program; TRACER_BEGAN follows. false: `reason` says what is wrong with it and the remedy,
 * to be written behind the program's name.
 */
bool tracer_start(struct tracer *tracer, const struct tracer_program *program,
	char reason[TRACER_REASON_MAX]);

/*
 * The next event, within `timeout_ns` (0: only what is there; or TRACER_FOREVER). false: there was
 * none, or nothing that runs is left to give one. Signals that a program gets are passed on; one that
 * it ignores ends no call of its, as without us.
 */
bool tracer_wait(struct tracer *tracer, struct tracer_event *event, int64_t timeout_ns);

/* Readable when tracer_wait() may have something; for poll(2) beside other descriptors. */
int tracer_descriptor(const struct tracer *tracer);

/*
 * Freezes a task that is stopped before a call and is the only one of its process: takes it out of
 * the tracer's control and makes it a model, of which other tracers of this thread start copies.
 * frozen_end() kills it.
 */
void tracer_freeze(struct tracer *tracer, struct tracer_task *task, struct frozen *frozen);

/* Starts a copy of a frozen task; TRACER_BEFORE follows. false: `reason` as in tracer_start(). */
bool tracer_thaw(struct tracer *tracer, const struct frozen *frozen,
	char reason[TRACER_REASON_MAX]);

/*
 * Resumes a stopped task. If it stopped before a call, it enters the call, and TRACER_AFTER
 * follows.
 */
void tracer_resume(struct tracer *tracer, struct tracer_task *task);

/* kill -9 of the whole process. TRACER_END follows for each of its tasks, perhaps TRACER_LAST before. */
void tracer_kill(struct tracer *tracer, pid_t pid);

/* ---- looking ------------------------------------------------------------------------------- */

/* All tasks by number - 1, the ended ones too. */
size_t tracer_task_count(const struct tracer *tracer);
struct tracer_task *tracer_task(struct tracer *tracer, size_t index);

/* Tasks that have not ended. */
unsigned tracer_alive(const struct tracer *tracer);

/* Whether it stands and waits for tracer_resume(). */
bool tracer_stands(const struct tracer_task *task);

/*
 * Whether a task in state TRACER_IN_CALL or TRACER_RUNS sleeps in the kernel at this moment; *call is
 * then the number of the system call that it sleeps in. A task that waits for a page, a lock of the
 * kernel or a disk (state D) does not sleep: it goes on without anybody's help. Reads /proc.
 */
bool tracer_sleeps(const struct tracer_task *task, long *call);

/* Its memory. Returns 0 or a negative errno; -EFAULT: not all of it is there. */
int tracer_read(const struct tracer_task *task, uint64_t address, void *bytes, size_t count);
int tracer_write(const struct tracer_task *task, uint64_t address, const void *bytes, size_t count);

/*
 * At TRACER_STANDS_BEFORE: the kernel will not do the call; the program gets `result` (or a negative
 * errno). At TRACER_STANDS_AFTER: it gets this result instead. Returns 0 or a negative errno.
 */
int tracer_answer(struct tracer_task *task, int64_t result);

/* At TRACER_STANDS_BEFORE: another argument for the call, 0 to 5. Returns 0 or a negative errno. */
int tracer_set_argument(struct tracer_task *task, unsigned number, uint64_t value);

#endif
