/* xray_model.c - see xray_model.h. */
#include "xray_model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "predict.h"
#include "text.h"
#include "translate.h"

/* ---- slots --------------------------------------------------------------------------------- */

/* Says which values contradict each other: a slot is being written, or waits, or is being read. */
static void explain_damage(struct xray_slot *slot)
{
	static const char *const names[] = {"ready", "latest", "writer", "reader"};
	const int32_t values[] = {slot->ready, slot->latest, slot->writer, slot->reader};
	/* `latest` contradicts only `writer`. */
	const bool contradicts[] = {true, slot->writer > 0, true, true};

	for (size_t i = 0; i < 4; i++)
		if (values[i] > 1) {
			text_append(slot->text, sizeof(slot->text),
				_("%s is %d: it can only be 0 or 1"), names[i], values[i]);
			return;
		}
	for (size_t i = 0; i < 4; i++)
		if (values[i] > 0 && contradicts[i])
			text_append(slot->text, sizeof(slot->text),
				slot->text[0] != '\0' ? _(", %s is 1") : _("%s is 1"), names[i]);
	text_append(slot->text, sizeof(slot->text), _(": only one of them may be 1"));
}

/* A process in another PID namespace has no pid here. */
static void append_holder(struct xray_slot *slot, const char *named, const char *unnamed,
	int32_t pid)
{
	if (pid > 0)
		text_append(slot->text, sizeof(slot->text), named, pid);
	else
		text_append(slot->text, sizeof(slot->text), "%s", unnamed);
}

static void describe(struct xray_slot *slot, int32_t holder)
{
	switch (slot->state) {
	case VITRINE_SLOT_WRITING:
		append_holder(slot, _("producer %d is filling it"), _("a producer is filling it"),
			holder);
		break;
	case VITRINE_SLOT_READY:
		text_append(slot->text, sizeof(slot->text), _("waiting for a consumer"));
		break;
	case VITRINE_SLOT_READING:
		append_holder(slot, _("consumer %d holds it"), _("a consumer holds it"), holder);
		break;
	case VITRINE_SLOT_DAMAGED: explain_damage(slot); break;
	case XRAY_SLOT_KEPT:
		text_append(slot->text, sizeof(slot->text), _("taken; kept as the newest"));
		break;
	default: text_append(slot->text, sizeof(slot->text), _("free for a producer"));
	}
	if (!slot->has_image && slot->state != VITRINE_SLOT_DAMAGED &&
		slot->ready + slot->reader + slot->latest > 0)
		text_append(slot->text, sizeof(slot->text), _("; its description is invalid"));
}

uint32_t xray_slot_state(const struct vitrine_slot_info *slot)
{
	return slot->state == VITRINE_SLOT_EMPTY && slot->latest ? XRAY_SLOT_KEPT : slot->state;
}

static void make_slot(struct xray_slot *slot, const struct vitrine_slot_info *info)
{
	slot->state = xray_slot_state(info);
	slot->is_latest = info->latest;
	slot->has_image = info->has_image;
	slot->holder = info->holder;
	slot->ready = info->ready.value;
	slot->latest = info->latest_semaphore.value;
	slot->writer = info->writer.value;
	slot->reader = info->reader.value;
	/* A value above 1 is damage, too, even if the sum looks right. */
	if (slot->ready > 1 || slot->latest > 1 || slot->writer > 1 || slot->reader > 1)
		slot->state = VITRINE_SLOT_DAMAGED;
	if (info->has_image) {
		slot->sequence = info->image.sequence;
		slot->is_file = info->image.kind == VITRINE_FILE;
		text_printable(slot->name, sizeof(slot->name), info->image.name);
	}
	describe(slot, info->holder);
}

/* ---- the set ------------------------------------------------------------------------------- */

static void check_flag(struct xray_model *model, const char *name, int32_t value)
{
	if (value > 1 && model->damage[0] == '\0')
		text_print(model->damage, sizeof(model->damage),
			_("%s is %d: it can only be 0 or 1"), name, value);
}

