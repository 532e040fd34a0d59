/*
 * launch.h - programs from the command line to their first instruction, held there: found as the shell
 * finds them, refused with a reason if they cannot be controlled, started with the filter.
 */
#ifndef VITRINE_CONTROL_LAUNCH_H
#define VITRINE_CONTROL_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "filter.h"
#include "tracer.h"

/*
 * Cuts a command line at each "--": what follows are programs, of which `programs` has room for `most`.
 * Changes argv, and the programs point into it. Returns how many words come before the first "--"; 0,
 * with `reason`: there are more programs, or a "--" is followed by none.
 */
int launch_split(int argc, char **argv, struct tracer_program *programs, size_t most, size_t *count,
	char reason[TRACER_REASON_MAX]);

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
