/*
 * course.h - the history of the semaphores named `empty` and `full`, for the curves that the window
 * shows in lecture mode.
 */
#ifndef VITRINE_XRAY_COURSE_H
#define VITRINE_XRAY_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "curves.h"

/* All zeros: empty. One unit of time of the curves is one change. */
struct course {
	struct curves curves;
};

/* Adds the current values, unless they equal the last ones. */
void course_add(struct course *course, int32_t empty, int32_t full);
void course_forget(struct course *course); /* call when the programs start again */
bool course_is_empty(const struct course *course);

#endif