/*
 * Compares `empty` and `full` with the slots. A producer may have reserved a slot without having
 * claimed it yet. One consumer, which then holds the mutex, may have decremented `full` without
 * having taken an image yet.
 */
static void check_counts(struct xray_model *model, const struct vitrine_snapshot *snapshot)
{
	int32_t is_free = 0, ready = 0, latest = 0;
	int64_t reserved, taken; /* differences of untrusted numbers */

	for (uint32_t i = 0; i < model->slot_count; i++) {
		const struct xray_slot *slot = &model->slots[i];

		if (slot->state == VITRINE_SLOT_DAMAGED)
			return; /* the slot's own text reports that */
		is_free += slot->state == VITRINE_SLOT_EMPTY;
		ready += slot->state == VITRINE_SLOT_READY;
		latest += slot->is_latest;
	}
	reserved = (int64_t)is_free - snapshot->empty.value;
	taken = (int64_t)ready - snapshot->full.value;
	if (model->damage[0] != '\0')
		return;
	if (reserved < 0 || reserved > snapshot->producers.value)
		text_print(model->damage, sizeof(model->damage),
			_("empty is %d, but %d slots are free and %d producers are in "
			  "the channel"),
			snapshot->empty.value, is_free, snapshot->producers.value);
	else if (taken < 0 || taken > (snapshot->mutex.value == 0 ? 1 : 0))
		text_print(model->damage, sizeof(model->damage),
			_("full is %d, but %d images wait"), snapshot->full.value, ready);
	else if (latest != (snapshot->nothing.value == 0 ? 1 : 0))
		text_print(model->damage, sizeof(model->damage),
			_("%d slots are marked as the latest, and the semaphore "
			  "nothing is %d"),
			latest, snapshot->nothing.value);
}

static void make_set(struct xray_model *model, const struct vitrine_snapshot *snapshot)
{
	for (uint32_t i = 0; i < XRAY_TEXTBOOK; i++) {
		const struct vitrine_semaphore *semaphore = semaphores_at(snapshot, i);

		model->figures[i] = (struct xray_figure){
			semaphore->value, semaphore->ncnt, semaphore->zcnt, semaphore->pid};
	}
	int32_t producers = snapshot->producers.value, consumers = snapshot->consumers.value;
	int32_t mirrors = snapshot->mirrors.value;

	text_append(model->here, sizeof(model->here),
		ngettext("%d producer", "%d producers", (unsigned long)producers), producers);
	text_append(model->here, sizeof(model->here),
		ngettext("  %d consumer", "  %d consumers", (unsigned long)consumers), consumers);
	text_append(model->here, sizeof(model->here),
		ngettext("  %d mirror", "  %d mirrors", (unsigned long)mirrors), mirrors);
	check_flag(model, "mutex", snapshot->mutex.value);
	check_flag(model, "nothing", snapshot->nothing.value);
	check_flag(model, "alive", snapshot->alive.value);
	check_counts(model, snapshot);
}

/* ---- sleeping and attached programs -------------------------------------------------------- */

static int32_t named_sleepers(const struct xray_facts *facts, uint32_t number)
{
	int32_t count = 0;

	for (size_t i = 0; i < facts->program_count; i++)
		count += facts->programs[i].sleeps_on == (int32_t)number;
	return count;
}

enum { EVERYBODY = -2 }; /* neither the number of a semaphore nor -1, which means "awake" */

/* "consumer 4198, 4199, producer 4201": those asleep on semaphore `number`, or EVERYBODY. */
static void append_programs(char *text, size_t size, const struct xray_facts *facts, int32_t number)
{
	const char *before = "";

	for (size_t i = 0; i < facts->program_count; i++) {
		const struct attached_program *program = &facts->programs[i];
		const char *name = attached_role(program);

		if (number != EVERYBODY && program->sleeps_on != number)
			continue;
		text_append(text, size, "%s", before[0] != '\0' ? ", " : "");
		if (strcmp(before, name) != 0)
			text_append(text, size, "%s ", *name != '\0' ? gettext(name) : name);
		text_append(text, size, "%d", program->pid);
		before = name;
	}
}

