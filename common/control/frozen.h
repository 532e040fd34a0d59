/*
 * frozen.h - a process stopped before its first call, kept as a model: copies of it start there,
 * without a new exec and everything else that comes before main(). The process makes the copy
 * itself: it is made to execute a clone() that is not in its program.
 */
#ifndef VITRINE_CONTROL_FROZEN_H
#define VITRINE_CONTROL_FROZEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "control/registers.h"

#define FROZEN_PAGES 64

/* Pages of a process, as one byte of each. */
struct frozen_pages {
	struct iovec bytes[FROZEN_PAGES];
	size_t count;
};

struct frozen {
	pid_t pid;                         /* traced by this thread; single-threaded */
	struct registers registers;        /* as they were before that call */
	bool has_learned;                  /* from a copy that has ended */
	struct frozen_pages written, read; /* the pages of the model that it used */
};

/*
 * Makes a copy: a child of the calling process that is stopped before the call, as the model still
 * does. Returns its pid, or a negative errno: then the model can no longer be used.
 */
pid_t frozen_copy(const struct frozen *frozen);

/*
 * Notes which pages a copy has used, unless they are known from an earlier copy. The copy must be
 * stopped before its end. Later copies get these pages when they are made, which takes less time
 * than the page faults.
 */
void frozen_learn(struct frozen *frozen, pid_t copy);

/* Kills the model. */
void frozen_end(struct frozen *frozen);

#endif
