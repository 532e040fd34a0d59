/* report_json.c - prints the result of vitrine check for programs: JSON and JUnit. See check.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "command.h"
#include "json.h"

static void add_step(void *data, unsigned number, const struct check_step *step)
{
	struct json *json = data;

	(void)number;
	json_object(json, NULL);
	json_u64(json, "actor", step->actor);
	json_string(json, "program", step->name);
	json_string(json, "does", step->what);
	json_string(json, "result", step->result[0] != '\0' ? step->result : NULL);
	json_string(json, "place", step->place[0] != '\0' ? step->place : NULL);
	json_end_object(json);
}

static void add_finding(struct json *json, const struct finding *finding)
{
	char *text = finding->text != NULL ? strdup(finding->text) : NULL;
	const char *sentence;

	json_object(json, NULL);
	json_string(json, "kind", check_word(finding->fault.kind));
	json_bool(json, "after_kill", finding->was_killed);
	json_bool(json, "reproduced", finding->is_reproduced);
	json_u64(json, "length", finding->count);
	json_array(json, "steps");
	sentence = check_steps(text, add_step, json);
	json_end_array(json);
	json_string(json, "sentence", sentence);
	json_end_object(json);
	free(text);
}

static const char *verdict_of(int status)
{
	return status == COMMAND_OK ? "passed" : status == COMMAND_FAILED ? "found" : "unjudged";
}

void check_print_json(FILE *file, const struct search_result *result)
{
	struct json json = {.file = file};
	char why[512], extent[512];
	int status = check_judge(result, why);

	json_object(&json, NULL);
	json_string(&json, "verdict", verdict_of(status));
	json_string(&json, "reason", why[0] != '\0' ? why : NULL);
	json_string(&json, "searched", check_extent(result, extent));
	json_bool(&json, "all", result->extent <= EXTENT_EQUIVALENT);
	if (result->preemptions == UINT32_MAX)
		json_null(&json, "preemptions");
	else
		json_u64(&json, "preemptions", result->preemptions);
	json_u64(&json, "runs", result->runs);
	json_u64(&json, "random_runs", result->random_runs);
	json_u64(&json, "diverged", result->diverged);
	json_bool(&json, "shares_otherwise", result->shares_otherwise);
	json_real(&json, "seconds", (double)result->took_ns / 1e9);
	json_array(&json, "findings");
	for (size_t i = 0; i < result->finding_count; i++)
		add_finding(&json, &result->findings[i]);
	json_end_array(&json);
	json_end_object(&json);
	fputc('\n', file);
}

/* ---- JUnit ---------------------------------------------------------------------------------- */

static void write_escaped(FILE *file, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<': fputs("&lt;", file); break;
		case '>': fputs("&gt;", file); break;
		case '&': fputs("&amp;", file); break;
		case '"': fputs("&quot;", file); break;
		default:
			/* XML 1.0 allows no other control characters. */
			fputc((unsigned char)*text < ' ' && *text != '\n' ? '?' : *text, file);
		}
	}
}

static void write_step(void *data, unsigned number, const struct check_step *step)
{
	FILE *file = data;

	fprintf(file, "%u. P%u ", number, step->actor);
	write_escaped(file, step->name);
	fputs(": ", file);
	write_escaped(file, step->what);
	fprintf(file, " %s\n", step->place);
}

static void write_failure(FILE *file, const struct finding *finding)
{
	char *text = finding->text != NULL ? strdup(finding->text) : NULL;
	const char *sentence;

	fprintf(file, "    <failure type=\"%s\" message=\"", check_word(finding->fault.kind));
	write_escaped(file, check_title(finding->fault.kind));
	fputs(finding->was_killed ? " after kill -9\">" : "\">", file);
	sentence = check_steps(text, write_step, file);
	write_escaped(file, sentence);
	fputs("</failure>\n", file);
	free(text);
}

void check_print_junit(FILE *file, const struct search_result *result,
	const struct execution_options *programs)
{
	char why[512], extent[512];
	int status = check_judge(result, why);

	fprintf(file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuite name=\"vitrine check\" tests=\"1\" failures=\"%d\" errors=\"%d\" "
		"time=\"%.3f\">\n  <testcase classname=\"vitrine.check\" name=\"",
		status == COMMAND_FAILED, status == CHECK_UNJUDGED, (double)result->took_ns / 1e9);
	for (size_t i = 0; i < programs->program_count; i++) {
		fputs(i > 0 ? " and " : "", file);
		write_escaped(file, programs->programs[i].argv[0]);
	}
	fprintf(file, "\" time=\"%.3f\">\n", (double)result->took_ns / 1e9);
	if (status == COMMAND_FAILED)
		for (size_t i = 0; i < result->finding_count; i++)
			if (result->findings[i].is_reproduced)
				write_failure(file, &result->findings[i]);
	if (status == CHECK_UNJUDGED) {
		fputs("    <error message=\"", file);
		write_escaped(file, why);
		fputs("\"/>\n", file);
	}
	fputs("    <system-out>", file);
	write_escaped(file, check_extent(result, extent));
	fputs("</system-out>\n  </testcase>\n</testsuite>\n", file);
}
