/*
 * xray.c - vitrine xray: the System V objects of any program, and programs under control.
 *
 *	vitrine xray
 *	vitrine xray --sem 0x1234 --names mutex,empty,full
 *	vitrine xray -- ./producer -- ./consumer
 */
#include "xray.h"

#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "ipcs.h"
#include "text.h"

enum {
	KEY_TEXT = 0x3000,
	KEY_JSON,
	KEY_SEM,
	KEY_SHM,
	KEY_MSG,
	KEY_NAMES,
	KEY_ENUM,
	KEY_WATCH,
	KEY_RUN,
};

#define RUN_NS INT64_C(60000000000)

static const struct argp_option table[] = {
	{"sem", KEY_SEM, "ID|KEY", 0, "Only this semaphore set: its id, or its key (0x…)", 1},
	{"shm", KEY_SHM, "ID|KEY", 0, "Only this segment", 1},
	{"msg", KEY_MSG, "ID|KEY", 0, "Only this message queue", 1},
	{"names", KEY_NAMES, "LIST", 0,
		"What the semaphores are called: mutex,empty,full; sets of one semaphore take one "
		"name after the other",
		1},
	{"enum", KEY_ENUM, "FILE", 0, "The same, by the first enum of a C file that fits", 1},
	{"watch", KEY_WATCH, "SECONDS", OPTION_ARG_OPTIONAL,
		"Look again and again (every second, if none are given)", 1},
	{"json", KEY_JSON, NULL, 0, "One JSON object a look", 1},
	{"run", KEY_RUN, "SECONDS", OPTION_ARG_OPTIONAL,
		"With programs: let them run without commands, until they have ended or all sleep for "
		"good (60 seconds, if none are given)",
		1},
	{0},
};

/* Sets, segments and queues are chosen alike. */
static void choose(struct xray *xray, enum sysv_kind kind, const char *text,
	struct argp_state *state)
{
	struct watch *watch = &xray->watch;
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number > UINT32_MAX)
		argp_error(state,
			"%s: give an id as `ipcs` shows it, such as 3, or a key, such as 0x1234",
			text);
	else if (watch->choice_count == WATCH_CHOICES_MAX)
		argp_error(state, "more than %d objects; leave them out to see all",
			WATCH_CHOICES_MAX);
	else
		watch->choices[watch->choice_count++] = (struct watch_choice){
			kind, strncmp(text, "0x", 2) == 0, (int32_t)(uint32_t)number};
}

static void parse_seconds(const char *text, int64_t otherwise, int64_t *ns,
	struct argp_state *state)
{
	*ns = otherwise;
	if (text != NULL && (!tool_seconds(text, ns) || *ns < 1000000))
		argp_error(state, "%s: give seconds, such as 0.5", text);
}

struct arguments {
	struct common_options common;
	struct xray *xray;
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct xray *xray = arguments->xray;
	char reason[128];

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_JSON: xray->is_json = true; break;
	case KEY_SEM: choose(xray, SYSV_SETS, text, state); break;
	case KEY_SHM: choose(xray, SYSV_SEGMENTS, text, state); break;
	case KEY_MSG: choose(xray, SYSV_QUEUES, text, state); break;
	case KEY_NAMES:
		if (!sysv_names_parse(&xray->names, text, reason))
			argp_error(state, "--names %s: %s", text, reason);
		break;
	case KEY_ENUM:
		if (!sysv_names_from_file(&xray->names, text, reason))
			argp_error(state, "--enum %s: %s", text, reason);
		break;
	case KEY_WATCH: parse_seconds(text, INT64_C(1000000000), &xray->repeat_ns, state); break;
	case KEY_RUN:
		xray->runs = true;
		parse_seconds(text, RUN_NS, &xray->run_ns, state);
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "%s: write -- before a program that is to be started", text);
		break;
	case ARGP_KEY_END:
		if (xray->runs && xray->program_count == 0)
			argp_error(state, "--run needs programs: -- PROGRAM ARGS…");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[-- PROGRAM [ARG]... [-- PROGRAM [ARG]...]...]",
	.doc = "Shows the System V objects of this machine, whoever made them: values, who waits for what, "
	       "who has which segment attached; and POSIX named semaphores. It only reads. With programs, "
	       "it starts them under control and stops them at each System V call: next, run, kill, back; "
	       "and says which line waits for what, what the kernel would undo, and whether it is a "
	       "deadlock."
	       "\vCommands: next [P2], run [SECONDS], slow [MS], kill P1, back, restart, show, help, "
	       "quit. Exit status: 0 done, 1 something failed, or --run found a deadlock, 2 wrong "
	       "usage.\n",
	.children = children,
};

