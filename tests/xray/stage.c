/* stage.c - see stage.h. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>

#include <cmocka.h>

void stage_add(struct stage *stage, const char *line)
{
	size_t program = stage->count++, count = 0;
	char copy[1024], *rest, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &rest); word != NULL && count < STAGE_WORDS;
		word = strtok_r(NULL, " ", &rest)) {
		char *to = stage->words[program][count];

		if (snprintf(to, 64, "%s", word) >= 64)
			fail_msg("too long: %s", word);
		stage->argv[program][count++] = to;
	}
	/* A path of its own: it may be long, and have spaces. */
	snprintf(stage->paths[program], PATH_MAX, "%s/%s", PROGRAMS, copy);
	stage->argv[program][0] = stage->paths[program];
	stage->programs[program].argv = stage->argv[program];
}

void stage_begin(struct stage *stage)
{
	struct control_options options = {
		.programs = stage->programs, .program_count = stage->count, .tasks_max = 16};
	char reason[TRACER_REASON_MAX];

	if (!control_create(&stage->control, &options, reason))
		fail_msg("%s", reason);
}

void stage_end(struct stage *stage)
{
	if (stage->control != NULL)
		control_restart(stage->control); /* removes what they made */
	control_destroy(stage->control);
}

void stage_step(struct stage *stage, unsigned number)
{
	enum control_result result = control_step(stage->control, number, NULL);

	if (result != CONTROL_DONE)
		fail_msg("step of P%u: result %d", number, result);
}

void stage_step_to_end(struct stage *stage, unsigned number)
{
	while (control_actor(stage->control, number)->doing != CONTROL_ENDED)
		stage_step(stage, number);
}

int stage_set(struct stage *stage, unsigned number)
{
	return control_actor(stage->control, number)->task->call.id;
}

void stage_to_semop(struct stage *stage, unsigned number)
{
	const struct control_actor *actor = control_actor(stage->control, number);

	while (actor->doing != CONTROL_BEFORE || actor->task->call.kind != CALL_SEMOP)
		stage_step(stage, number);
}
