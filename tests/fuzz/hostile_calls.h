/* hostile_calls.h - what hostile.c needs of the kernel, past the wrapped calls and through them. */
#ifndef HOSTILE_CALLS_H
#define HOSTILE_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* The system calls themselves: ld's --wrap makes these names. */
void *__real_shmat(int id, const void *address, int flags);
int __real_shmdt(const void *address);

/* The key of this process; $VITRINE_FUZZ_KEY, where who started it wants to clean up after it. */
int32_t hostile_key(void);

/* Removes the set and the segment under our key, and what was made anew in their place. */
void hostile_remove_all(void);

#endif
