/* playback_order.c - see playback_order.h. What a step does is in playback_state.c. */
#include "playback_order.h"

#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "predict.h"

#define MILLISECOND INT64_C(1000000)
/*
 * The longest time by which a call may have returned after its execution: a woken process waits for
 * a processor.
 */
#define LATE_NS     (2 * MILLISECOND)

enum {
	AHEAD_MOST = 64, /* calls that are tried in addition to the one that ended first */
};

/* The state of the ordering. */
struct ordering {
	struct playback *playback;
	bool *is_done;   /* for each call */
	bool *has_slept; /* its sleep is already a step */
	size_t next;     /* the first call that is not ordered yet */
	size_t state;    /* the next recorded state */
	int64_t now;
	/*
	 * The calls that slept, in the order in which they began: first those that have begun and
	 * are not ordered yet, at most one per thread; from `next_sleeper` on those that have not
	 * begun.
	 */
	size_t *sleepers;
	size_t sleeper_count, asleep, next_sleeper;
};

/* ---- steps ---------------------------------------------------------------------------------- */

/* Executes a step and keeps it. False: no memory, or too many. */
static bool add_step(struct playback *playback, struct playback_step step)
{
	char sentence[PLAYBACK_SENTENCE];
	size_t count = playback->count;
	struct playback_step *steps;

	playback_sentence(sentence, playback->state, &step);
	playback_state_apply(playback->state, &step);
	/* A call may have returned after a call that was executed later. */
	step.ns -= playback->first->from_ns;
	if (count > 0 && step.ns < playback->steps[count - 1].ns)
		step.ns = playback->steps[count - 1].ns;
	step.empty = playback->state->snapshot.empty.value;
	step.full = playback->state->snapshot.full.value;
	step.sentence = strdup(sentence);
	steps = grow_array(playback->steps, count, sizeof(*steps));
	if (steps != NULL)
		playback->steps = steps;
	if (steps == NULL || step.sentence == NULL || count == PLAYBACK_STEPS_MOST) {
		free(step.sentence);
		free(step.changes);
		return false;
	}
	playback->steps[playback->count++] = step;
	return true;
}

/* ---- changes by no recorded call ------------------------------------------------------------ */

/* The changes from the current values to others. NULL: no change, or no memory. */
static struct playback_change *find_changes(const struct vitrine_snapshot *snapshot,
	const int16_t *values, size_t *count)
{
	struct playback_change *changes = calloc(SEMAPHORES_MAX, sizeof(*changes));

	*count = 0;
	for (uint32_t i = 0; changes != NULL && i < semaphores_count(snapshot); i++) {
		int32_t by = values[i] - semaphores_at(snapshot, i)->value;

		if (by != 0)
			changes[(*count)++] = (struct playback_change){i, by};
	}
	if (*count > 0)
		return changes;
	free(changes);
	return NULL;
}

/* True if the changes are exactly those that the kernel makes when this program ends. */
static bool is_undo(const struct playback_state *state, size_t at,
	const struct playback_change *changes, size_t count)
{
	size_t found = 0, wanted = 0;

	for (uint32_t i = 0; i < SEMAPHORES_MAX; i++)
		wanted += state->undo[at][i] != 0;
	for (size_t i = 0; i < count; i++)
		found += state->undo[at][changes[i].semaphore] == changes[i].by;
	return wanted > 0 && found == count && wanted == count;
}

static bool has_later_call(const struct ordering *ordering, pid_t pid)
{
	const struct recorded *recorded = &ordering->playback->recorded;

	for (size_t i = ordering->next; i < recorded->call_count; i++)
		if (!ordering->is_done[i] && recorded->calls[i].pid == pid &&
			recorded->calls[i].call.result == 0)
			return true;
	return false;
}

/* Adds a step for changes that no recorded call made. Takes ownership of them. */
static bool add_changes(struct ordering *ordering, int64_t ns, struct playback_change *changes,
	size_t count)
{
	const struct playback_state *state = ordering->playback->state;
	struct playback_step step = {
		.kind = PLAYBACK_UNKNOWN, .ns = ns, .changes = changes, .change_count = count};

	for (size_t i = 0; i < state->program_count; i++)
		if (is_undo(state, i, changes, count) &&
			!has_later_call(ordering, state->programs[i].pid)) {
			step.kind = PLAYBACK_UNDO;
			step.pid = state->programs[i].pid;
		}
	return add_step(ordering->playback, step);
}

/* ---- recorded states ------------------------------------------------------------------------ */

