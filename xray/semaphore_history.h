/*
 * semaphore_history.h - the history of the semaphores named `empty` and `full`, for the curves that
 * the window shows in lecture mode.
 */
#ifndef VITRINE_XRAY_SEMAPHORE_HISTORY_H
#define VITRINE_XRAY_SEMAPHORE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "curves.h"

/* All zeros: empty. One unit of time of the curves is one change. */
struct semaphore_history {
	struct curves curves;
};

/* Adds the current values, unless they equal the last ones. */
void semaphore_history_add(struct semaphore_history *history, int32_t empty, int32_t full);
/* Call when the programs start again. */
void semaphore_history_forget(struct semaphore_history *history);
bool semaphore_history_is_empty(const struct semaphore_history *history);

#endif
