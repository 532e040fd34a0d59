/*
 * check.c - vitrine check: runs programs again and again under every schedule, and shows the
 * shortest schedule that leads to a fault.
 *
 *	vitrine check -- ./producer -- ./consumer
 *	vitrine check --kill --names mutex:1,empty,full -- ./producer -- ./consumer
 *	vitrine check --replay schedule -- ./producer -- ./consumer
 */
#include "check.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "control/launch.h"
#include "readfile.h"
#include "search/schedule_file.h"
#include "text.h"
#include "translate.h"
#include "xray_command.h"
#include "xray_window.h"

enum {
	KEY_KILL = 0x3000,
	KEY_RACES,
	KEY_TIME,
	KEY_PREEMPTIONS,
	KEY_SHORTER,
	KEY_JOBS,
	KEY_STEPS,
	KEY_EXPECT,
	KEY_NAMES,
	KEY_ENUM,
	KEY_LEFTOVERS,
	KEY_STATUS,
	KEY_SAVE,
	KEY_REPLAY,
	KEY_WINDOW,
	KEY_JSON,
	KEY_JUNIT,
};

#define TIME_NS      INT64_C(10000000000)
#define SHORTEN_NS   INT64_C(2000000000)
#define PREEMPTIONS  2
#define STEPS        1000
#define EXPECT_BYTES (1 << 20)

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, N_("Search:"), 1},
	{"kill", KEY_KILL, NULL, 0,
		N_("Also try one kill -9 per run: of each process, at each step, with and "
		   "without restarting it"),
		1},
	{"races", KEY_RACES, NULL, 0,
		N_("Also look for races between accesses to segments, and for lost updates; "
		   "the search is then slower"),
		1},
	{"time", KEY_TIME, "SECONDS", 0,
		N_("Search for at most this long, in seconds. Default: 10"), 1},
	{"preemptions", KEY_PREEMPTIONS, "N", 0,
		N_("Search only schedules with at most N preemptions. Default: all, first "
		   "those with 0, 1 and 2"),
		1},
	{"shorter-than", KEY_SHORTER, "N", 0,
		N_("Search only schedules of fewer than N steps, the shortest first"), 1},
	{"steps", KEY_STEPS, "N", 0,
		N_("Treat a run of more than N steps as one that does not end. Default: 1000"), 1},
	{"jobs", KEY_JOBS, "N", 0, N_("Execute N runs in parallel. Default: one per processor"), 1},
	{NULL, 0, NULL, 0, N_("Faults:"), 2},
	{"expect", KEY_EXPECT, "FILE", 0,
		N_("Expect the output in FILE from the programs: all output of the first, "
		   "then all output of the second, and so on"),
		2},
	{"names", KEY_NAMES, "LIST", 0,
		N_("Name the semaphores, each with an optional bound: mutex:1,empty,full"), 2},
	{"enum", KEY_ENUM, "FILE", 0,
		N_("Take the names of the semaphores from FILE, a C file: from the first enum "
		   "that starts at 0 and has at least two names"),
		2},
	{"leftovers", KEY_LEFTOVERS, NULL, 0,
		N_("Do not report objects that still exist when all programs have ended"), 2},
	{"any-status", KEY_STATUS, NULL, 0, N_("Do not report an exit status other than 0"), 2},
	{NULL, 0, NULL, 0, N_("Running the programs:"), 3},
	{NULL, 0, NULL, 0, N_("Results:"), 4},
	{"save", KEY_SAVE, "FILE", 0, N_("Save the schedule of the first fault to FILE"), 4},
	{"replay", KEY_REPLAY, "FILE", 0,
		N_("Do not search; follow the schedule in FILE, and show it"), 4},
	{"window", KEY_WINDOW, NULL, 0,
		N_("With --replay: show the schedule step by step, forward and back, in the "
		   "window of `vitrine xray`"),
		4},
	{"json", KEY_JSON, NULL, 0, N_("Print the result as one JSON object"), 4},
	{"junit", KEY_JUNIT, NULL, 0, N_("Print the result as JUnit XML"), 4},
	{0},
};

struct arguments {
	struct common_options common;
	struct check *check;
};

/* Parses "mutex:1,empty,full": extracts the bounds, and leaves the names. */
static void parse_names(struct check *check, const char *text, struct argp_state *state)
{
	struct execution_options *options = &check->search.execution;
	char list[1024], reason[256], *rest = NULL;
	size_t length = 0;
	char *copy = strdup(text);

	list[0] = '\0';
	for (char *word = copy != NULL ? strtok_r(copy, ",", &rest) : NULL; word != NULL;
		word = strtok_r(NULL, ",", &rest)) {
		char *colon = strchr(word, ':');

		if (colon != NULL)
			*colon = '\0';
		if (colon != NULL && options->bound_count < EXECUTION_BOUNDS) {
			struct execution_bound *bound = &options->bounds[options->bound_count++];

			snprintf(bound->name, sizeof(bound->name), "%s", word);
			bound->most = run_options_number("names", colon + 1, 32767, state);
		}
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
			length > 0 ? "," : "", word);
		if (length >= sizeof(list))
			argp_error(state, _("--names: the list is too long"));
	}
	free(copy);
	snprintf(check->names_list, sizeof(check->names_list), "%s", list);
	if (!sysv_names_parse(&check->names, list, reason))
		argp_error(state, "--names %s: %s", text, reason);
}

