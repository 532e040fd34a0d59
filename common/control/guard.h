/*
 * guard.h - sees each access of programs under control to attached segments, by page protection: a
 * segment is shut as soon as it is attached. An access then faults, and the tracer stops it; it is
 * noted, the segment is opened, the instruction executes alone, and the segment is shut again. The
 * process changes the protection itself: it is made to execute an mprotect() that is not in its
 * program. Private to this folder.
 *
 * A system call that accesses a shut segment would fail with EFAULT, so guard_before() opens each
 * segment to which an argument of the call points.
 */
#ifndef VITRINE_CONTROL_GUARD_H
#define VITRINE_CONTROL_GUARD_H

#include "control/attachments.h"
#include "tracer.h"

#define GUARD_ACCESSES 500 /* of a process to a segment, seen between two calls */

struct guard {
	struct attachments attachments;
	tracer_observer *observe;
	void *data;
	bool has_failed; /* a protection could not be changed */
};

/* What is left to be done with the task. */
enum guard_result {
	GUARD_NOT_MINE, /* it is still at the stop that it was called for */
	GUARD_DONE,     /* the fault was an access, and the task may go on */
	GUARD_GONE,     /* it came to the stop *status instead */
};

/*
 * At a stop by SIGSEGV. GUARD_NOT_MINE: it is now at the stop of the signal *status, if that is
 * not 0.
 */
enum guard_result guard_fault(struct guard *guard, struct tracer_task *task, int *status);

/*
 * At a stop before a call: opens the segments that the call may access, and shuts the others.
 * `keeps`: another thread of the process is in a call for which segments were opened. Never
 * GUARD_DONE. task->opens says whether guard_after() is needed.
 */
enum guard_result guard_before(struct guard *guard, struct tracer_task *task, long number,
	const uint64_t arguments[6], bool keeps, int *status);

/* At a stop after a call, task->call for System V calls. Never GUARD_DONE. */
enum guard_result guard_after(struct guard *guard, struct tracer_task *task, bool keeps,
	int *status);

#endif
