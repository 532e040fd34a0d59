/* hostile_calls.h - the system calls that hostile.c needs: the wrapped ones and the real ones. */
#ifndef HOSTILE_CALLS_H
#define HOSTILE_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* The real system calls; ld's --wrap gives them these names. */
void *__real_shmat(int id, const void *address, int flags);
int __real_shmdt(const void *address);

/*
 * The key of this process. $VITRINE_FUZZ_KEY sets it, so that the program that started this one can
 * clean up.
 */
int32_t hostile_key(void);

/* Removes the set and the segment under our key, and objects that were created in their place. */
void hostile_remove_all(void);

#endif
