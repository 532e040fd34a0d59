/*
 * errors.h - writes a handle's error message. Each function stores the message and returns the
 * error, so that callers write `return fail_…(…)`. errors.c also has vitrine_strerror() and
 * vitrine_message(). Private to common/ipc.
 */
#ifndef VITRINE_IPC_ERRORS_H
#define VITRINE_IPC_ERRORS_H

#include <stdint.h>

#include "transitions.h"
#include "vitrine.h"

/* Clears the message of an earlier failed attempt. Returns `result`, which is 0 or a count. */
int succeed(struct vitrine_channel *channel, int result);

int fail(struct vitrine_channel *channel, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Maps the errno of a system call to an enum vitrine_error, with the reason and the remedy in the
 * message. `call` names the call and its arguments: "semop(claim 3)".
 */
int fail_system(struct vitrine_channel *channel, int minus_errno, const char *call);

/*
 * A transition on slot `slot` (-1: none) failed. -EAGAIN means that none of its variants succeeded
 * at any look, so the semaphores contradict each other: VITRINE_EDAMAGED.
 */
int fail_transition(struct vitrine_channel *channel, int rc, enum transition transition, int slot);

/*
 * A transition that sleeps failed. -EAGAIN means that the timeout expired, or that the segment was
 * removed (its removal wakes no process).
 */
int fail_wait(struct vitrine_channel *channel, int rc, enum transition transition);

/*
 * `transition` failed while this handle held the mutex: executes `unlock`, then writes the message.
 * `transition` only supplies the name, so any of its variants will do.
 */
int fail_locked(struct vitrine_channel *channel, int rc, enum transition unlock,
	enum transition transition);

/* VITRINE_EDAMAGED: the semaphores contradict each other. */
int fail_damaged(struct vitrine_channel *channel, const char *what);

/* "256 MiB": exact for whole units, otherwise rounded to three or four digits. Returns `text`. */
const char *size_text(uint64_t bytes, char text[24]);

#endif