/* ---- names ---------------------------------------------------------------------------------- */

void xray_find_channels(struct xray *xray)
{
	struct ipcs_list list;

	xray->channel_count = 0;
	if (!ipcs_read(&list, "", IPCS_SEGMENTS))
		return;
	for (size_t i = 0; i < list.count && xray->channel_count < 64; i++) {
		int32_t set;

		if (ipcs_is_channel(&list.objects[i], &set))
			xray->channel_sets[xray->channel_count++] = set;
	}
	ipcs_free(&list);
}

static uint32_t size_of_set(const struct xray *xray, int id)
{
	const struct watch_set *seen = watch_find_set(&xray->watch, id);
	struct sysv_set set;

	if (seen != NULL && seen->error == 0)
		return seen->count;
	return sysv_set_stat(id, &set) == 0 ? set.count : 0;
}

void xray_name(void *data, int set, unsigned semaphore, char *text, size_t size)
{
	struct xray *xray = data;
	char name[64];

	for (size_t i = 0; i < xray->channel_count; i++) {
		if (xray->channel_sets[i] != set)
			continue;
		vitrine_semaphore_name(semaphore, name, sizeof(name));
		snprintf(text, size, "%s", name);
		return;
	}
	sysv_names_get(&xray->names, set, size_of_set(xray, set), semaphore, name, sizeof(name));
	text_printable(text, size, name);
}

/* ---- beginning ------------------------------------------------------------------------------ */

/* Cuts the command line at each "--": what follows are programs. Returns how many words are ours. */
static int split(struct xray *xray, int argc, char **argv)
{
	int own = argc;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		if (own == argc)
			own = i;
		argv[i] = NULL;
		if (xray->program_count < XRAY_PROGRAMS_MAX) /* argv[argc] is NULL */
			xray->programs[xray->program_count++].argv = &argv[i + 1];
	}
	return own;
}

/* false: one of the programs has no name. */
static bool have_names(const struct xray *xray)
{
	for (size_t i = 0; i < xray->program_count; i++)
		if (xray->programs[i].argv[0] == NULL)
			return false;
	return true;
}

/* --key: the set and the segment under it. */
static void choose_key(struct xray *xray)
{
	struct watch *watch = &xray->watch;

	for (enum sysv_kind kind = SYSV_SETS; kind <= SYSV_SEGMENTS; kind++)
		if (watch->choice_count < WATCH_CHOICES_MAX)
			watch->choices[watch->choice_count++] =
				(struct watch_choice){kind, true, xray->tool.key.value};
}

static int watch(struct xray *xray)
{
	int error;

	do {
		error = watch_look(&xray->watch);
		if (error != 0) {
			log_error(&xray->tool.log, "/proc/sysvipc", strerror(-error));
			return COMMAND_FAILED;
		}
		xray_find_channels(xray);
		if (xray->is_json)
			xray_print_json(stdout, xray);
		else
			xray_print(stdout, xray);
		if (fflush(stdout) != 0 || ferror(stdout)) {
			log_error(&xray->tool.log, "standard output", strerror(errno));
			return COMMAND_FAILED;
		}
	} while (xray->repeat_ns > 0 && tool_sleep(&xray->tool, xray->repeat_ns));
	return COMMAND_OK;
}

int command_xray(int argc, char **argv)
{
	static struct xray xray;
	struct arguments arguments = {.xray = &xray};
	int own = split(&xray, argc, argv), rc;
	sigset_t children_end;

	options_parse(&argp, own, argv, &arguments);
	/* Before any thread starts: the tracer waits for it. */
	sigemptyset(&children_end);
	sigaddset(&children_end, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &children_end, NULL);
	rc = tool_start(&xray.tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK && !have_names(&xray)) {
		log_error(&xray.tool.log, "--", "is followed by no program");
		rc = COMMAND_USAGE;
	}
	if (rc == COMMAND_OK && arguments.common.key != NULL)
		choose_key(&xray);
	if (rc == COMMAND_OK && watch_begin(&xray.watch) != 0)
		rc = COMMAND_FAILED;
	if (rc == COMMAND_OK)
		rc = xray.program_count > 0 ? xray_play(&xray) : watch(&xray);
	watch_end(&xray.watch);
	tool_end(&xray.tool);
	return rc;
}
