/* semaphore_history.c - see semaphore_history.h. */
#include "semaphore_history.h"

#include <string.h>

enum { SHOWN = 40 }; /* changes */

void semaphore_history_add(struct semaphore_history *history, int32_t empty, int32_t full)
{
	struct curves *curves = &history->curves;

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

void semaphore_history_forget(struct semaphore_history *history)
{
	history->curves.count = 0;
	history->curves.from = history->curves.to = history->curves.until = 0;
	history->curves.most = 0;
}

bool semaphore_history_is_empty(const struct semaphore_history *history)
{
	return history->curves.count == 0;
}
