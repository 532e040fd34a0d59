/*
 * main.c - vitrine-xray: the window of `vitrine xray`, which starts it with the same arguments;
 * and, with --play as its first argument, that of `vitrine play`.
 *
 *	vitrine xray --names mutex,empty,full -- ./producer -- ./consumer
 *	vitrine play run.json
 */
#include <argp.h>
#include <string.h>

#include "app.h"
#include "log.h"
#include "options.h"
#include "playback_window.h"
#include "search/run_options.h"
#include "signals.h"
#include "startup.h"
#include "text.h"
#include "title.h"
#include "translate.h"

enum { KEY_WINDOW = 0x3000 };

static const struct argp_option table[] = {
	{"window", KEY_WINDOW, NULL, OPTION_HIDDEN, NULL,
		0}, /* options of `vitrine xray` that do not concern the window */
	{0},
};

struct arguments {
	struct common_options common;
	struct scope *scope;
	struct run_options run;
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = arguments->scope;
		state->child_inputs[2] = &arguments->common;
		state->child_inputs[3] = &arguments->run;
		return 0;
	case KEY_WINDOW: return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0},
	{&scope_argp, 0, NULL, 0}, {&options_place_argp, 0, NULL, 0},
	{&run_options_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "[-- PROGRAM [ARG]... [-- PROGRAM [ARG]...]...]",
	.doc = N_(
		"The window of `vitrine xray`: the System V objects of any program, and programs under "
		"control."),
	.children = children,
};

static bool start_programs(struct app *app, const struct log *log)
{
	struct control_options options = {
		.programs = app->scope.programs, .program_count = app->scope.program_count};
	char reason[SDL_max(TRACER_REASON_MAX, REPLAY_REASON_MAX)], shown[2 * sizeof(reason)];
	const struct replay_options replay = {.path = app->scope.replay,
		.run = &app->run,
		.programs = options.programs,
		.program_count = options.program_count,
		.name = scope_name,
		.name_data = &app->scope};
	bool has_started;

	if (options.program_count == 0)
		return true;
	if (app->scope.replay != NULL) {
		has_started = replay_create(&app->replay, &replay, reason);
		if (has_started)
			app->control = replay_control(app->replay);
	} else {
		has_started = control_create(&app->control, &options, reason);
	}
	if (!has_started) {
		log_error(log, _("cannot start"), text_printable(shown, sizeof(shown), reason));
		return false;
	}
	app->chosen = 1;
	return true;
}

static bool open_window(struct app *app, const struct common_options *common, const struct log *log)
{
	char title[TITLE_MAX], names[TITLE_MAX / 2] = "";
	struct window_options options;
	char message[512];
	const char *no_font;

	for (size_t i = 0; i < app->scope.program_count; i++)
		text_append(names, sizeof(names), "%s%s", i > 0 ? ", " : "",
			text_base_name(app->scope.programs[i].argv[0]));
	options = window_options_of(common,
		title_make(title, &(struct title){.picture = names, .role = _("X-ray")}));
	options.memory = "xray";
	options.half = WINDOW_MIDDLE;
	app->window = window_open(&options, message, sizeof(message));
	app->notices = notices_create();
	if (app->window == NULL || app->notices == NULL) {
		log_error(log, _("window"), app->window == NULL ? message : _("not enough memory"));
		return false;
	}
	app->draw = window_draw(app->window);
	no_font = font_error(draw_fonts(app->draw));
	if (no_font != NULL)
		log_error(log, _("text"), no_font);
	return true;
}

static void wake(void *data)
{
	window_wake(data);
}

static int run(struct app *app, const struct common_options *common, const struct log *log)
{
	struct signals *signals;
	int status;

	if (snapshot_begin(&app->scope.snapshot) != 0 || !start_programs(app, log) ||
		!open_window(app, common, log))
		return 1;
	signals = signals_create(wake, app->window);
	status = app_run(app);
	signals_destroy(signals);
	return status;
}

static void end(struct app *app)
{
	if (app->replay != NULL)
		replay_destroy(app->replay);
	else
		control_end(app->control);
	memory_end(&app->memory);
	notices_destroy(app->notices);
	window_close(app->window);
	snapshot_end(&app->scope.snapshot);
}

int main(int argc, char **argv)
{
	static struct app app = {.memory.segment = -1};
	struct arguments arguments = {.scope = &app.scope, .run.execution = &app.run};
	struct vitrine_key key;
	static struct log log;
	char reason[TRACER_REASON_MAX];
	int own, status;

	translate_start();
	if (argc > 1 && strcmp(argv[1], "--play") == 0)
		return playback_main(argc - 1, argv + 1);
	signals_block();
	tracer_block_signals();
	app.log = &log;
	log_start(&log, "vitrine xray");
	own = scope_split(&app.scope, argc, argv, reason);
	options_parse(&argp, own > 0 ? own : 1, argv, &arguments);
	if (own == 0) {
		log_error(&log, "--", reason);
		return 2;
	}
	status = arguments.common.key != NULL ? startup_key(&key, &arguments.common, &log) : 0;
	if (status == 0 && arguments.common.key != NULL)
		scope_choose_key(&app.scope, key.value);
	if (status == 0)
		status = run(&app, &arguments.common, &log);
	end(&app);
	return status;
}
