/* playback_state.c - see playback_state.h: the effect of steps on the values and the programs. */
#include "playback_state.h"

#include <stdio.h>
#include <string.h>

#include "predict.h"
#include "text.h"
#include "translate.h"

/* A semaphore of our own snapshot, to be changed. */
static struct vitrine_semaphore *semaphore_of(struct playback_state *state, uint32_t number)
{
	return (struct vitrine_semaphore *)(uintptr_t)semaphores_at(&state->snapshot, number);
}

static uint32_t state_of_slot(const struct vitrine_slot_info *slot)
{
	if (slot->writer.value + slot->reader.value + slot->ready.value > 1 ||
		(slot->writer.value > 0 && slot->latest_semaphore.value > 0) ||
		slot->latest_semaphore.value > 1)
		return VITRINE_SLOT_DAMAGED;
	if (slot->writer.value > 0)
		return VITRINE_SLOT_WRITING;
	if (slot->reader.value > 0)
		return VITRINE_SLOT_READING;
	return slot->ready.value > 0 ? VITRINE_SLOT_READY : VITRINE_SLOT_EMPTY;
}

/* Computes the states of the slots from the values. */
static void derive_slots(struct playback_state *state)
{
	for (uint32_t i = 0; i < state->snapshot.slot_count; i++) {
		struct vitrine_slot_info *slot = &state->snapshot.slots[i];

		slot->state = state_of_slot(slot);
		slot->latest = slot->latest_semaphore.value > 0;
		slot->holder = slot->state == VITRINE_SLOT_READING   ? slot->ready.pid
			       : slot->state == VITRINE_SLOT_WRITING ? slot->writer.pid
								     : 0;
		slot->has_image = slot->image.sequence > 0 &&
				  (slot->ready.value > 0 || slot->reader.value > 0 || slot->latest);
	}
}

/* Computes how many processes sleep on each semaphore, from the current values. */
static void derive_sleepers(struct playback_state *state)
{
	for (uint32_t i = 0; i < semaphores_count(&state->snapshot); i++)
		semaphore_of(state, i)->ncnt = semaphore_of(state, i)->zcnt = 0;
	for (size_t i = 0; i < state->program_count; i++) {
		const struct semop_call *call = state->programs[i].sleeps_in;
		const struct sembuf *operation;
		struct prediction prediction;

		state->programs[i].sleeps_on = -1;
		if (call == NULL)
			continue;
		predict(&prediction, &state->snapshot, call->operations, call->count);
		operation = &call->operations[prediction.at];
		if (prediction.outcome != PREDICT_SLEEPS)
			continue;
		state->programs[i].sleeps_on = operation->sem_num;
		if (operation->sem_op == 0)
			semaphore_of(state, operation->sem_num)->zcnt++;
		else
			semaphore_of(state, operation->sem_num)->ncnt++;
	}
}

void playback_state_begin(struct playback_state *state, const struct recorded_state *recorded)
{
	memset(state, 0, sizeof(*state));
	state->snapshot.slot_count = recorded->slot_count;
	for (uint32_t i = 0; i < semaphores_count(&state->snapshot); i++)
		semaphore_of(state, i)->value = recorded->values[i];
	derive_slots(state);
}