static void list_sleepers(struct xray_model *model, const struct xray_facts *facts, uint32_t number)
{
	const struct vitrine_semaphore *semaphore = semaphores_at(facts->snapshot, number);
	int32_t count = semaphore->ncnt + semaphore->zcnt;
	bool is_named = count > 0 && named_sleepers(facts, number) == count;
	char label[SEMAPHORES_LABEL_MAX];

	if (count == 0)
		return;
	semaphores_label(label, number);
	text_append(model->asleep, sizeof(model->asleep), "%s",
		model->has_sleepers ? ", " : _("asleep: "));
	model->has_sleepers = true;
	if (is_named)
		append_programs(model->asleep, sizeof(model->asleep), facts, (int32_t)number);
	else
		text_append(model->asleep, sizeof(model->asleep), "%d", count);
	text_append(model->asleep, sizeof(model->asleep), _(" on %s"), label);
}

static void make_programs(struct xray_model *model, const struct xray_facts *facts)
{
	if (facts->snapshot->mutex.value == 0 && facts->is_holder_stepping)
		text_append(model->asleep, sizeof(model->asleep),
			_("mutex held by %d (stepping); "), facts->snapshot->mutex.pid);
	for (uint32_t i = 0; i < semaphores_count(facts->snapshot); i++)
		list_sleepers(model, facts, i);
	if (!model->has_sleepers)
		text_append(model->asleep, sizeof(model->asleep), _("asleep: none"));
	append_programs(model->programs, sizeof(model->programs), facts, EVERYBODY);
}

static void make_segment(struct xray_model *model, const struct xray_facts *facts)
{
	const struct vitrine_snapshot *snapshot = facts->snapshot;
	const struct vitrine_info *info = facts->info;

	text_print(model->ids, sizeof(model->ids), _("key 0x%08x   shm %d   sem %d"),
		(unsigned)info->key, info->shmid, info->semid);
	text_print(model->segment, sizeof(model->segment),
		snapshot->segment_removed ? _("owner %s   mode %04o   nattch %u   removed")
					  : _("owner %s   mode %04o   nattch %u"),
		facts->owner, snapshot->mode, snapshot->attached);
}

/* ---- calls --------------------------------------------------------------------------------- */

/* Writes "slept 3.2 s" or "took 12 ms" with a format such as "slept %s"; "" below a millisecond. */
static void describe_duration(char text[64], const char *format, int64_t ns)
{
	char duration[24];

	text[0] = '\0';
	if (ns < SEMOP_CALL_LONG_NS)
		return;
	if (ns >= 1000000000)
		snprintf(duration, sizeof(duration), "%.1f s", (double)ns / 1e9);
	else
		snprintf(duration, sizeof(duration), "%.0f ms", (double)ns / 1e6);
	snprintf(text, 64, format, duration);
}

/* Writes the outcome of a call; "": it succeeded at once. */
static void make_note(struct xray_call *shown, const struct semop_call *call, int64_t now)
{
	int64_t ns = semop_call_duration(call, now);
	bool is_cancelled = shown->is_refused && call->has_slept &&
			    (call->result == -EAGAIN || call->result == -EINTR);

	if (shown->is_asleep) {
		text_print(shown->note, sizeof(shown->note), "%s", _("asleep"));
	} else if (is_cancelled) {
		describe_duration(shown->note, _("waited %s"), ns);
		text_append(shown->note, sizeof(shown->note), "%s",
			shown->note[0] != '\0' ? _(", then cancelled") : _("cancelled"));
	} else if (shown->is_refused && call->result != -EAGAIN) {
		snprintf(shown->note, sizeof(shown->note), "%s", strerrorname_np(-call->result));
	} else if (shown->is_refused) {
		text_print(shown->note, sizeof(shown->note), _("refused (EAGAIN)"));
	} else if (call->ended_ns != 0) {
		describe_duration(shown->note, call->has_slept ? _("slept %s") : _("took %s"), ns);
	}
}

