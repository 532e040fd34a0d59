/*
 * schedule_file.c - a schedule as a file that people can read and a repository can keep. See
 * schedule_file.h.
 *
 *	# vitrine check: schedule 1
 *	# ./producer -- ./consumer
 *	step P1 8c2f01aa
 *	kill P2
 *
 * A line "watch" before the steps says that accesses to segments were observed (--races). The
 * number after a step identifies the call, so that a replay notices if the programs have changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/readfile.h"
#include "base/translate.h"
#include "schedule_file.h"

#define SCHEDULE_BYTES ((size_t)1 << 20) /* DECISIONS_MAX lines, and comments */

static const char head[] = "# vitrine check: schedule 1\n";

static const char watch[] = "watch";

static const char *const words[] = {
	[DECIDE_STEP] = "step",
	[DECIDE_EARLY] = "step-early",
	[DECIDE_KILL] = "kill",
	[DECIDE_KILL_AGAIN] = "kill-and-restart",
	[DECIDE_SIGNAL] = "alarm",
	[DECIDE_INTERRUPT] = "signal",
};

#define WORDS (sizeof(words) / sizeof(words[0]))

int schedule_save(const char *path, const char *title, const struct finding *finding,
	const struct execution_options *programs)
{
	/* O_NONBLOCK: a FIFO that nobody reads is an error, and is not waited for. */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	int error;

	if (file == NULL) {
		error = errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	fprintf(file, "%s# %s of", head, title);
	for (size_t i = 0; i < programs->program_count; i++)
		fprintf(file, "%s %s", i > 0 ? " --" : "", programs->programs[i].argv[0]);
	fputc('\n', file);
	if (finding->fault.kind == FAULT_RACE || finding->fault.kind == FAULT_LOST)
		fprintf(file, "%s\n", watch);
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

/* Parses the lines after the first. Returns 0, or the number of a line that is not a decision. */
static int parse_lines(char *lines, struct decision decisions[DECISIONS_MAX],
	uint32_t identities[DECISIONS_MAX], uint32_t *count, bool *watches)
{
	int number = 1;
	char *line;

	while ((line = strsep(&lines, "\n")) != NULL) {
		number++;
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (*count == 0 && strcmp(line, watch) == 0) {
			*watches = true;
			continue;
		}
		if (*count == DECISIONS_MAX ||
			!parse(line, &decisions[*count], &identities[*count]))
			return number;
		++*count;
	}
	return 0;
}

int schedule_load(const char *path, struct decision decisions[DECISIONS_MAX],
	uint32_t identities[DECISIONS_MAX], uint32_t *count, bool *watches, char reason[256])
{
	char *text;
	size_t size;
	int rc = readfile(path, SCHEDULE_BYTES, &text, &size), wrong = 0;

	*count = 0;
	*watches = false;
	if (rc < 0)
		return -rc;
	if (size == 0) {
		snprintf(reason, 256, _("is empty"));
		rc = -1;
	} else if (strncmp(text, head, sizeof(head) - 1) != 0) {
		snprintf(reason, 256, _("is not a schedule written by --save"));
		rc = -1;
	} else {
		wrong = parse_lines(text + sizeof(head) - 1, decisions, identities, count, watches);
	}
	if (wrong > 0) {
		snprintf(reason, 256, _("line %d is not a decision such as: step P1"), wrong);
		rc = -1;
	}
	free(text);
	return rc;
}