int playback_state_program(struct playback_state *state, pid_t pid, const char *role)
{
	struct playback_program *program;

	for (size_t i = 0; i < state->program_count; i++)
		if (state->programs[i].pid == pid)
			return (int)i;
	if (state->program_count == ATTACHED_MAX)
		return -1;
	program = &state->programs[state->program_count];
	*program = (struct playback_program){.pid = pid, .sleeps_on = -1};
	snprintf(program->role, sizeof(program->role), "%s", role);
	return (int)state->program_count++;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static bool is_named(const struct semop_call *call, const char *name)
{
	return strcmp(call->name, name) == 0;
}

/* Updates the role: the key R turns a window into the other one, and M a consumer into a mirror. */
static void note_role(struct playback_program *program, const struct semop_call *call)
{
	static const struct {
		const char *call, *role;
	} roles[] = {
		{"claim", "producer"}, {"wait and lock", "consumer"}, {"wait for newer", "mirror"}};
	bool is_ours = false;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		is_ours |= strcmp(program->role, roles[i].role) == 0;
	for (size_t i = 0; is_ours && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (is_named(call, roles[i].call))
			snprintf(program->role, sizeof(program->role), "%s", roles[i].role);
}

/* Updates whether the program is in the channel, and what the kernel would undo for it. */
static void note_call(struct playback_state *state, int at, const struct semop_call *call)
{
	struct playback_program *program = &state->programs[at];

	program->sleeps_in = NULL;
	note_role(program, call);
	if (is_named(call, "begin") || is_named(call, "join"))
		memset(state->undo[at], 0, sizeof(state->undo[at]));
	program->is_here = !is_named(call, "leave") && !is_named(call, "retire");
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_flg & SEM_UNDO)
			state->undo[at][call->operations[i].sem_num] -= call->operations[i].sem_op;
}

void playback_state_note(struct playback_state *state, pid_t pid, const struct semop_call *call)
{
	int at = playback_state_program(state, pid, "program");

	if (at >= 0)
		note_call(state, at, call);
}

static void execute(struct playback_state *state, const struct playback_step *step, int at)
{
	struct prediction prediction;

	predict(&prediction, &state->snapshot, step->call->operations, step->call->count);
	for (uint32_t i = 0; i < prediction.count; i++) {
		const struct predict_value *value = &prediction.values[i];
		struct vitrine_semaphore *semaphore = semaphore_of(state, value->number);

		semaphore->value = value->after;
		semaphore->pid = step->pid;
	}
	if (step->image != NULL && step->image->slot < state->snapshot.slot_count) {
		struct vitrine_image *image = &state->snapshot.slots[step->image->slot].image;

		image->sequence = step->image->sequence;
		snprintf(image->name, sizeof(image->name), "%s", step->image->name);
	}
	if (at >= 0)
		note_call(state, at, step->call);
}

static void change(struct playback_state *state, const struct playback_step *step)
{
	for (size_t i = 0; i < step->change_count; i++) {
		struct vitrine_semaphore *semaphore =
			semaphore_of(state, step->changes[i].semaphore);

		semaphore->value += step->changes[i].by;
		semaphore->pid = step->pid;
	}
}

void playback_state_apply(struct playback_state *state, const struct playback_step *step)
{
	int at = step->pid != 0 ? playback_state_program(state, step->pid, "program") : -1;

	switch (step->kind) {
	case PLAYBACK_CALL: execute(state, step, at); break;
	case PLAYBACK_SLEEPS:
		if (at >= 0) {
			state->programs[at].sleeps_in = step->call;
			state->programs[at].is_here = true;
		}
		break;
	case PLAYBACK_GAVE_UP:
		if (at >= 0)
			state->programs[at].sleeps_in = NULL;
		break;
	case PLAYBACK_UNDO:
		if (at >= 0) {
			state->programs[at].sleeps_in = NULL;
			state->programs[at].is_here = false;
			memset(state->undo[at], 0, sizeof(state->undo[at]));
		}
		change(state, step);
		break;
	case PLAYBACK_UNKNOWN: change(state, step); break;
	default: break;
	}
	derive_slots(state);
	derive_sleepers(state);
}

/* ---- words ---------------------------------------------------------------------------------- */

/* The purpose of each call, in the terms of textbooks; %d is its slot. */
static const struct {
	const char *name, *words;
} meanings[] = {
	{"begin", N_("begins to make the channel")},
	{"init", N_("sets the first values: mutex 1, empty as many as there are slots, full 0")},
	{"join", N_("joins the channel")},
	{"reserve", N_("takes a free slot off the count: wait(empty)")},
	{"claim", N_("marks slot %d as its own, to write an image into it")},
	{"unreserve", N_("gives the free slot back: signal(empty)")},
	{"steal", N_("finds no free slot and takes slot %d, whose image has waited longest")},
	{"abandon", N_("gives slot %d back unused: signal(empty)")},
	{"lock", N_("enters the critical section: wait(mutex)")},
	{"unlock", N_("leaves the critical section: signal(mutex)")},
	{"publish", N_("publishes slot %d: signal(full), signal(mutex)")},
	{"wait and lock", N_("takes an image off the count and enters the critical section: "
			     "wait(full), wait(mutex)")},
	{"unwait", N_("gives the image and the mutex back: signal(full), signal(mutex)")},
	{"take", N_("takes the image in slot %d and leaves the critical section: signal(mutex)")},
	{"release", N_("has shown the image in slot %d and gives the slot back")},
	{"requeue", N_("puts the image in slot %d back: the next consumer gets it")},
	{"wait for newer", N_("sees that there is a newer image")},
	{"leave", N_("leaves the channel")},
	{"retire", N_("is the last program, and no image waits: it closes the channel")},
	{"condemn", N_("finds a channel that was never completed, and marks it for removal")},
};

/*
 * True if a release keeps the slot, because it holds the newest image: it then does not increase
 * `empty`.
 */
static bool keeps_newest(const struct semop_call *call)
{
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_num == SEMAPHORES_EMPTY &&
			call->operations[i].sem_op > 0)
			return false;
	return is_named(call, "release");
}

