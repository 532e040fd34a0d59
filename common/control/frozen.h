/*
 * frozen.h - a process stopped before its first call, kept as a model: copies of it start there,
 * without a new exec and everything else that comes before main(). The process makes the copy
 * itself: it is made to execute a clone() that is not in its program.
 */
#ifndef VITRINE_CONTROL_FROZEN_H
#define VITRINE_CONTROL_FROZEN_H

#include <sys/types.h>

#include "control/machine.h"

struct frozen {
	pid_t pid;                          /* traced by this thread; single-threaded */
	struct machine_registers registers; /* as they were before that call */
};

/*
 * Makes a copy: a child of the calling process that is stopped before the call, as the model still
 * does. Returns its pid, or a negative errno: then the model can no longer be used.
 */
pid_t frozen_copy(const struct frozen *frozen);

/* Kills the model. */
void frozen_end(struct frozen *frozen);

#endif
