/*
 * playback_json.c - the part of playback.h that writes a recording as JSON: `vitrine play --json`,
 * and the data in the page of `vitrine play --html`. */
#include "playback.h"

#include "json.h"
#include "text.h"

static const char *kind_name(enum playback_kind kind)
{
	static const char *const names[] = {
		[PLAYBACK_BEGINS] = "begins",
		[PLAYBACK_CALL] = "call",
		[PLAYBACK_SLEEPS] = "sleeps",
		[PLAYBACK_GAVE_UP] = "gave up",
		[PLAYBACK_UNDO] = "undo",
		[PLAYBACK_UNKNOWN] = "unknown",
	};

	return names[kind];
}

static const char *state_name(uint32_t state)
{
	switch (state) {
	case VITRINE_SLOT_WRITING: return "writing";
	case VITRINE_SLOT_READY: return "ready";
	case VITRINE_SLOT_READING: return "reading";
	case VITRINE_SLOT_DAMAGED: return "damaged";
	case XRAY_SLOT_KEPT: return "kept";
	default: return "empty";
	}
}

static void write_names(struct json *json, const struct vitrine_snapshot *snapshot)
{
	char label[SEMAPHORES_LABEL_MAX];

	json_array(json, "semaphores");
	for (uint32_t i = 0; i < semaphores_count(snapshot); i++)
		json_string(json, NULL, semaphores_label(label, i));
	json_end_array(json);
}

static void write_slots(struct json *json, const struct vitrine_snapshot *snapshot)
{
	json_array(json, "slots");
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];
		char name[VITRINE_NAME_MAX];

		json_object(json, NULL);
		json_string(json, "state", state_name(xray_slot_state(slot)));
		json_i64(json, "pid", slot->holder);
		json_string(json, "image",
			slot->has_image ? text_printable(name, sizeof(name), slot->image.name)
					: "");
		json_end_object(json);
	}
	json_end_array(json);
}

/* The programs in the channel; `sleeps`: the name of the semaphore on which the program sleeps. */
static void write_programs(struct json *json, const struct playback *playback)
{
	char label[SEMAPHORES_LABEL_MAX];
	size_t count;
	const struct playback_program *programs = playback_programs(playback, &count);

	json_array(json, "programs");
	for (size_t i = 0; i < count; i++) {
		if (!programs[i].is_here)
			continue;
		json_object(json, NULL);
		json_string(json, "role", programs[i].role);
		json_i64(json, "pid", programs[i].pid);
		json_string(json, "sleeps",
			programs[i].sleeps_on >= 0
				? semaphores_label(label, (uint32_t)programs[i].sleeps_on)
				: NULL);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_step(struct json *json, const struct playback *playback)
{
	const struct vitrine_snapshot *snapshot = playback_snapshot(playback);
	const struct playback_step *step = playback_step(playback, playback_at(playback));
	char array[ARRAYTEXT_MAX];

	json_object(json, NULL);
	json_real(json, "ms", (double)step->ns / 1e6);
	json_string(json, "kind", kind_name(step->kind));
	json_i64(json, "pid", step->pid);
	json_string(json, "array",
		step->call != NULL
			? arraytext_line(array, step->call->operations, step->call->count)
			: "");
	json_string(json, "sentence", step->sentence);
	json_array(json, "values");
	for (uint32_t i = 0; i < semaphores_count(snapshot); i++)
		json_i64(json, NULL, semaphores_at(snapshot, i)->value);
	json_end_array(json);
	json_array(json, "waiting"); /* for mutex, empty, full */
	for (uint32_t i = 0; i < XRAY_TEXTBOOK; i++)
		json_i64(json, NULL,
			semaphores_at(snapshot, i)->ncnt + semaphores_at(snapshot, i)->zcnt);
	json_end_array(json);
	write_slots(json, snapshot);
	write_programs(json, playback);
	json_end_object(json);
}

void playback_json(struct playback *playback, FILE *file)
{
	struct json json = {.file = file};

	json_object(&json, NULL);
	playback_go(playback, 0);
	json_i64(&json, "slots", playback_snapshot(playback)->slot_count);
	write_names(&json, playback_snapshot(playback));
	json_array(&json, "steps");
	for (size_t i = 0; i < playback_length(playback); i++) {
		playback_go(playback, i);
		putc('\n', file);
		write_step(&json, playback);
	}
	json_end_array(&json);
	json_end_object(&json);
	putc('\n', file);
}
