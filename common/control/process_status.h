/* process_status.h - what /proc tells of a process or a thread under control. Any thread. */
#ifndef VITRINE_CONTROL_PROCESS_STATUS_H
#define VITRINE_CONTROL_PROCESS_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_status {
	pid_t pid;     /* of the process that it is a thread of */
	pid_t own_pid; /* its pid in its own PID namespace */
	pid_t tracer;  /* the process that traces it; 0: none */
	/*
	 * Signals, bit N - 1 for signal N: pending for the thread or its process, and dispositions.
	 */
	uint64_t pending, blocked, ignored, caught;
};

/* Reads /proc/TID/status. false: it is gone; the pids are then `tid`, and the rest is 0. */
bool process_status_read(pid_t tid, struct process_status *status);

#endif
