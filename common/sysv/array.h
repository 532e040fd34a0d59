/*
 * array.h - what the kernel would do with the operations of one semop(), at given values: do all of
 * them, let the caller sleep, or refuse. This is semop(2) as arithmetic; it makes no system call.
 * Pure.
 */
#ifndef VITRINE_SYSV_ARRAY_H
#define VITRINE_SYSV_ARRAY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>

enum { SYSV_VALUE_MAX = 32767 }; /* SEMVMX */

enum sysv_outcome {
	SYSV_DONE,    /* all of them */
	SYSV_SLEEPS,  /* until the semaphore of operation `at` has another value */
	SYSV_REFUSED, /* EAGAIN: operation `at` would have to wait, and has IPC_NOWAIT */
	SYSV_RANGE,   /* ERANGE: operation `at` would raise its semaphore above 32,767 */
	SYSV_NUMBER,  /* EFBIG: the set has no such semaphore */
};

/*
 * Judges `operations` at `values`, of which there are `value_count`; on SYSV_DONE, `values` become
 * what they are afterwards. Otherwise they stay, and *at is the operation that it depends on. `at`
 * may be NULL. The kernel's other bound, that of an undo, is for the ledger: it is not looked at.
 */
enum sysv_outcome sysv_array_apply(uint16_t *values, size_t value_count,
	const struct sembuf *operations, size_t count, size_t *at);

#endif
