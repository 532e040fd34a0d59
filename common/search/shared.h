/*
 * shared.h - finds out whether a copy of a process would share state with it, through which one run
 * could affect another: the offset of an open file, the contents of a pipe, a shared mapping.
 */
#ifndef VITRINE_SEARCH_SHARED_H
#define VITRINE_SEARCH_SHARED_H

#include <stdbool.h>
#include <sys/types.h>

/* True if it has open files other than character devices and the memfd of this name. */
bool shared_has_files(pid_t pid, const char *output);

/* True if it has memory that others can share and that can be written. */
bool shared_has_memory(pid_t pid);

#endif
