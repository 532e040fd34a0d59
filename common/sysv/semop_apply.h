/*
 * semop_apply.h - computes what the kernel would do with the operations of one semop(), at given
 * values: execute all of them, let the caller sleep, or refuse. This is semop(2) as arithmetic; it
 * makes no system call. channel/predict.h applies it to the snapshot of a channel. Pure.
 */
#ifndef VITRINE_SYSV_SEMOP_APPLY_H
#define VITRINE_SYSV_SEMOP_APPLY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>

enum { SYSV_VALUE_MAX = 32767 }; /* SEMVMX */

enum sysv_outcome {
	SYSV_DONE,    /* all operations were executed */
	SYSV_SLEEPS,  /* it sleeps until the semaphore of operation `at` has another value */
	SYSV_REFUSED, /* EAGAIN: operation `at` would have to wait, and has IPC_NOWAIT */
	SYSV_RANGE,   /* ERANGE: operation `at` would raise its semaphore above 32,767 */
	SYSV_NUMBER,  /* EFBIG: the set has no such semaphore */
};

/*
 * Judges `operations` at the `value_count` values. On SYSV_DONE, `values` are updated. Otherwise
 * they do not change, and *at is the operation that decided the result. `at` may be NULL. The
 * kernel also limits undo values: that is not checked here, but in the ledger.
 */
enum sysv_outcome sysv_semop_apply(uint16_t *values, size_t value_count,
	const struct sembuf *operations, size_t count, size_t *at);

#endif
