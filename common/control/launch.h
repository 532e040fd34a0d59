/*
 * launch.h - a program from its name to its first instruction, held there: found as the shell finds
 * it, refused with a reason if it cannot be controlled, started with the filter. Private to tracer.c.
 */
#ifndef VITRINE_CONTROL_LAUNCH_H
#define VITRINE_CONTROL_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "filter.h"
#include "tracer.h"

/*
 * The file that `name` means, by PATH if it has no slash. Returns false, with `reason`, if there is
 * none, or it is set-uid, or of another architecture, or no program at all.
 */
bool launch_find(const char *name, char path[4096], char reason[TRACER_REASON_MAX]);

/*
 * Starts `program` and attaches to it by PTRACE_SEIZE with `options`. It runs until the kernel reports
 * its exec, which is the tracer's first stop of it. false: `reason` says why.
 */
bool launch_start(const struct tracer_program *program, const struct filter *filter,
	unsigned long options, pid_t *pid, char reason[TRACER_REASON_MAX]);

#endif
