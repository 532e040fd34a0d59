/*
 * filter.h - selects the system calls that stop a program under control: a seccomp filter,
 * installed before the program's exec and inherited by its children. All other calls run at full
 * speed.
 */
#ifndef VITRINE_CONTROL_FILTER_H
#define VITRINE_CONTROL_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#define FILTER_CALLS_MAX 64 /* of the caller's calls, in addition to those of System V IPC */

/* The value of PTRACE_GETEVENTMSG at a stop in a call of another architecture (int 0x80, x32). */
#define FILTER_FOREIGN 1u
/* The same in a call that was not asked for, with `all`. */
#define FILTER_OTHER   2u

struct filter {
	struct sock_filter code[2 * FILTER_CALLS_MAX + 64];
	unsigned short length;
};

/*
 * Builds a filter that stops every System V IPC call and `calls`, of which there are at most
 * FILTER_CALLS_MAX. All calls of another architecture stop, with FILTER_FOREIGN. `all`: all other
 * calls stop as well, with FILTER_OTHER, except mprotect, munmap, brk and rt_sigreturn.
 */
void filter_write(struct filter *filter, const int *calls, size_t count, bool all);

/*
 * Installs the filter in the child, before exec; async-signal-safe. Returns 0 or a negative errno.
 */
int filter_install(const struct filter *filter);

#endif
