/* report.c - prints the result of vitrine check for people. See check.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "command.h"
#include "text.h"
#include "translate.h"

static const struct {
	const char *title, *word;
} kinds[FAULT_KINDS] = {
	[FAULT_NONE] = {N_("Nothing"), "none"},
	[FAULT_DEADLOCK] = {N_("Deadlock"), "deadlock"},
	[FAULT_SLEEPS] = {N_("Sleeps for ever"), "sleeps"},
	[FAULT_UNDO] = {N_("SEM_UNDO takes back a delivered item"), "undo"},
	[FAULT_ERROR] = {N_("Failed call"), "error"},
	[FAULT_REMOVED] = {N_("Use of a removed object"), "removed"},
	[FAULT_STATUS] = {N_("Failed program"), "status"},
	[FAULT_CRASH] = {N_("Crash"), "crash"},
	[FAULT_BOUND] = {N_("Semaphore above its bound"), "bound"},
	[FAULT_OUTPUT] = {N_("Wrong output"), "output"},
	[FAULT_LEFT] = {N_("Objects left behind"), "left"},
	[FAULT_BUSY] = {N_("Busy waiting"), "busy"},
	[FAULT_STARVED] = {N_("Starvation"), "starved"},
	[FAULT_EINTR] = {N_("EINTR taken for success"), "eintr"},
	[FAULT_RACE] = {N_("Race"), "race"},
	[FAULT_LOST] = {N_("Lost update"), "lost"},
};

const char *check_title(enum fault_kind kind)
{
	return gettext(kinds[kind].title);
}

const char *check_word(enum fault_kind kind)
{
	return kinds[kind].word;
}

int check_judge(const struct search_result *result, char why[512])
{
	why[0] = '\0';
	if (result->reads_input) {
		snprintf(why, 512,
			_("a program reads standard input or the terminal, which are empty here: "
			  "let it take its input from its arguments or from a file, such as: "
			  "vitrine check -- sh -c 'exec ./program <file'"));
		return CHECK_UNJUDGED;
	}
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].is_reproduced)
			return COMMAND_FAILED;
	if (result->finding_count > 0 && result->reason[0] == '\0') {
		snprintf(why, 512,
			_("%s was found once, but not again under the same schedule: the "
			  "programs behave differently each time (time, files, pids, other "
			  "processes)"),
			check_title(result->findings[0].fault.kind));
	} else if (result->reason[0] != '\0') {
		snprintf(why, 512, "%s", result->reason);
	} else if (result->is_interrupted) {
		snprintf(why, 512, "%s", _("interrupted"));
	} else if (result->cut > 0) {
		snprintf(why, 512,
			_("%" PRIu64 " of %" PRIu64
			  " runs did not end within the step limit; let the "
			  "programs do less, or raise --steps"),
			result->cut, result->runs);
	} else if (!result->has_calls) {
		snprintf(why, 512,
			_("no program makes a System V IPC call: there is nothing to schedule"));
	}
	return why[0] != '\0' ? CHECK_UNJUDGED : COMMAND_OK;
}

char *check_extent(const struct search_result *result, char text[512])
{
	char extent[160];

	switch (result->extent) {
	case EXTENT_ALL: snprintf(extent, sizeof(extent), _("all schedules")); break;
	case EXTENT_EQUIVALENT:
		snprintf(extent, sizeof(extent),
			_("all schedules, up to the order of independent steps"));
		break;
	case EXTENT_SHORTER:
		snprintf(extent, sizeof(extent), _("all schedules of fewer than %u steps"),
			result->shorter_than);
		break;
	case EXTENT_PREEMPTIONS:
		snprintf(extent, sizeof(extent),
			ngettext("all schedules of at most %u preemption, and some of the others",
				"all schedules of at most %u preemptions, and some of the others",
				result->preemptions),
			result->preemptions);
		break;
	default: snprintf(extent, sizeof(extent), _("some of the schedules")); break;
	}
	snprintf(text, 512,
		_("%s: %" PRIu64 " runs of at most %u steps in %.1f s (%.0f per second)"), extent,
		result->runs, result->longest, (double)result->took_ns / 1e9,
		(double)result->runs / ((double)result->took_ns / 1e9 + 1e-9));
	return text;
}

/* Splits a line at its tabs. */
static bool cut(char *line, struct check_step *step)
{
	char *fields[5] = {0}, *rest = line;

	for (int i = 0; i < 5; i++) {
		fields[i] = rest;
		rest += strcspn(rest, "\t");
		if (i < 4 && *rest == '\0')
			return false;
		if (*rest != '\0')
			*rest++ = '\0';
	}
	*step = (struct check_step){.actor = (unsigned)strtoul(fields[0], NULL, 10),
		.name = fields[1],
		.what = fields[2],
		.place = fields[3][0] == ' ' ? fields[3] + 1 : fields[3],
		.result = fields[4]};
	return true;
}

