/*
 * lesson_run.c - vitrine lesson: starts the programs of a lesson, prints the instructions, reports
 * when the channel shows that a step was done, and ends everything together. The lessons themselves
 * are in lesson_table.c.
 *
 *     vitrine lesson 2
 */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "executable.h"
#include "lesson_run.h"
#include "single_instance.h"
#include "text.h"
#include "translate.h"
#include "xray_window.h"

enum { KEY_UNATTENDED = 0x3000, KEY_LECTURE, KEY_RECORD };
enum { COMMAND_WORDS = 24, COMMAND_PROGRAMS = 4 };

#define OVERVIEW "README.md" /* the page that lists the others */

struct arguments {
	struct common_options common;
	const struct lesson *lesson; /* NULL: list them */
	bool unattended;
	bool lecture;
	const char *record; /* NULL: no recording */
};

static const struct argp_option table[] = {
	{"unattended", KEY_UNATTENDED, NULL, 0,
		N_("Play the lesson without user input, and exit when everything has been shown"),
		0},
	{"lecture", KEY_LECTURE, NULL, 0,
		N_("Open the lesson's windows in lecture mode: large text and numbers, few "
		   "words"),
		0},
	{"record", KEY_RECORD, "FILE", 0,
		N_("Record the run of the lesson's windows to FILE, for vitrine play"), 0},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end;
	unsigned long number;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_UNATTENDED: arguments->unattended = true; break;
	case KEY_LECTURE: arguments->lecture = true; break;
	case KEY_RECORD: arguments->record = text; break;
	case ARGP_KEY_ARG:
		number = strtoul(text, &end, 10);
		if (state->arg_num > 0 || *end != '\0' || number < 1 || number > lessons_count)
			argp_error(state,
				_("%s: give one number from 1 to %zu; without a number it lists the "
				  "lessons"),
				text, lessons_count);
		else
			arguments->lesson = &lessons[number - 1];
		break;
	case ARGP_KEY_END:
		if (arguments->record != NULL && arguments->lesson != NULL &&
			arguments->lesson->windows[0].program == NULL)
			argp_error(state,
				_("--record: lesson %zu does not open the windows of a channel, so there "
				  "is nothing to record"),
				(size_t)(arguments->lesson - lessons) + 1);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_own_key_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[NUMBER]",
	.doc = N_("Starts a lesson with a key of its own: opens its windows side by side, or "
		  "runs its programs in turn, and prints the instructions and the path of "
		  "its page. When a window is closed, the lesson ends and leaves nothing "
		  "behind. Without a number, the lessons are listed.\vExit status: 0 the "
		  "lesson was played, 1 it could not be played, 2 wrong usage.\n"),
	.children = children,
};

/*
 * Finds the folder of a page: in `language` if there is a translation (among the installed pages
 * and in the build), otherwise in English.
 */
static const char *page_folder(char folder[PATH_MAX], const char *language, const char *page)
{
	static const char *const places[] = {
		VITRINE_LESSONS, "pages/docs/lessons", "../../docs/lessons"};
	char name[PATH_MAX], found[PATH_MAX];

	snprintf(name, sizeof(name), "%s/%s", language, page);
	if (executable_find_file(found, places, 3, name)) {
		found[strlen(found) - strlen(page)] = '\0';
		if (realpath(found, folder) != NULL)
			return folder;
	}
	return *language != '\0' ? page_folder(folder, "", page) : strcpy(folder, "docs/lessons");
}

static void tell_programs(void)
{
	static const char *const places[] = {"lessons", VITRINE_MODULES "/lessons"};
	char found[PATH_MAX], programs[PATH_MAX], sources[PATH_MAX], page[PATH_MAX];

	if (!executable_find_file(found, places, 2, "") || realpath(found, programs) == NULL)
		return;
	if (snprintf(found, sizeof(found), "%s/../../examples/lessons",
		    page_folder(page, "", OVERVIEW)) >= (int)sizeof(found) ||
		realpath(found, sources) == NULL)
		return;
	printf(_("\nTheir programs: export PATH=%s:$PATH\nTheir sources are in %s\n"), programs,
		sources);
}

static void list_lessons(void)
{
	char folder[PATH_MAX], language[TRANSLATE_LANGUAGE_MAX];

	for (size_t i = 0; i < lessons_count; i++)
		printf("vitrine lesson %zu   %s\n", i + 1, gettext(lessons[i].title));
	tell_programs();
	printf(_("\nTheir pages are in %s\n"),
		page_folder(folder, translate_language(language), OVERVIEW));
}