/*
 * True if no call was executed at about the time of the state, so that it is certain which calls
 * were executed before it.
 */
static bool is_settled(const struct recorded *recorded, const struct recorded_state *state)
{
	size_t low = 0, high = recorded->call_count;

	/* The first call that ended after the state began. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (recorded->calls[middle].call.ended_ns < state->from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < recorded->call_count; low++) {
		const struct semop_call *call = &recorded->calls[low].call;

		if (call->result == 0 && call->ended_ns < state->to_ns + LATE_NS)
			return false;
		/* A call that did not sleep may have been executed long before it returned. */
		if (call->result == 0 && !call->has_slept && call->started_ns < state->to_ns)
			return false;
		if (call->ended_ns > state->to_ns + 1000 * MILLISECOND)
			break;
	}
	return true;
}

/* ---- recorded calls ------------------------------------------------------------------------- */

static bool is_possible(const struct playback *playback, const struct semop_call *call)
{
	struct prediction prediction;

	predict(&prediction, &playback->state->snapshot, call->operations, call->count);
	return prediction.outcome == PREDICT_DONE;
}

/*
 * Chooses the call that was executed next: the one that ended first, unless the values do not allow
 * it and allow another call that had begun by then.
 */
static size_t choose_call(const struct ordering *ordering)
{
	const struct recorded *recorded = &ordering->playback->recorded;
	const struct recorded_call *first = &recorded->calls[ordering->next];
	size_t tries = 0;

	for (size_t i = ordering->next; i < recorded->call_count && tries < AHEAD_MOST; i++) {
		const struct recorded_call *call = &recorded->calls[i];
		bool is_own = i != ordering->next && call->pid == first->pid &&
			      call->call.thread == first->call.thread;

		if (ordering->is_done[i] || call->call.result != 0 || is_own)
			continue;
		tries++;
		if (call->call.started_ns <= first->call.ended_ns + LATE_NS &&
			is_possible(ordering->playback, &call->call))
			return i;
	}
	return ordering->next;
}

/* Adds a step with the changes without which an executed call would not have been possible. */
static bool make_possible(struct ordering *ordering, const struct semop_call *call)
{
	struct vitrine_snapshot *now = &ordering->playback->state->snapshot;
	int16_t values[SEMAPHORES_MAX];
	struct playback_change *changes;
	struct prediction prediction;
	size_t count;

	for (uint32_t i = 0; i < semaphores_count(now); i++)
		values[i] = (int16_t)semaphores_at(now, i)->value;
	for (uint32_t tries = 0; tries < call->count; tries++) {
		const struct sembuf *operation;

		predict(&prediction, now, call->operations, call->count);
		if (prediction.outcome != PREDICT_SLEEPS && prediction.outcome != PREDICT_REFUSED)
			break;
		operation = &call->operations[prediction.at];
		values[operation->sem_num] =
			(int16_t)(operation->sem_op == 0 ? 0 : -operation->sem_op);
		changes = find_changes(now, values, &count);
		if (changes == NULL)
			break;
		if (!add_changes(ordering, ordering->now, changes, count))
			return false;
	}
	return true;
}

