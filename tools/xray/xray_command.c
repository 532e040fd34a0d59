/*
 * xray_command.c - vitrine xray: shows the System V objects of any program, and runs programs under
 * control.
 *
 *     vitrine xray
 *     vitrine xray --sem 0x1234 --names mutex,empty,full
 *     vitrine xray -- ./producer -- ./consumer
 */
#include "xray_command.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "executable.h"
#include "search/run_options.h"
#include "translate.h"
#include "written.h"
#include "xray_window.h"

enum {
	KEY_TEXT = 0x3000,
	KEY_WINDOW,
	KEY_JSON,
	KEY_WATCH,
	KEY_RUN,
};

#define RUN_NS INT64_C(60000000000)

static const struct argp_option table[] = {
	{"watch", KEY_WATCH, "SECONDS", OPTION_ARG_OPTIONAL, N_("Repeat every SECONDS. Default: 1"),
		1},
	{"text", KEY_TEXT, NULL, 0,
		N_("Write to standard output. This is the default unless standard output is a "
		   "terminal and there is a display"),
		1},
	{"window", KEY_WINDOW, NULL, 0,
		N_("Open a window. This is the default if standard output is a terminal and "
		   "there is a display"),
		1},
	{"json", KEY_JSON, NULL, 0, N_("Print one JSON object each time the state is read"), 1},
	{"run", KEY_RUN, "SECONDS", OPTION_ARG_OPTIONAL,
		N_("With programs: run them, reading no commands, until each has ended or "
		   "sleeps for ever, for at most SECONDS. Default: 60"),
		1},
	{NULL, 0, NULL, 0, N_("Running the programs:"), 3},
	{0},
};

static void parse_seconds(const char *text, int64_t otherwise, int64_t *ns,
	struct argp_state *state)
{
	*ns = otherwise;
	if (text != NULL && (!tool_seconds(text, ns) || *ns < 1000000))
		argp_error(state, _("%s: give seconds, such as 0.5"), text);
}

/* True if the options request text instead of a window. */
static bool writes(const struct xray_session *xray)
{
	return xray->is_text || xray->is_json || xray->runs || xray->repeat_ns > 0;
}

struct arguments {
	struct common_options common;
	struct xray_session *xray;
	struct run_options run;
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct xray_session *xray = arguments->xray;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &xray->scope;
		state->child_inputs[2] = &arguments->common;
		state->child_inputs[3] = &arguments->run;
		break;
	case KEY_TEXT: xray->is_text = true; break;
	case KEY_WINDOW: xray->is_window = true; break;
	case KEY_JSON: xray->is_json = true; break;
	case KEY_WATCH: parse_seconds(text, INT64_C(1000000000), &xray->repeat_ns, state); break;
	case KEY_RUN:
		xray->runs = true;
		parse_seconds(text, RUN_NS, &xray->run_ns, state);
		break;
	case ARGP_KEY_END:
		if (xray->runs && xray->scope.program_count == 0)
			argp_error(state, _("--run needs programs: -- PROGRAM ARGS…"));
		if (xray->is_window && writes(xray))
			argp_error(state, _("--window cannot be combined with --text, --json, "
					    "--watch or --run"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0},
	{&scope_argp, 0, NULL, 0}, {&options_place_argp, 0, NULL, 0},
	{&run_options_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[-- PROGRAM [ARG]... [-- PROGRAM [ARG]...]...]",
	.doc = N_("Shows the System V objects of all users of this machine, and POSIX named "
		  "semaphores: their values, which process waits for what, and which "
		  "processes have a segment attached. It only reads. If programs are given, "
		  "it starts them under control and stops them at each System V call. It "
		  "shows at which source line each process waits, and for what; what the "
		  "kernel would undo; and whether there is a deadlock.\vCommands on standard "
		  "input control the programs (in the window, keys do): next [P2], run "
		  "[SECONDS], slow [MS], kill P1, back, restart, show, help, quit. Exit "
		  "status: 0 success, 1 failure, or --run found a deadlock, 2 wrong usage.\n"),
	.children = children,
};

/* ---- beginning ------------------------------------------------------------------------------ */

static int watch(struct xray_session *xray)
{
	int error;

	if (!sysv_proc_is_own())
		log_error(&xray->tool.log, "/proc",
			_("it shows another PID namespace, so no process can be shown: mount -t proc "
			  "proc /proc, or unshare --mount-proc"));
	do {
		error = snapshot_update(&xray->scope.snapshot);
		if (error != 0) {
			log_error(&xray->tool.log, "/proc/sysvipc",
				error == -ENOENT ? _("it does not exist: mount -t proc proc "
						     "/proc, or boot a kernel with "
						     "CONFIG_SYSVIPC=y")
						 : strerror(-error));
			return COMMAND_FAILED;
		}
		scope_find_channels(&xray->scope);
		if (xray->is_json)
			xray_print_json(stdout, xray);
		else
			xray_print(stdout, xray);
		if (fflush(stdout) != 0 || ferror(stdout)) {
			log_error(&xray->tool.log, _("standard output"), strerror(errno));
			return COMMAND_FAILED;
		}
	} while (xray->repeat_ns > 0 && tool_sleep(&xray->tool, xray->repeat_ns));
	return COMMAND_OK;
}

/* ---- the window ----------------------------------------------------------------------------- */

static bool wants_window(const struct xray_session *xray)
{
	if (xray->is_window || writes(xray))
		return xray->is_window;
	return xray_can_open_window();
}

bool xray_can_open_window(void)
{
	return isatty(STDOUT_FILENO) == 1 &&
	       (getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL);
}

int xray_become_window(const struct log *log, char **words)
{
	static const char *const places[] = {"", VITRINE_LIBEXEC};
	char program[PATH_MAX];

	if (executable_find_file(program, places, 2, "vitrine-xray")) {
		words[0] = program;
		execv(program, words);
		log_error(log, program, strerror(errno));
	} else {
		log_error(log, program, _("is missing: install all of Vitrine, or use --text"));
	}
	return COMMAND_FAILED;
}

int command_xray(int argc, char **argv)
{
	static struct xray_session xray;
	struct arguments arguments = {.xray = &xray, .run.execution = &xray.run};
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	char reason[TRACER_REASON_MAX];
	int own, rc;

	for (int i = 0; words != NULL && i < argc; i++)
		words[i] = argv[i];
	own = scope_split(&xray.scope, argc, argv, reason);
	options_parse(&argp, own > 0 ? own : 1, argv, &arguments);
	if (xray.is_json)
		translate_stop();
	tracer_block_signals();
	rc = tool_start(&xray.tool, argv[0],
		arguments.common.key != NULL ? &arguments.common : NULL);
	if (rc == COMMAND_OK && own == 0) {
		log_error(&xray.tool.log, "--", reason);
		rc = COMMAND_USAGE;
	}
	if (rc == COMMAND_OK && arguments.common.key != NULL)
		scope_choose_key(&xray.scope, xray.tool.key.value);
	if (rc == COMMAND_OK && snapshot_begin(&xray.scope.snapshot) != 0)
		rc = COMMAND_FAILED;
	if (rc == COMMAND_OK && wants_window(&xray) && words != NULL)
		rc = xray_become_window(&xray.tool.log, words);
	else if (rc == COMMAND_OK)
		rc = xray.scope.program_count > 0 ? xray_terminal(&xray) : watch(&xray);
	free(words);
	written_end(&xray);
	snapshot_end(&xray.scope.snapshot);
	tool_end(&xray.tool);
	return rc;
}