static size_t number_of(const struct lesson *lesson)
{
	return (size_t)(lesson - lessons) + 1;
}

/* ---- the lesson's own key -------------------------------------------------------------------- */

/* Each user of a machine has different keys, because a class may share one machine. */
static void own_key(struct common_options *common, const struct lesson *lesson, char text[64])
{
	const struct passwd *user = getpwuid(getuid());

	if (user != NULL)
		snprintf(text, 64, "lesson-%zu-%.40s", number_of(lesson), user->pw_name);
	else
		snprintf(text, 64, "lesson-%zu-%u", number_of(lesson), (unsigned)getuid());
	if (common->key == NULL)
		common->key = text;
}

/* Opens the channel as an inspector. NULL: VITRINE_ENONE, or *error, which has been printed. */
static struct vitrine_channel *inspect(struct lesson_run *run, int *error)
{
	struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &run->tool.key};
	struct vitrine_channel *channel;

	*error = vitrine_open(&channel, &options);
	if (*error == VITRINE_OK)
		return channel;
	if (*error != VITRINE_ENONE)
		log_error(&run->tool.log, vitrine_message(channel), _("give another --key"));
	vitrine_close(channel);
	return NULL;
}

static bool says_who_is_there(const struct lesson_run *run, const struct vitrine_snapshot *now)
{
	char what[512], producers[48], consumers[48], mirrors[48];

	snprintf(producers, sizeof(producers),
		ngettext("%d producer", "%d producers", (unsigned long)now->producers.value),
		now->producers.value);
	snprintf(consumers, sizeof(consumers),
		ngettext("%d consumer", "%d consumers", (unsigned long)now->consumers.value),
		now->consumers.value);
	snprintf(mirrors, sizeof(mirrors),
		ngettext("%d mirror", "%d mirrors", (unsigned long)now->mirrors.value),
		now->mirrors.value);
	if (now->producers.value + now->consumers.value + now->mirrors.value > 0)
		snprintf(what, sizeof(what), _("key %.255s is in use: %s, %s, %s"),
			run->tool.key.text, producers, consumers, mirrors);
	else
		snprintf(what, sizeof(what),
			ngettext("key %.255s is in use: %d image waits there for a consumer",
				"key %.255s is in use: %d images wait there for a consumer",
				(unsigned long)now->full.value),
			run->tool.key.text, now->full.value);
	log_error(&run->tool.log, what,
		_("this lesson may already be running: close its windows, or give "
		  "another --key"));
	return false;
}

/*
 * If two lessons start at the same moment, neither finds a channel; only one of them gets the key.
 */
static bool is_alone(struct lesson_run *run)
{
	char what[512];

	run->sole = single_instance_claim("lesson", &run->tool.key);
	if (run->sole != -EADDRINUSE)
		return true;
	snprintf(what, sizeof(what), _("key %.255s is in use"), run->tool.key.text);
	log_error(&run->tool.log, what,
		_("a lesson with this key is already running: close its windows, or "
		  "give another --key"));
	return false;
}

/* True if there is no channel under the key; otherwise prints who has one. */
static bool key_is_free(struct lesson_run *run)
{
	struct vitrine_snapshot now;
	int error;
	struct vitrine_channel *channel = inspect(run, &error);
	bool is_free = error == VITRINE_ENONE;

	if (channel != NULL && vitrine_inspect(channel, &now) == VITRINE_OK)
		is_free = says_who_is_there(run, &now);
	vitrine_close(channel);
	return is_free;
}

/* ---- the programs ---------------------------------------------------------------------------- */

/* Finds a program of a command line by its name; false: reported. */
static bool find_program(const struct lesson_run *run, char **word, char path[PATH_MAX])
{
	static const char *const places[] = {
		"lessons", VITRINE_MODULES "/lessons", "", VITRINE_MODULES};

	if (!executable_find_file(path, places, 4, *word)) {
		log_error(&run->tool.log, *word, _("is neither built nor installed"));
		return false;
	}
	*word = path;
	return true;
}

/*
 * Cuts a command line at its spaces, and finds its programs: the first word, and those after "--".
 */