/* The first image that was recorded at this time or later. */
static size_t first_image(const struct recorded *recorded, int64_t ns)
{
	size_t low = 0, high = recorded->image_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (recorded->images[middle].ns < ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The image that a call published: the one recorded in its slot before another call writes there.
 */
static const struct recorded_image *find_image(const struct recorded *recorded, size_t at)
{
	const struct semop_call *call = &recorded->calls[at].call;
	int64_t until = INT64_MAX;

	if (strcmp(call->name, "publish") != 0)
		return NULL;
	for (size_t i = at + 1; i < recorded->call_count && until == INT64_MAX; i++) {
		const struct semop_call *later = &recorded->calls[i].call;

		if (later->slot == call->slot && later->result == 0 &&
			(strcmp(later->name, "claim") == 0 || strcmp(later->name, "steal") == 0))
			until = later->ended_ns;
	}
	for (size_t i = first_image(recorded, call->started_ns);
		i < recorded->image_count && recorded->images[i].ns < until; i++)
		if (recorded->images[i].slot == (uint32_t)call->slot)
			return &recorded->images[i];
	return NULL;
}

static int by_start(const void *one, const void *other, void *calls)
{
	int64_t a = ((const struct recorded_call *)calls)[*(const size_t *)one].call.started_ns;
	int64_t b = ((const struct recorded_call *)calls)[*(const size_t *)other].call.started_ns;

	return (a > b) - (a < b);
}

/* False: no memory. */
static bool list_sleepers(struct ordering *ordering)
{
	const struct recorded *recorded = &ordering->playback->recorded;

	ordering->sleepers = calloc(recorded->call_count + 1, sizeof(*ordering->sleepers));
	for (size_t i = 0; ordering->sleepers != NULL && i < recorded->call_count; i++)
		if (recorded->calls[i].call.has_slept)
			ordering->sleepers[ordering->sleeper_count++] = i;
	if (ordering->sleepers != NULL)
		qsort_r(ordering->sleepers, ordering->sleeper_count, sizeof(*ordering->sleepers),
			by_start, recorded->calls);
	return ordering->sleepers != NULL;
}

/* Updates which calls are asleep: those that have begun before this time. */
static void update_sleepers(struct ordering *ordering, int64_t until)
{
	const struct recorded_call *calls = ordering->playback->recorded.calls;
	size_t *sleepers = ordering->sleepers;
	size_t kept = 0;

	for (size_t i = 0; i < ordering->asleep; i++)
		if (!ordering->is_done[sleepers[i]])
			sleepers[kept++] = sleepers[i];
	for (; ordering->next_sleeper < ordering->sleeper_count; ordering->next_sleeper++) {
		size_t at = sleepers[ordering->next_sleeper];

		if (calls[at].call.started_ns >= until)
			break;
		if (!ordering->is_done[at])
			sleepers[kept++] = at;
	}
	ordering->asleep = kept;
}

/* The calls that had begun to sleep before this time. */
static bool add_sleeps(struct ordering *ordering, int64_t until)
{
	const struct recorded *recorded = &ordering->playback->recorded;

	update_sleepers(ordering, until);
	for (size_t i = 0; i < ordering->asleep; i++) {
		size_t at = ordering->sleepers[i];
		const struct recorded_call *call = &recorded->calls[at];

		if (ordering->has_slept[at] ||
			semop_call_duration(&call->call, 0) < SEMOP_CALL_LONG_NS ||
			is_possible(ordering->playback, &call->call))
			continue;
		ordering->has_slept[at] = true;
		if (!add_step(ordering->playback, (struct playback_step){.kind = PLAYBACK_SLEEPS,
							  .ns = call->call.started_ns,
							  .pid = call->pid,
							  .call = &call->call}))
			return false;
	}
	return true;
}

/* Executes a call at the time `ns`. */
static bool take_call(struct ordering *ordering, size_t at, int64_t ns)
{
	struct playback *playback = ordering->playback;
	const struct recorded_call *call = &playback->recorded.calls[at];
	struct playback_step step = {
		.kind = PLAYBACK_CALL, .ns = ns, .pid = call->pid, .call = &call->call};

	ordering->is_done[at] = true;
	if (call->call.result != 0) {
		step.kind = PLAYBACK_GAVE_UP;
		return !ordering->has_slept[at] || add_step(playback, step);
	}
	if (!make_possible(ordering, &call->call))
		return false;
	ordering->now = ns;
	step.image = find_image(&playback->recorded, at);
	return add_step(playback, step);
}

/* True if both calls subtract from the same semaphore. */
static bool compete(const struct semop_call *one, const struct semop_call *other)
{
	for (uint32_t i = 0; i < one->count; i++)
		for (uint32_t j = 0; j < other->count; j++)
			if (one->operations[i].sem_op < 0 && other->operations[j].sem_op < 0 &&
				one->operations[i].sem_num == other->operations[j].sem_num)
				return true;
	return false;
}

/* True if a call that ended earlier competes with this one. */
static bool has_rival(const struct ordering *ordering, size_t at)
{
	const struct recorded_call *calls = ordering->playback->recorded.calls;

	for (size_t i = ordering->next; i < at; i++)
		if (!ordering->is_done[i] && calls[i].call.result == 0 &&
			compete(&calls[i].call, &calls[at].call))
			return true;
	return false;
}

/*
 * Executes the sleeping calls that have become possible: the kernel executes them together with the
 * call that makes them possible, even if their processes run later.
 */
static bool wake_sleepers(struct ordering *ordering)
{
	const struct recorded *recorded = &ordering->playback->recorded;
	size_t tries = 0;

	for (size_t i = ordering->next; i < recorded->call_count && tries < AHEAD_MOST; i++) {
		const struct semop_call *call = &recorded->calls[i].call;

		if (ordering->is_done[i])
			continue;
		tries++;
		if (ordering->has_slept[i] && call->result == 0 && !has_rival(ordering, i) &&
			is_possible(ordering->playback, call) &&
			!take_call(ordering, i, ordering->now))
			return false;
	}
	return true;
}

/* True if executing the call would give all semaphores that it changes the values of the state. */
static bool explains(const struct playback *playback, const struct semop_call *call,
	const struct recorded_state *state)
{
	struct prediction prediction;
	bool changes = false;

	predict(&prediction, &playback->state->snapshot, call->operations, call->count);
	if (prediction.outcome != PREDICT_DONE)
		return false;
	for (uint32_t i = 0; i < prediction.count; i++) {
		const struct predict_value *value = &prediction.values[i];

		changes |= value->before != value->after;
		if (value->after != state->values[value->number])
			return false;
	}
	return changes;
}

/*
 * Executes sleeping calls that the kernel had executed before the state was read, and that returned
 * later, because their processes had to wait for a processor.
 */
static bool take_woken_calls(struct ordering *ordering, const struct recorded_state *state)
{
	const struct recorded *recorded = &ordering->playback->recorded;

	for (size_t i = 0; i < ordering->asleep; i++) {
		size_t at = ordering->sleepers[i];
		const struct semop_call *call = &recorded->calls[at].call;

		if (!ordering->is_done[at] && call->result == 0 &&
			explains(ordering->playback, call, state) &&
			!take_call(ordering, at, ordering->now))
			return false;
	}
	return true;
}

/* Compares the values with a recorded state; differences become a step. */
static bool take_state(struct ordering *ordering, const struct recorded_state *state)
{
	const struct playback *playback = ordering->playback;
	struct playback_change *changes;
	size_t count;

	if (!is_settled(&playback->recorded, state))
		return true;
	if (!take_woken_calls(ordering, state))
		return false;
	changes = find_changes(&playback->state->snapshot, state->values, &count);
	ordering->now = state->from_ns;
	return changes == NULL || add_changes(ordering, state->from_ns, changes, count);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static bool take_next(struct ordering *ordering)
{
	const struct recorded_call *calls = ordering->playback->recorded.calls;
	size_t at = calls[ordering->next].call.result != 0 ? ordering->next : choose_call(ordering);

	return take_call(ordering, at, calls[at].call.ended_ns) && wake_sleepers(ordering);
}

static bool take_all(struct ordering *ordering)
{
	const struct playback *playback = ordering->playback;
	const struct recorded *recorded = &playback->recorded;

	for (;;) {
		const struct recorded_state *state = ordering->state < recorded->state_count
							     ? &recorded->states[ordering->state]
							     : NULL;
		const struct semop_call *call;

		while (ordering->next < recorded->call_count && ordering->is_done[ordering->next])
			ordering->next++;
		call = ordering->next < recorded->call_count ? &recorded->calls[ordering->next].call
							     : NULL;
		if (call == NULL && state == NULL)
			return true;
		if (state != NULL && state->set != playback->first->set)
			return true; /* a state of another channel: this one was removed */
		if (state != NULL && (call == NULL || state->from_ns < call->ended_ns)) {
			ordering->state++;
			if (!add_sleeps(ordering, state->from_ns) || !take_state(ordering, state))
				return false;
		} else if (!add_sleeps(ordering, call->ended_ns) || !take_next(ordering)) {
			return false;
		}
	}
}

/* The first state for which it is certain which calls were executed before it. */
static const struct recorded_state *find_first(const struct recorded *recorded)
{
	for (size_t i = 0; i < recorded->state_count; i++)
		if (recorded->states[i].set == recorded->states[0].set &&
			is_settled(recorded, &recorded->states[i]))
			return &recorded->states[i];
	return &recorded->states[0];
}

bool playback_put_in_order(struct playback *playback)
{
	const struct recorded *recorded = &playback->recorded;
	struct ordering ordering = {
		.playback = playback,
		.is_done = calloc(recorded->call_count + 1, sizeof(bool)),
		.has_slept = calloc(recorded->call_count + 1, sizeof(bool)),
	};
	bool is_good = false;

	playback->first = find_first(recorded);
	ordering.state = (size_t)(playback->first - recorded->states) + 1;
	ordering.now = playback->first->from_ns;
	if (ordering.is_done != NULL && ordering.has_slept != NULL && list_sleepers(&ordering)) {
		playback_begin(playback, ordering.is_done);
		is_good = add_step(playback, (struct playback_step){.kind = PLAYBACK_BEGINS,
						     .ns = playback->first->from_ns}) &&
			  take_all(&ordering);
	}
	free(ordering.is_done);
	free(ordering.has_slept);
	free(ordering.sleepers);
	return is_good;
}