static void make_call(struct xray_call *shown, const struct semop_call *call, int64_t now)
{
	const time_t seconds = (time_t)(call->real_ns / 1000000000);
	struct tm local;
	char clock[12] = "";

	if (localtime_r(&seconds, &local) != NULL)
		strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	snprintf(shown->time, sizeof(shown->time), "%s.%03d", clock,
		(int)(call->real_ns / 1000000 % 1000));
	if (call->slot >= 0)
		snprintf(shown->name, sizeof(shown->name), "%s %d", call->name, call->slot);
	else
		snprintf(shown->name, sizeof(shown->name), "%s", call->name);
	shown->word_count = (uint32_t)arraytext_words(shown->words, call->operations, call->count);
	shown->is_asleep = semop_call_is_asleep(call, now);
	shown->is_refused = !shown->is_asleep && call->ended_ns != 0 && call->result != 0;
	make_note(shown, call, now);
}

/*
 * True if the kernel refused the call at once, and the next call tries the same with another array.
 */
static bool is_refused_try(const struct semop_call *call, const struct semop_call *next)
{
	return call->result == -EAGAIN && !call->has_slept && strcmp(next->name, call->name) == 0 &&
	       semop_call_duration(call, call->ended_ns) < SEMOP_CALL_LONG_NS;
}

/*
 * Lists the calls, newest first. Refused attempts are not listed; the call after them mentions
 * them.
 */
static void make_calls(struct xray_model *model, const struct xray_facts *facts)
{
	for (size_t i = 0; i < facts->call_count && model->call_count < XRAY_CALLS; i++) {
		const struct semop_call *call = &facts->calls[i];
		struct xray_call *shown = &model->calls[model->call_count++];
		unsigned refused = 0;

		make_call(shown, call, facts->now);
		while (i + 1 < facts->call_count && is_refused_try(&facts->calls[i + 1], call)) {
			refused++;
			i++;
		}
		if (refused > 0)
			text_append(shown->note, sizeof(shown->note),
				shown->note[0] != '\0' ? _(", on attempt %u") : _("on attempt %u"),
				refused + 1);
	}
}

/* "if it is killed now, the kernel does: producers −1  writer₀ −1" */
static void make_undo(struct xray_model *model, const struct xray_facts *facts)
{
	char label[SEMAPHORES_LABEL_MAX];

	for (size_t i = 0; i < facts->undo_count; i++)
		text_append(model->undo, sizeof(model->undo), "%s%s %s%d",
			i > 0 ? "  " : _("if it is killed now, the kernel does: "),
			semaphores_label(label, facts->undo[i].semaphore),
			facts->undo[i].change < 0 ? "−" : "+", abs(facts->undo[i].change));
}

/* Every byte of both was first set to 0, so the padding is equal, too. */
bool xray_model_equal(const struct xray_model *one, const struct xray_model *other)
{
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
	return memcmp(one, other, sizeof(*one)) == 0;
}

/* ---- step mode ----------------------------------------------------------------------------- */

void xray_because(char *text, size_t size, const struct sembuf *operation, int32_t value)
{
	char label[SEMAPHORES_LABEL_MAX];

	text[0] = '\0';
	semaphores_label(label, operation->sem_num);
	if (operation->sem_op == 0)
		text_append(text, size,
			_("wants %1$s to be 0, and it is %2$d: it sleeps until %1$s is 0"), label,
			value);
	else if (operation->sem_op == -1)
		text_append(text, size,
			_("wants %1$s −1 (wait), and %1$s is %2$d: it sleeps until some process "
			  "does +1 (signal)"),
			label, value);
	else
		text_append(text, size,
			_("wants %1$s −%2$d, and %1$s is %3$d: it sleeps until it is %2$d"), label,
			-operation->sem_op, value);
}

