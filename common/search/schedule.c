/*
 * schedule.c - a schedule as a file that people can read and a repository can keep. See schedule.h.
 *
 *	# vitrine check: schedule 1
 *	# ./producer -- ./consumer
 *	step P1 8c2f01aa
 *	kill P2
 *
 * The number after a step identifies the call, so that a replay notices if the programs have
 * changed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schedule.h"

static const char head[] = "# vitrine check: schedule 1\n";

static const char *const words[] = {
	[DECIDE_STEP] = "step",
	[DECIDE_EARLY] = "step-early",
	[DECIDE_KILL] = "kill",
	[DECIDE_KILL_AGAIN] = "kill-and-restart",
	[DECIDE_SIGNAL] = "alarm",
};

#define WORDS (sizeof(words) / sizeof(words[0]))

int schedule_save(const char *path, const char *title, const struct finding *finding,
	const struct execution_options *programs)
{
	FILE *file = fopen(path, "we");
	int error;

	if (file == NULL)
		return errno;
	fprintf(file, "%s# %s of", head, title);
	for (size_t i = 0; i < programs->program_count; i++)
		fprintf(file, "%s %s", i > 0 ? " --" : "", programs->programs[i].argv[0]);
	fputc('\n', file);
	for (uint32_t i = 0; i < finding->count; i++) {
		const struct decision *decision = &finding->decisions[i];

		fprintf(file, "%s P%u", words[decision->kind], decision->actor);
		if (decision->kind == DECIDE_STEP)
			fprintf(file, " %08" PRIx32, finding->identities[i]);
		fputc('\n', file);
	}
	error = ferror(file) ? EIO : 0;
	if (fclose(file) != 0)
		error = errno;
	return error;
}

static bool parse(const char *line, struct decision *decision, uint32_t *identity)
{
	char word[32];
	unsigned actor;
	int fields = sscanf(line, "%31s P%u %" SCNx32, word, &actor, identity);

	if (fields < 2 || actor == 0 || actor >= ACTORS_MAX)
		return false;
	if (fields < 3)
		*identity = 0;
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*decision = (struct decision){(uint16_t)actor, (uint8_t)i};
		return true;
	}
	return false;
}

int schedule_load(const char *path, struct decision decisions[DECISIONS_MAX],
	uint32_t identities[DECISIONS_MAX], uint32_t *count, char reason[128])
{
	FILE *file = fopen(path, "re");
	char line[256];
	int number = 0, error = 0;

	*count = 0;
	if (file == NULL)
		return errno;
	while (error == 0 && fgets(line, sizeof(line), file) != NULL) {
		if (++number == 1 && strcmp(line, head) != 0) {
			snprintf(reason, 128, "is not a schedule written by --save");
			error = -1;
		} else if (line[0] != '#' && line[0] != '\n' &&
			   (*count == DECISIONS_MAX ||
				   !parse(line, &decisions[*count], &identities[*count]))) {
			snprintf(reason, 128, "line %d is not a decision such as: step P1", number);
			error = -1;
		} else if (line[0] != '#' && line[0] != '\n') {
			++*count;
		}
	}
	if (number == 0) {
		snprintf(reason, 128, "is empty");
		error = -1;
	}
	fclose(file);
	return error;
}