static void read_expected(struct check *check, const char *path, struct argp_state *state)
{
	struct execution_options *options = &check->search.execution;
	char *text;
	int rc = readfile(path, EXPECT_BYTES, &text, &options->expected_bytes);

	if (rc < 0)
		argp_error(state, "--expect %s: %s", path,
			rc == -EFBIG ? _("more than 1 MiB") : strerror(-rc));
	options->expected = text;
}

static void parse_seconds(const char *text, int64_t *ns, struct argp_state *state)
{
	if (!tool_seconds(text, ns) || *ns < 1000000)
		argp_error(state, _("--time %s: give seconds, such as 10"), text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct check *check = arguments->check;
	struct search_options *search = &check->search;
	char reason[256];

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &check->run;
		break;
	case KEY_KILL: search->kills = true; break;
	case KEY_RACES: search->execution.watches = true; break;
	case KEY_TIME: parse_seconds(text, &search->time_ns, state); break;
	case KEY_PREEMPTIONS:
		search->preemptions = run_options_number("preemptions", text, 1000, state);
		search->bounded_only = true;
		break;
	case KEY_STEPS:
		search->steps = run_options_number("steps", text, DECISIONS_MAX, state);
		break;
	case KEY_SHORTER:
		search->shorter_than =
			run_options_number("shorter-than", text, DECISIONS_MAX, state);
		break;
	case KEY_JOBS: search->workers = run_options_number("jobs", text, 64, state); break;
	case KEY_EXPECT: read_expected(check, text, state); break;
	case KEY_NAMES: parse_names(check, text, state); break;
	case KEY_ENUM:
		check->enum_file = text;
		if (!sysv_names_from_file(&check->names, text, reason))
			argp_error(state, "--enum %s: %s", text, reason);
		break;
	case KEY_LEFTOVERS: search->execution.allows_leftovers = true; break;
	case KEY_STATUS: search->execution.allows_failure = true; break;
	case KEY_SAVE: check->save = text; break;
	case KEY_REPLAY: check->replay = text; break;
	case KEY_WINDOW: check->is_window = true; break;
	case KEY_JSON: check->is_json = true; break;
	case KEY_JUNIT: check->is_junit = true; break;
	case ARGP_KEY_ARG:
		argp_error(state, _("%s: write -- before each program: vitrine check -- %s"), text,
			text);
		break;
	case ARGP_KEY_END:
		if (search->execution.program_count == 0)
			argp_error(state, _("no program: vitrine check -- PROGRAM ARGS…"));
		else if (check->is_window && check->replay == NULL)
			argp_error(state, _("--window requires --replay FILE"));
		else if (search->kills && search->execution.watches)
			argp_error(state, _("--races and --kill cannot be combined; run it twice"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	{&options_more_argp, 0, NULL, 0}, {&run_options_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "-- PROGRAM [ARG]... [-- PROGRAM [ARG]...]...",
	.doc = N_("Runs programs that use System V semaphores, segments and queues under "
		  "every schedule, one run after another: it stops each process at each call "
		  "and decides which one continues. It reports what goes wrong, with the "
		  "shortest schedule found that leads to the fault, and the source line of "
		  "each step: deadlocks, endless sleeps, failed calls, wrong exit statuses "
		  "and output, busy waiting, objects left behind; with --kill, processes "
		  "that cannot continue after another one is killed with kill -9; with "
		  "--races, unordered accesses to a segment.\vExit status: 0 no fault found, "
		  "1 fault found, 2 wrong usage, 3 no verdict (the reason is printed).\n"),
	.children = children,
};

/* ---- names ---------------------------------------------------------------------------------- */

static void name_semaphore(void *data, int set, unsigned semaphore, char *text, size_t size)
{
	struct check *check = data;
	struct sysv_set status;
	uint32_t count = sysv_set_stat(set, &status) == 0 ? status.count : 0;
	char name[64];

	if (check->names.count == 0)
		snprintf(name, sizeof(name), _("semaphore %u"), semaphore);
	else
		sysv_names_get(&check->names, set, count, semaphore, name, sizeof(name));
	text_printable(text, size, name);
}

/* ---- beginning ------------------------------------------------------------------------------ */

/*
 * Checks before the search whether each program can be controlled at all: if not, it is wrong
 * usage.
 */
static int judge_programs(struct check *check)
{
	const struct execution_options *options = &check->search.execution;

	for (size_t i = 0; i < options->program_count; i++) {
		const char *name = options->programs[i].argv[0];
		char path[4096], reason[TRACER_REASON_MAX], shown[512];

		if (!launch_find(name, path, reason)) {
			log_error(&check->tool.log, text_printable(shown, sizeof(shown), name),
				reason);
			return COMMAND_USAGE;
		}
	}
	return COMMAND_OK;
}

static int load_and_replay(struct check *check, struct search_result *result)
{
	static struct decision decisions[DECISIONS_MAX];
	static uint32_t identities[DECISIONS_MAX];
	char reason[256];
	uint32_t count;
	bool watches;
	int error = schedule_load(check->replay, decisions, identities, &count, &watches, reason);

	if (error != 0) {
		log_error(&check->tool.log, check->replay, error > 0 ? strerror(error) : reason);
		return COMMAND_USAGE;
	}
	check->search.execution.watches |= watches;
	search_replay(result, &check->search, decisions, identities, count);
	return COMMAND_OK;
}

/* Shows the schedule in the window of `vitrine xray`. Returns only on failure. */
static int show_in_window(struct check *check, int argc)
{
	const struct execution_options *options = &check->search.execution;
	char replay[] = "--replay", names[] = "--names", enum_option[] = "--enum", dashes[] = "--";
	char **all = calloc((size_t)argc + 8 + RUN_OPTIONS, sizeof(*all));
	int used = 1; /* the first is the program */

	if (all == NULL || !run_options_hand_on(&check->run, all, &used)) {
		log_error(&check->tool.log, "--window", strerror(ENOMEM));
		return CHECK_UNJUDGED;
	}
	all[used++] = replay;
	all[used++] = check->replay;
	if (check->names_list[0] != '\0') {
		all[used++] = names;
		all[used++] = check->names_list;
	} else if (check->enum_file != NULL) {
		all[used++] = enum_option;
		all[used++] = check->enum_file;
	}
	for (size_t i = 0; i < options->program_count; i++) {
		all[used++] = dashes;
		for (char *const *word = options->programs[i].argv; *word != NULL; word++)
			all[used++] = *word;
	}
	xray_become_window(&check->tool.log, all);
	free(all);
	return CHECK_UNJUDGED;
}

/* The exit status of a replay: whether the fault is still found. */
static int judge_replay(const struct search_result *result)
{
	if (result->finding_count == 0 || result->reason[0] != '\0')
		return CHECK_UNJUDGED;
	return result->findings[0].fault.kind == FAULT_NONE ? COMMAND_OK : COMMAND_FAILED;
}

static int save(struct check *check, const struct search_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		int error;

		if (!result->findings[i].is_reproduced)
			continue;
		error = schedule_save(check->save, check_title(result->findings[i].fault.kind),
			&result->findings[i], &check->search.execution);
		if (error != 0)
			log_error(&check->tool.log, check->save, strerror(error));
		else if (!check->is_json && !check->is_junit)
			printf(_("The schedule is in %s. The same command with --window --replay "
				 "%s in place of --save shows it step by step.\n"),
				check->save, check->save);
		return error;
	}
	return 0;
}

static int check(struct check *check)
{
	static struct search_result result;
	char why[512];
	int rc = COMMAND_OK;

	if (check->replay != NULL)
		rc = load_and_replay(check, &result);
	else
		search_run(&result, &check->search);
	if (rc == COMMAND_OK) {
		if (check->is_json)
			check_print_json(stdout, &result);
		else if (check->is_junit)
			check_print_junit(stdout, &result, &check->search.execution);
		else if (check->replay != NULL)
			check_print_replay(stdout, &result);
		else
			check_print(stdout, &result);
		rc = check->replay != NULL ? judge_replay(&result) : check_judge(&result, why);
		if (check->save != NULL && save(check, &result) != 0)
			rc = CHECK_UNJUDGED;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error(&check->tool.log, _("standard output"), strerror(errno));
		rc = CHECK_UNJUDGED;
	}
	search_end(&result);
	return rc;
}

int command_check(int argc, char **argv)
{
	static struct check own = {
		.search = {.time_ns = TIME_NS,
			.preemptions = PREEMPTIONS,
			.steps = STEPS,
			.shorten_ns = SHORTEN_NS},
		.run.execution = &own.search.execution,
	};
	struct arguments arguments = {.check = &own};
	struct execution_options *execution = &own.search.execution;
	char reason[TRACER_REASON_MAX];
	int words = launch_split(argc, argv, execution->programs, EXECUTION_PROGRAMS,
		&execution->program_count, reason);
	int rc;

	options_parse(&argp, words > 0 ? words : 1, argv, &arguments);
	if (own.is_json || own.is_junit)
		translate_stop();
	tracer_block_signals();
	rc = tool_start(&own.tool, argv[0], NULL);
	own.search.seed = execution->seed;
	execution->name = name_semaphore;
	execution->name_data = &own;
	own.search.interrupt = own.tool.woken;
	if (rc == COMMAND_OK && words == 0) {
		log_error(&own.tool.log, "--", reason);
		rc = COMMAND_USAGE;
	}
	if (rc == COMMAND_OK)
		rc = judge_programs(&own);
	if (rc == COMMAND_OK && own.is_window)
		rc = show_in_window(&own, argc);
	else if (rc == COMMAND_OK)
		rc = check(&own);
	tool_end(&own.tool);
	return rc;
}