/* Says why the newest call sleeps, unless the values have changed since. */
static void make_because(struct xray_model *model, const struct xray_facts *facts)
{
	const struct semop_call *call = facts->calls;
	struct prediction prediction;
	const struct sembuf *operation;
	char words[sizeof(model->because)];

	if (facts->call_count == 0 || !semop_call_is_asleep(call, facts->now))
		return;
	predict(&prediction, facts->snapshot, call->operations, call->count);
	if (prediction.outcome != PREDICT_SLEEPS)
		return;
	operation = &call->operations[prediction.at];
	xray_because(words, sizeof(words), operation,
		semaphores_at(facts->snapshot, operation->sem_num)->value);
	text_append(model->because, sizeof(model->because), "%s %s", call->name, words);
}

static void make_verdict(struct xray_step *shown, const struct prediction *prediction,
	const struct stepper_stop *step, const struct vitrine_snapshot *snapshot)
{
	const struct sembuf *operation = &step->operations[prediction->at];
	const struct vitrine_semaphore *semaphore = semaphores_at(snapshot, operation->sem_num);
	char label[SEMAPHORES_LABEL_MAX] = "";

	if (prediction->outcome != PREDICT_DONE)
		semaphores_label(label, operation->sem_num);
	switch (prediction->outcome) {
	case PREDICT_DONE:
		text_print(shown->verdict, sizeof(shown->verdict),
			_("the kernel will do all of it at once"));
		break;
	case PREDICT_SLEEPS:
		xray_because(shown->verdict, sizeof(shown->verdict), operation, semaphore->value);
		break;
	case PREDICT_REFUSED:
		text_print(shown->verdict, sizeof(shown->verdict),
			_("it would be refused at %s (EAGAIN), and nothing would be executed"),
			label);
		break;
	default:
		text_print(shown->verdict, sizeof(shown->verdict), _("it would fail at %s"), label);
	}
}

static void make_step(struct xray_step *shown, const struct stepper_stop *step,
	const struct vitrine_snapshot *snapshot)
{
	struct prediction prediction;

	predict(&prediction, snapshot, step->operations, step->count);
	shown->number = step->number;
	shown->is_slow = step->is_slow;
	shown->holds_mutex = step->holds_mutex;
	shown->outcome = prediction.outcome;
	if (step->slot >= 0)
		snprintf(shown->name, sizeof(shown->name), "%s %d", step->name, step->slot);
	else
		snprintf(shown->name, sizeof(shown->name), "%s", step->name);
	arraytext_line(shown->array, step->operations, step->count);
	make_verdict(shown, &prediction, step, snapshot);
	shown->value_count = prediction.count;
	for (uint32_t i = 0; i < prediction.count; i++) {
		semaphores_label(shown->values[i].label, prediction.values[i].number);
		shown->values[i].before = prediction.values[i].before;
		shown->values[i].after = prediction.values[i].after;
	}
}

void xray_model_make(struct xray_model *model, const struct xray_facts *facts)
{
	memset(model, 0, sizeof(*model));
	make_calls(model, facts);
	if (facts->info == NULL || facts->snapshot->slot_count == 0 ||
		facts->snapshot->slot_count > VITRINE_SLOTS_MAX)
		return;
	model->is_open = true;
	model->slot_count = facts->snapshot->slot_count;
	for (uint32_t i = 0; i < model->slot_count; i++)
		make_slot(&model->slots[i], &facts->snapshot->slots[i]);
	make_set(model, facts->snapshot);
	make_programs(model, facts);
	make_segment(model, facts);
	make_because(model, facts);
	make_undo(model, facts);
	if (facts->step != NULL)
		make_step(&model->step, facts->step, facts->snapshot);
}
