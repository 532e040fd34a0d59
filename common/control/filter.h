/*
 * filter.h - which system calls stop a program under control: a seccomp filter, which the program
 * carries from before its exec on, and its children with it. All other calls run at full speed.
 */
#ifndef VITRINE_CONTROL_FILTER_H
#define VITRINE_CONTROL_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

#define FILTER_CALLS_MAX 64 /* of the caller's own, beside those of System V IPC */

/* The value of PTRACE_GETEVENTMSG at a stop in a call of another architecture (int 0x80, x32). */
#define FILTER_FOREIGN 1u

struct filter {
	struct sock_filter code[2 * FILTER_CALLS_MAX + 64];
	unsigned short length;
};

/*
 * Stops every call of System V IPC, and `calls`, of which there are at most FILTER_CALLS_MAX. Calls
 * of another architecture all stop, with FILTER_FOREIGN.
 */
void filter_write(struct filter *filter, const int *calls, size_t count);

/* In the child, before exec; async-signal-safe. Returns 0 or a negative errno. */
int filter_install(const struct filter *filter);

#endif
