/* curves.c - see curves.h. */
#include "curves.h"

void curves_add(struct curves *curves, const struct curves_point *point)
{
	const struct curves_point *last =
		curves->count > 0 ? &curves->points[curves->count - 1] : NULL;

	if (last != NULL && last->is_known == point->is_known && last->empty == point->empty &&
		last->full == point->full)
		return;
	if (curves->count < CURVES_MOST)
		curves->points[curves->count++] = *point;
}

void curves_of_timeline(struct curves *curves, const struct timeline *timeline, int64_t now)
{
	uint64_t first =
		timeline->count > TIMELINE_SAMPLES ? timeline->count - TIMELINE_SAMPLES : 0;
	int64_t before = 0;

	curves->from = now - TIMELINE_NS;
	curves->to = curves->until = now;
	curves->most = (int32_t)timeline->slot_count;
	curves->count = 0;
	for (uint64_t n = first; n < timeline->count; n++) {
		const struct timeline_sample *sample = &timeline->samples[n % TIMELINE_SAMPLES];

		if (n > first && sample->time - before > TIMELINE_BLIND_NS)
			curves_add(curves, &(struct curves_point){.time = before});
		curves_add(curves,
			&(struct curves_point){sample->time, sample->empty, sample->full, true});
		before = sample->time;
	}
	if (timeline->count > 0 && now - before > TIMELINE_BLIND_NS)
		curves_add(curves, &(struct curves_point){.time = before});
}
