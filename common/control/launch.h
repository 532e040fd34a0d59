/*
 * launch.h - takes programs from the command line to their first instruction and holds them there:
 * finds them as the shell does, refuses those that cannot be controlled with a reason, and starts
 * them with the filter.
 */
#ifndef VITRINE_CONTROL_LAUNCH_H
#define VITRINE_CONTROL_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "filter.h"
#include "tracer.h"

/*
 * Splits a command line at each "--": a program follows each. There is room for `most` in
 * `programs`. Changes argv; the programs point into it. Returns the number of words before the
 * first "--"; 0, with `reason`: there are too many programs, or no program follows a "--".
 */
int launch_split(int argc, char **argv, struct tracer_program *programs, size_t most, size_t *count,
	char reason[TRACER_REASON_MAX]);

/*
 * Finds the file for `name`, in PATH if it has no slash. Returns false, with `reason`, if there is
 * none, or if it is set-uid, of another architecture, or not a program.
 */
bool launch_find(const char *name, char path[4096], char reason[TRACER_REASON_MAX]);

/*
 * Starts `program` and attaches to it with PTRACE_SEIZE and `options`. It runs until the kernel
 * reports its exec, which is the first stop that the tracer sees. false: `reason` says why.
 */
bool launch_start(const struct tracer_program *program, const struct filter *filter,
	unsigned long options, pid_t *pid, char reason[TRACER_REASON_MAX]);

#endif
