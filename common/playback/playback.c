/* playback.c - see playback.h: opens a recording, and goes through it step by step. */
#include "playback.h"

#include <stdlib.h>
#include <string.h>

#include "playback_order.h"
#include "text.h"
#include "translate.h"

static const char *role_of(const struct recorded_program *program)
{
	struct attached_program attached = {.pid = program->pid};

	memcpy(attached.name, program->name, sizeof(attached.name));
	return strcmp(attached_role(&attached), program->name) == 0
		       ? program->name
		       : program->name + strlen("vitrine-");
}

void playback_begin(struct playback *playback, bool *is_done)
{
	const struct recorded *recorded = &playback->recorded;

	playback_state_begin(playback->state, playback->first);
	for (size_t i = 0; i < recorded->program_count; i++)
		playback_state_program(playback->state, recorded->programs[i].pid,
			role_of(&recorded->programs[i]));
	for (size_t i = 0; i < recorded->call_count; i++) {
		const struct recorded_call *call = &recorded->calls[i];

		if (call->call.ended_ns > playback->first->from_ns)
			continue;
		if (is_done != NULL)
			is_done[i] = true;
		if (call->call.result == 0)
			playback_state_note(playback->state, call->pid, &call->call);
	}
	playback->at = 0;
}

struct playback *playback_open(const char *path, char message[RECORDED_MESSAGE])
{
	struct playback *playback = calloc(1, sizeof(*playback));

	text_print(message, RECORDED_MESSAGE, "%s", _("not enough memory"));
	if (playback == NULL)
		return NULL;
	playback->state = calloc(1, sizeof(*playback->state));
	if (playback->state == NULL || !recorded_read(&playback->recorded, path, message)) {
		playback_close(playback);
		return NULL;
	}
	if (!playback_put_in_order(playback)) {
		text_print(message, RECORDED_MESSAGE,
			_("it has more than %d steps, or there is not enough memory: "
			  "record a shorter run"),
			PLAYBACK_STEPS_MOST);
		playback_close(playback);
		return NULL;
	}
	playback_go(playback, 0);
	return playback;
}

void playback_close(struct playback *playback)
{
	if (playback == NULL)
		return;
	for (size_t i = 0; i < playback->count; i++) {
		free(playback->steps[i].sentence);
		free(playback->steps[i].changes);
	}
	free(playback->steps);
	recorded_free(&playback->recorded);
	free(playback->state);
	free(playback);
}

size_t playback_length(const struct playback *playback)
{
	return playback->count;
}

const struct playback_step *playback_step(const struct playback *playback, size_t number)
{
	return &playback->steps[number];
}

void playback_go(struct playback *playback, size_t number)
{
	if (number >= playback->count)
		number = playback->count - 1;
	if (number < playback->at || playback->at == 0)
		playback_begin(playback, NULL);
	while (playback->at < number)
		playback_state_apply(playback->state, &playback->steps[++playback->at]);
}

size_t playback_at(const struct playback *playback)
{
	return playback->at;
}

const struct vitrine_snapshot *playback_snapshot(const struct playback *playback)
{
	return &playback->state->snapshot;
}

const struct playback_program *playback_programs(const struct playback *playback, size_t *count)
{
	*count = playback->state->program_count;
	return playback->state->programs;
}
