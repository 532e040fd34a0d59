/* timeline.c - see timeline.h: the samples. timeline_draw.c draws them. */
#include "timeline.h"

#include <stdio.h>

#include "xray_model.h"

/*
 * The lane of a process: its own, a free one, or that of a process that has left. -1: there is no
 * room.
 */
static int lane_of(struct timeline *timeline, const struct attached_program *program,
	const struct attached_program *programs, size_t count)
{
	uint32_t lane = 0;

	for (lane = 0; lane < timeline->process_count; lane++)
		if (timeline->processes[lane].pid == program->pid)
			return (int)lane;
	if (lane < TIMELINE_PROCESSES) {
		timeline->process_count++;
	} else {
		for (lane = 0; lane < TIMELINE_PROCESSES; lane++) {
			bool is_here = false;

			for (size_t i = 0; i < count; i++)
				is_here |= programs[i].pid == timeline->processes[lane].pid;
			if (!is_here)
				break;
		}
		if (lane == TIMELINE_PROCESSES)
			return -1;
		for (size_t i = 0; i < TIMELINE_SAMPLES; i++)
			timeline->samples[i].processes[lane] = TIMELINE_AWAY;
	}
	timeline->processes[lane].pid = program->pid;
	return (int)lane;
}

static enum timeline_doing doing_of(const struct attached_program *program,
	const struct vitrine_snapshot *snapshot)
{
	if (program->sleeps_on >= 0)
		return TIMELINE_ASLEEP;
	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		if (snapshot->slots[i].holder == program->pid)
			return snapshot->slots[i].state == VITRINE_SLOT_WRITING ? TIMELINE_WRITING
										: TIMELINE_READING;
	if (snapshot->mutex.value == 0 && snapshot->mutex.pid == program->pid)
		return TIMELINE_HOLDS_MUTEX;
	return TIMELINE_AWAKE;
}

void timeline_add(struct timeline *timeline, int64_t now, const struct vitrine_snapshot *snapshot,
	const struct attached_program *programs, size_t program_count)
{
	struct timeline_sample *sample;

	if (timeline->slot_count != snapshot->slot_count)
		*timeline = (struct timeline){.slot_count = snapshot->slot_count};
	sample = &timeline->samples[timeline->count % TIMELINE_SAMPLES];
	*sample = (struct timeline_sample){
		.time = now, .empty = snapshot->empty.value, .full = snapshot->full.value};
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];

		sample->slots[i] = (uint8_t)xray_slot_state(slot);
		if (!slot->has_image || slot->image.sequence == timeline->sequences[i])
			continue;
		if (timeline->count > 0)
			sample->fresh |= UINT64_C(1) << i;
		timeline->sequences[i] = slot->image.sequence;
	}
	for (size_t i = 0; i < program_count; i++) {
		int lane = lane_of(timeline, &programs[i], programs, program_count);

		if (lane < 0)
			continue;
		snprintf(timeline->processes[lane].name, sizeof(timeline->processes[lane].name),
			"%s", attached_role(&programs[i]));
		sample->processes[lane] = (uint8_t)doing_of(&programs[i], snapshot);
	}
	timeline->count++;
}
