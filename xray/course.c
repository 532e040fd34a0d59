/* course.c - see course.h. */
#include "course.h"

#include <string.h>

enum { SHOWN = 40 }; /* changes */

void course_add(struct course *course, int32_t empty, int32_t full)
{
	struct curves *curves = &course->curves;

	if (curves->count == CURVES_MOST) {
		curves->count /= 2;
		memmove(curves->points, &curves->points[curves->count],
			curves->count * sizeof(curves->points[0]));
	}
	const size_t before = curves->count;

	curves_add(curves, &(struct curves_point){curves->to, empty, full, true});
	if (curves->count == before)
		return;
	curves->to++;
	curves->from = curves->to > SHOWN ? curves->to - SHOWN : 0;
	curves->until = curves->from + SHOWN;
	if (curves->most < empty + full)
		curves->most = empty + full;
}

void course_forget(struct course *course)
{
	course->curves.count = 0;
	course->curves.from = course->curves.to = course->curves.until = 0;
	course->curves.most = 0;
}

bool course_is_empty(const struct course *course)
{
	return course->curves.count == 0;
}