static bool cut_command(const struct lesson_run *run, char *text, char *argv[COMMAND_WORDS],
	char paths[COMMAND_PROGRAMS][PATH_MAX])
{
	size_t count = 0, programs = 0;
	char *rest = NULL;

	for (char *word = strtok_r(text, " ", &rest); word != NULL && count + 2 < COMMAND_WORDS;
		word = strtok_r(NULL, " ", &rest)) {
		bool is_program = count == 0 || strcmp(argv[count - 1], "--") == 0;

		argv[count] = word;
		if (is_program && programs < COMMAND_PROGRAMS &&
			!find_program(run, &argv[count], paths[programs++]))
			return false;
		count++;
	}
	if (run->unattended)
		argv[count] = (char *)(uintptr_t)run->lesson->quick;
	return true;
}

/* True if the command opens a window: only attended, because otherwise nobody would close it. */
static bool opens_window(const struct lesson_run *run, const struct lesson_command *command)
{
	return command->window != NULL && !run->unattended && xray_can_open_window();
}

/* Runs a command to its end; true if its exit status is the expected one. */
static bool run_command(struct lesson_run *run, const struct lesson_command *command)
{
	bool has_window = opens_window(run, command);
	char text[256], paths[COMMAND_PROGRAMS][PATH_MAX];
	char *argv[COMMAND_WORDS] = {0};
	struct processes processes = {
		.tool = &run->tool, .status = has_window ? 0 : command->status};

	if (has_window)
		snprintf(text, sizeof(text), "vitrine xray %s%s", run->lecture ? "--lecture " : "",
			command->window);
	else
		snprintf(text, sizeof(text), "%s", command->text);
	printf("\n$ %s\n", text);
	fflush(stdout);
	if (!cut_command(run, text, argv, paths) || !processes_start(&processes, argv, true))
		return false;
	while (processes_look(&processes) != PROCESSES_ENDED &&
		tool_sleep(&run->tool, LESSON_LOOK_NS))
		continue;
	processes_end(&processes);
	return (command->varies || !processes.failed) && !tool_interrupted(&run->tool);
}

/* True to go on; on a terminal, waits for the reader's Enter. */
static bool goes_on(const struct lesson_run *run)
{
	char line[64];

	if (run->unattended || isatty(STDIN_FILENO) == 0)
		return !tool_interrupted(&run->tool);
	fputs(_("\nPress Enter to go on "), stdout);
	fflush(stdout);
	return tool_ready(&run->tool, STDIN_FILENO, POLLIN) &&
	       fgets(line, sizeof(line), stdin) != NULL;
}

static bool run_commands(struct lesson_run *run)
{
	const struct lesson_command *commands = run->lesson->commands;

	for (size_t i = 0; i < LESSONS_COMMANDS && commands[i].text != NULL; i++) {
		bool is_last = i + 1 == LESSONS_COMMANDS || commands[i + 1].text == NULL;

		if (!run_command(run, &commands[i]))
			return false;
		if ((!is_last || lesson_windows(run) > 0) && !goes_on(run))
			return false;
	}
	return true;
}

static bool play_lesson(struct lesson_run *run)
{
	const struct lesson *lesson = run->lesson;
	char folder[PATH_MAX], language[TRANSLATE_LANGUAGE_MAX];

	if (!key_is_free(run) || !is_alone(run))
		return false;
	printf(_("Lesson %zu. %s.\nIts page is %s/%s\n"), number_of(lesson), gettext(lesson->title),
		page_folder(folder, translate_language(language), lesson->page), lesson->page);
	return run_commands(run) && (lesson_windows(run) == 0 || lesson_run_windows(run));
}

int command_lesson(int argc, char **argv)
{
	struct arguments arguments = {0};
	static struct lesson_run run; /* large */
	char key[64];
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	if (arguments.lesson == NULL) {
		list_lessons();
		return COMMAND_OK;
	}
	own_key(&arguments.common, arguments.lesson, key);
	run.processes.tool = &run.tool;
	run.sole = -1;
	run.lesson = arguments.lesson;
	run.unattended = arguments.unattended;
	run.lecture = arguments.lecture;
	run.record = arguments.record;
	run.verbose = arguments.common.verbose;
	rc = tool_start(&run.tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK)
		rc = play_lesson(&run) ? COMMAND_OK : COMMAND_FAILED;
	if (run.sole >= 0)
		close(run.sole);
	tool_end(&run.tool);
	return rc;
}
