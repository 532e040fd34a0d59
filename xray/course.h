/*
 * course.h - the values of the semaphores named `empty` and `full`, from change to change, as curves.h
 * draws them: what the window shows of them in lecture mode.
 */
#ifndef VITRINE_XRAY_COURSE_H
#define VITRINE_XRAY_COURSE_H

#include <stdbool.h>
#include <stdint.h>

#include "curves.h"

/* All zeros: nothing was seen. One unit of time of the curves is one change. */
struct course {
	struct curves curves;
};

/* The values of now. Values equal to the last ones are not a change. */
void course_add(struct course *course, int32_t empty, int32_t full);
void course_forget(struct course *course); /* the programs begin anew */
bool course_is_empty(const struct course *course);

#endif