static void append_meaning(char *text, const struct semop_call *call)
{
	if (keeps_newest(call)) {
		text_append(text, PLAYBACK_SENTENCE,
			_("has shown the image in slot %d, which is kept as the newest"),
			call->slot);
		return;
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		const char *words = _(meanings[i].words), *slot = strstr(words, "%d");

		if (strcmp(meanings[i].name, call->name) != 0)
			continue;
		if (slot == NULL)
			text_append(text, PLAYBACK_SENTENCE, "%s", words);
		else
			text_append(text, PLAYBACK_SENTENCE, "%.*s%d%s", (int)(slot - words), words,
				call->slot, slot + 2);
		return;
	}
	text_append(text, PLAYBACK_SENTENCE, _("does %s"), call->name);
}

/* " (empty 3 → 2, writer₀ 0 → 1)" */
static void append_values(char *text, const struct vitrine_snapshot *snapshot,
	const struct semop_call *call)
{
	char label[SEMAPHORES_LABEL_MAX];
	struct prediction prediction;
	const char *before = " (";

	predict(&prediction, snapshot, call->operations, call->count);
	for (uint32_t i = 0; i < prediction.count; i++) {
		const struct predict_value *value = &prediction.values[i];

		if (value->before == value->after)
			continue;
		text_append(text, PLAYBACK_SENTENCE, "%s%s %d → %d", before,
			semaphores_label(label, value->number), value->before, value->after);
		before = ", ";
	}
	text_append(text, PLAYBACK_SENTENCE, "%s", before[0] == ',' ? ")" : "");
}

static void append_changes(char *text, const struct playback_step *step)
{
	char label[SEMAPHORES_LABEL_MAX];

	for (size_t i = 0; i < step->change_count; i++)
		text_append(text, PLAYBACK_SENTENCE, "%s%s %s%d", i > 0 ? ", " : "",
			semaphores_label(label, step->changes[i].semaphore),
			step->changes[i].by < 0 ? "−" : "+",
			step->changes[i].by < 0 ? -step->changes[i].by : step->changes[i].by);
}

/* "producer 4199 " */
static void append_who(char *text, const struct playback_state *state, pid_t pid)
{
	for (size_t i = 0; i < state->program_count; i++)
		if (state->programs[i].pid == pid) {
			text_append(text, PLAYBACK_SENTENCE, "%s %d ", state->programs[i].role,
				(int)pid);
			return;
		}
	text_append(text, PLAYBACK_SENTENCE, _("process %d "), (int)pid);
}

/* Appends the X-ray's sentence: why the call sleeps, and what ends the sleep. */
static void append_because(char *text, const struct playback_state *state,
	const struct semop_call *call)
{
	struct semop_call asleep = *call;
	struct prediction prediction;
	char because[PLAYBACK_SENTENCE];

	asleep.ended_ns = 0;
	predict(&prediction, &state->snapshot, asleep.operations, asleep.count);
	if (prediction.outcome != PREDICT_SLEEPS)
		return;
	xray_because(because, sizeof(because), &asleep.operations[prediction.at],
		semaphores_at(&state->snapshot, asleep.operations[prediction.at].sem_num)->value);
	text_append(text, PLAYBACK_SENTENCE, "%s", because);
}

void playback_sentence(char text[PLAYBACK_SENTENCE], const struct playback_state *state,
	const struct playback_step *step)
{
	text[0] = '\0';
	switch (step->kind) {
	case PLAYBACK_CALL:
		append_who(text, state, step->pid);
		append_meaning(text, step->call);
		append_values(text, &state->snapshot, step->call);
		break;
	case PLAYBACK_SLEEPS:
		append_who(text, state, step->pid);
		append_because(text, state, step->call);
		break;
	case PLAYBACK_GAVE_UP:
		append_who(text, state, step->pid);
		text_append(text, PLAYBACK_SENTENCE, _("stops waiting in %s: nothing was done"),
			step->call->name);
		break;
	case PLAYBACK_UNDO:
		append_who(text, state, step->pid);
		text_append(text, PLAYBACK_SENTENCE, "%s",
			_("has ended, and the kernel undoes what it did: "));
		append_changes(text, step);
		break;
	case PLAYBACK_UNKNOWN:
		text_append(text, PLAYBACK_SENTENCE, "%s",
			_("a program that was not recorded did: "));
		append_changes(text, step);
		break;
	default:
		text_append(text, PLAYBACK_SENTENCE,
			_("The recording begins: mutex %d, empty %d, full %d, %u slots"),
			state->snapshot.mutex.value, state->snapshot.empty.value,
			state->snapshot.full.value, state->snapshot.slot_count);
	}
}
