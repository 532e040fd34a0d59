/* playback_xray.c - the part of playback.h for the X-ray: model and curves at a step. */
#include "playback.h"

#include <string.h>

#include "playback_order.h"
#include "text.h"
#include "translate.h"

enum {
	CURVES_AROUND = 30, /* steps on each side of the current one */
};

static size_t list_programs(const struct playback *playback, struct attached_program *programs)
{
	const struct playback_state *state = playback->state;
	size_t count = 0;

	for (size_t i = 0; i < state->program_count; i++) {
		const struct playback_program *program = &state->programs[i];

		if (!program->is_here)
			continue;
		programs[count] = (struct attached_program){
			.pid = program->pid, .sleeps_on = program->sleeps_on};
		memcpy(programs[count++].name, program->role, sizeof(program->role));
	}
	return count;
}

/* Omits what a recording does not contain, and describes its calls. */
static void say_as_recorded(const struct playback *playback, struct xray_model *model)
{
	size_t count = 0;

	model->is_recorded = true;
	memset(model->segment, 0, sizeof(model->segment));
	memset(model->ids, 0, sizeof(model->ids));
	snprintf(model->ids, sizeof(model->ids), "key 0x%08x", (unsigned)playback->first->key);
	for (size_t i = playback->at + 1; i-- > 0 && count < model->call_count;) {
		const struct playback_step *step = &playback->steps[i];
		struct xray_call *call = &model->calls[count];

		if (step->kind != PLAYBACK_CALL)
			continue;
		memset(call->time, 0, sizeof(call->time));
		snprintf(call->time, sizeof(call->time), "%.3f s", (double)step->ns / 1e9);
		memset(call->note, 0, sizeof(call->note));
		text_print(call->note, sizeof(call->note), _("by %d"), (int)step->pid);
		count++;
	}
}

void playback_model(const struct playback *playback, struct xray_model *model)
{
	const struct vitrine_info info = {.key = playback->first->key};
	struct attached_program programs[ATTACHED_MAX];
	struct semop_call calls[XRAY_CALLS] = {0};
	struct xray_facts facts = {
		.info = &info,
		.snapshot = &playback->state->snapshot,
		.owner = "",
		.programs = programs,
		.calls = calls,
		.program_count = list_programs(playback, programs),
	};

	/* Lists the executed calls, newest first. */
	for (size_t i = playback->at + 1; i-- > 0 && facts.call_count < XRAY_CALLS;)
		if (playback->steps[i].kind == PLAYBACK_CALL)
			calls[facts.call_count++] = *playback->steps[i].call;
	facts.now = facts.call_count > 0 ? calls[0].ended_ns + INT64_C(1000000000) : 0;
	xray_model_make(model, &facts);
	say_as_recorded(playback, model);
}

void playback_curves(const struct playback *playback, struct curves *curves)
{
	size_t at = playback->at, most = 2 * CURVES_AROUND;
	size_t first = at > CURVES_AROUND ? at - CURVES_AROUND : 0;

	if (playback->count > most && first > playback->count - most)
		first = playback->count - most;
	else if (playback->count <= most)
		first = 0;
	curves->from = (int64_t)first;
	curves->to = (int64_t)at + 1;
	curves->until = (int64_t)(first + (playback->count < most ? playback->count : most));
	curves->most = (int32_t)playback->first->slot_count;
	curves->count = 0;
	for (size_t i = first; i <= at; i++)
		curves_add(curves, &(struct curves_point){(int64_t)i, playback->steps[i].empty,
					   playback->steps[i].full, true});
}
