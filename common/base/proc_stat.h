/*
 * proc_stat.h - what /proc/PID/stat says of a process: proc_pid_stat(5). Never sleeps. Any thread.
 */
#ifndef VITRINE_BASE_PROC_STAT_H
#define VITRINE_BASE_PROC_STAT_H

#include <stdbool.h>
#include <sys/types.h>

struct proc_stat {
	char state; /* 'R', 'S', 'T' … */
	pid_t parent;
	double started; /* seconds since the boot, as CLOCK_BOOTTIME counts them */
};

/* False: there is no such process. */
bool proc_stat_read(pid_t pid, struct proc_stat *stat);

#endif