const char *check_steps(char *text, check_stepper *step, void *data)
{
	unsigned number = 0;
	char *line = text;

	while (line != NULL && *line != '\0') {
		char *end = strchr(line, '\n');
		struct check_step cut_step;

		if (memchr(line, '\t', end != NULL ? (size_t)(end - line) : strlen(line)) == NULL) {
			if (end != NULL)
				*end = '\0';
			return line;
		}
		if (end != NULL)
			*end = '\0';
		if (cut(line, &cut_step))
			step(data, ++number, &cut_step);
		line = end != NULL ? end + 1 : NULL;
	}
	return "";
}

static void print_step(void *data, unsigned number, const struct check_step *step)
{
	char name[64], what[1024], place[512];

	fprintf(data, "  %3u  P%u %-10s %s%s%s%s%s\n", number, step->actor,
		text_printable(name, sizeof(name), step->name),
		text_printable(what, sizeof(what), step->what),
		step->result[0] != '\0' ? " → " : "", step->result,
		step->place[0] != '\0' ? "   " : "",
		text_printable(place, sizeof(place), step->place));
}

/* Its steps, and the sentence about them. */
static void print_steps(FILE *file, const struct finding *finding)
{
	char sentence[4096], *text = finding->text != NULL ? strdup(finding->text) : NULL;

	fprintf(file, "%s\n",
		text_printable(sentence, sizeof(sentence), check_steps(text, print_step, file)));
	free(text);
}

static void print_finding(FILE *file, const struct finding *finding)
{
	if (finding->fault.kind == FAULT_NONE)
		fprintf(file, _("Nothing is wrong with this schedule.\n"));
	else
		fprintf(file,
			finding->was_killed
				? ngettext("%s after kill -9, in %u step:\n",
					  "%s after kill -9, in %u steps:\n", finding->count)
				: ngettext("%s, in %u step:\n", "%s, in %u steps:\n",
					  finding->count),
			check_title(finding->fault.kind), finding->count);
	print_steps(file, finding);
}

void check_print_replay(FILE *file, const struct search_result *result)
{
	if (result->reason[0] == '\0') {
		print_finding(file, &result->findings[0]);
		return;
	}
	if (result->finding_count > 0)
		print_steps(file, &result->findings[0]);
	fprintf(file, _("No verdict: %s.\n"), result->reason);
	if (result->diverged > 0)
		fprintf(file,
			_("If the programs have changed since the schedule was saved, search again "
			  "with --save.\n"));
}

void check_print(FILE *file, const struct search_result *result)
{
	char why[512], extent[512];

	switch (check_judge(result, why)) {
	case COMMAND_OK:
		fprintf(file, _("Nothing found in %s.\n"), check_extent(result, extent));
		break;
	case COMMAND_FAILED:
		for (size_t i = 0; i < result->finding_count; i++)
			if (result->findings[i].is_reproduced)
				print_finding(file, &result->findings[i]);
		fprintf(file, _("Searched %s.\n"), check_extent(result, extent));
		break;
	default: fprintf(file, _("No verdict: %s.\n"), why); break;
	}
	if (result->shares_otherwise)
		fprintf(file,
			_("Races were not looked for: a program shares memory in a way that cannot be "
			  "observed here.\n"));
	if (result->diverged > 0)
		fprintf(file,
			_("%" PRIu64 " of %" PRIu64 " runs did not go as before, although the "
			  "decisions were the same: %s.\n"),
			result->diverged, result->runs, result->reason);
}
