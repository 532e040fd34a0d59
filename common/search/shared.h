/*
 * shared.h - what a process would share with a copy of it, so that one run could change another:
 * open files have a position, pipes hold bytes, and a shared mapping is one memory.
 */
#ifndef VITRINE_SEARCH_SHARED_H
#define VITRINE_SEARCH_SHARED_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether it has open files other than character devices and the memfd of this name. */
bool shared_has_files(pid_t pid, const char *output);

/* Whether it has memory that others can share and that can be written. */
bool shared_has_memory(pid_t pid);

#endif
