/*
 * frozen.h - a process that stands before its first call, kept as a model: copies of it begin there,
 * without a new exec and all that a program does before its main(). A copy is made by the process
 * itself: it is led through a clone() that is none of its program's.
 */
#ifndef VITRINE_CONTROL_FROZEN_H
#define VITRINE_CONTROL_FROZEN_H

#include <sys/types.h>

#include "control/machine.h"

struct frozen {
	pid_t pid;                          /* under our control; of one thread */
	struct machine_registers registers; /* as they were before that call */
};

/*
 * Makes a copy, which is a child of this process and stands before the call, as the model does again.
 * Returns its pid, or a negative errno: then the model is of no use any more.
 */
pid_t frozen_copy(const struct frozen *frozen);

/* Kills the model. */
void frozen_end(struct frozen *frozen);

#endif
