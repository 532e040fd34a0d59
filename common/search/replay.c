/* replay.c - see replay.h. */
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/translate.h"
#include "search/execution.h"
#include "search/schedule_file.h"

struct replay {
	struct execution *execution;
	bool is_over; /* never: a run is ended by execution_finish() */
	bool has_left;
	struct job job;
	struct report report;
};

static bool start(struct replay *replay)
{
	replay->has_left = false;
	return execution_begin(replay->execution, &replay->job, &replay->report);
}

bool replay_create(struct replay **created, const struct replay_options *given,
	char reason[REPLAY_REASON_MAX])
{
	struct execution_options options = *given->run;
	struct replay *replay = calloc(1, sizeof(*replay));
	char why[256];
	bool watches;
	int error;

	*created = replay;
	snprintf(reason, REPLAY_REASON_MAX, _("not enough memory"));
	if (replay == NULL)
		return false;
	error = schedule_load(given->path, replay->job.prefix, replay->job.identities,
		&replay->job.count, &watches, why);
	if (error != 0) {
		snprintf(reason, REPLAY_REASON_MAX, "%s: %s", given->path,
			error > 0 ? strerror(error) : why);
		return false;
	}
	options.name = given->name;
	options.name_data = given->name_data;
	options.allows_failure = options.allows_leftovers = true;
	options.program_count = given->program_count;
	memcpy(options.programs, given->programs,
		given->program_count * sizeof(options.programs[0]));
	options.is_over = &replay->is_over;
	replay->job.is_told = true;
	replay->job.limit = DECISIONS_MAX;
	replay->job.seed = options.seed;
	if (!execution_create(&replay->execution, &options, reason))
		return false;
	if (start(replay))
		return true;
	snprintf(reason, REPLAY_REASON_MAX, "%s", replay->report.reason);
	return false;
}

void replay_destroy(struct replay *replay)
{
	if (replay == NULL)
		return;
	if (replay->execution != NULL)
		execution_finish(replay->execution);
	execution_destroy(replay->execution);
	free(replay);
}

struct control *replay_control(const struct replay *replay)
{
	return execution_control(replay->execution);
}

size_t replay_at(const struct replay *replay)
{
	return replay->report.count;
}

size_t replay_length(const struct replay *replay)
{
	return replay->job.count;
}

enum control_result replay_step(struct replay *replay, unsigned number, unsigned *stepped)
{
	uint32_t at = replay->report.count;

	if (number != 0 || at >= replay->job.count || replay->has_left) {
		replay->has_left = true;
		return control_step(replay_control(replay), number, stepped);
	}
	if (!execution_follow(replay->execution))
		return CONTROL_DIVERGED;
	if (stepped != NULL)
		*stepped = replay->job.prefix[at].actor;
	return CONTROL_DONE;
}

void replay_leave(struct replay *replay)
{
	replay->has_left = true;
}

bool replay_has_left(const struct replay *replay)
{
	return replay->has_left;
}

/* Starts again and executes the first `count` decisions. */
static enum control_result repeat(struct replay *replay, size_t count)
{
	enum control_result result = CONTROL_DONE;

	execution_finish(replay->execution);
	if (!start(replay))
		return CONTROL_FAILED;
	while (result == CONTROL_DONE && replay_at(replay) < count)
		result = replay_step(replay, 0, NULL);
	return result;
}

enum control_result replay_back(struct replay *replay)
{
	size_t at = replay_at(replay);

	if (replay->has_left)
		return repeat(replay, at);
	return at == 0 ? CONTROL_NOBODY : repeat(replay, at - 1);
}

enum control_result replay_restart(struct replay *replay)
{
	return repeat(replay, 0);
}

const char *replay_reason(const struct replay *replay)
{
	const struct control *control = replay_control(replay);

	return replay->report.reason[0] != '\0' || control == NULL ? replay->report.reason
								   : control_reason(control);
}
