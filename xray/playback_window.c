/* playback_window.c - see playback_window.h: its loop and what its keys do. */
#include "playback_window.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "appearance.h"
#include "base/monotonic.h"
#include "help.h"
#include "log.h"
#include "options.h"
#include "signals.h"
#include "statusbar.h"
#include "text.h"
#include "title.h"
#include "translate.h"
#include "window.h"

#define SLOW_NS   INT64_C(500000000)
#define SLOW_LESS INT64_C(62500000)
#define SLOW_MOST INT64_C(8000000000)

enum { KEY_WINDOW = 0x3000, KEY_PICTURE, KEY_EVERY };
enum { PAGE = 10, PICTURE_WIDTH = 960, PICTURE_HEIGHT = 540 };

struct arguments {
	struct common_options common;
	const char *path;
	const char *picture; /* NULL: open a window */
	double seconds;
};

struct player_window {
	const char *name; /* of the file */
	const struct log *log;
	struct playback_view view;
	struct window *window;
	struct statusbar bar;
	struct help help;
	bool is_slow, quits;
	int64_t slow_ns, next_step;
};

/* ---- commands -------------------------------------------------------------------------------- */

static void go(struct player_window *app, int64_t by)
{
	struct playback *playback = app->view.playback;
	int64_t last = (int64_t)playback_length(playback) - 1;
	int64_t to = SDL_clamp((int64_t)playback_at(playback) + by, 0, last);

	playback_go(playback, (size_t)to);
	if (to == last)
		app->is_slow = false;
	log_event(app->log, "step", LOG_I64("step", to), LOG_I64("of", last),
		LOG_STR("sentence", playback_step(playback, (size_t)to)->sentence));
	window_touch(app->window);
}

static void change_pace(struct player_window *app, int64_t ns)
{
	app->slow_ns = SDL_clamp(ns, SLOW_LESS, SLOW_MOST);
}

static void escape(struct player_window *app)
{
	if (app->is_slow)
		app->is_slow = false;
	else if (window_is_full_screen(app->window))
		window_set_full_screen(app->window, false);
	else
		app->quits = true;
}

static void obey(struct player_window *app, int command)
{
	if (command == KEYS_NONE)
		return;
	switch (command) {
	case PLAYBACK_FORWARD: go(app, 1); break;
	case PLAYBACK_BACK: go(app, -1); break;
	case PLAYBACK_PAGE_FORWARD: go(app, PAGE); break;
	case PLAYBACK_PAGE_BACK: go(app, -PAGE); break;
	case PLAYBACK_FIRST: go(app, -INT32_MAX); break;
	case PLAYBACK_LAST: go(app, INT32_MAX); break;
	case PLAYBACK_SLOW:
		app->is_slow = !app->is_slow;
		app->next_step = monotonic_ns();
		break;
	case PLAYBACK_SLOWER: change_pace(app, app->slow_ns * 2); break;
	case PLAYBACK_FASTER: change_pace(app, app->slow_ns / 2); break;
	case PLAYBACK_FULL_SCREEN:
		window_set_full_screen(app->window, !window_is_full_screen(app->window));
		break;
	case PLAYBACK_ESCAPE: escape(app); break;
	case PLAYBACK_HELP: app->help.open = true; break;
	case PLAYBACK_QUIT: app->quits = true; break;
	default: appearance_command(app->window, command);
	}
	window_touch(app->window);
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void paint_bar(struct player_window *app, SDL_Rect area)
{
	struct playback *playback = app->view.playback;
	char place[48], time[32], pace[32] = "";
	const char *texts[] = {app->name, place, time, pace};
	size_t at = playback_at(playback);

	text_print(place, sizeof(place), _("step %zu of %zu"), at, playback_length(playback) - 1);
	snprintf(time, sizeof(time), "%.3f s", (double)playback_step(playback, at)->ns / 1e9);
	if (app->is_slow)
		text_print(pace, sizeof(pace), _("slow: %lld ms"),
			(long long)(app->slow_ns / 1000000));
	app->bar.hides_hints = window_is_lecture(app->window);
	statusbar_draw(&app->bar, app->view.draw, area, texts, SDL_arraysize(texts),
		playback_commands());
}

static void paint(struct player_window *app)
{
	struct panes panes = window_panes(app->window,
		window_is_full_screen(app->window) ? 0 : (unsigned)PANES_BAR);

	app->view.is_lecture = window_is_lecture(app->window);
	playback_draw(&app->view, panes.picture);
	if (panes.bar.w > 0)
		paint_bar(app, panes.bar);
	help_draw(&app->help, app->view.draw, window_rect(app->window), _("Vitrine play"),
		playback_commands());
}

static void handle(struct player_window *app, const SDL_Event *event)
{
	if (help_event(&app->help, event)) {
		window_touch(app->window);
		return;
	}
	switch (event->type) {
	case SDL_QUIT: app->quits = true; break;
	case SDL_MOUSEWHEEL:
		if (event->wheel.y != 0) /* it may also move to a side */
			go(app, event->wheel.y > 0 ? -1 : 1);
		break;
	case SDL_MOUSEBUTTONDOWN:
		obey(app, statusbar_command(&app->bar, event->button.x, event->button.y));
		break;
	default: obey(app, keys_command(playback_commands(), event));
	}
}

static void run_loop(struct player_window *app)
{
	SDL_Event event;
	enum window_news news;

	while (!app->quits) {
		int64_t deadline = app->is_slow ? app->next_step : WINDOW_FOREVER;

		if (app->is_slow && monotonic_ns() >= app->next_step) {
			app->next_step = monotonic_ns() + app->slow_ns;
			go(app, 1);
			continue;
		}
		if (window_begin(app->window)) {
			paint(app);
			window_present(app->window);
		}
		while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
			deadline = 0;
			if (news == WINDOW_LOST)
				xray_forget(app->view.xray);
			if (news == WINDOW_EVENT)
				handle(app, &event);
			if (news == WINDOW_WOKEN) /* a signal arrived */
				app->quits = true;
		}
	}
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static bool open_window(struct player_window *app, const struct common_options *common)
{
	char title[TITLE_MAX], message[512];
	struct window_options options = window_options_of(common,
		title_make(title, &(struct title){.picture = app->name, .role = _("recording")}));

	options.memory = "play";
	options.half = WINDOW_MIDDLE;
	app->window = window_open(&options, message, sizeof(message));
	if (app->window == NULL) {
		log_error(app->log, "window", message);
		return false;
	}
	app->view.draw = window_draw(app->window);
	app->view.xray = xray_create(app->view.draw, COLOUR_TEAL);
	return app->view.xray != NULL;
}

static void wake(void *data)
{
	window_wake(data);
}

static int show(struct playback *playback, const struct arguments *arguments, const struct log *log)
{
	static struct player_window app; /* large */
	struct signals *signals;

	app.name = text_base_name(arguments->path);
	app.log = log;
	app.view.playback = playback;
	app.slow_ns = SLOW_NS;
	signals_block(); /* in all threads: signals_create() takes them */
	if (!open_window(&app, &arguments->common))
		return 1;
	signals = signals_create(wake, app.window);
	run_loop(&app);
	signals_destroy(signals);
	xray_destroy(app.view.xray);
	window_close(app.window);
	return 0;
}

static int write_picture(struct playback *playback, const struct arguments *arguments,
	const struct log *log)
{
	const struct common_options *common = &arguments->common;
	const struct playback_look look = {
		.width = common->has_size ? common->width : PICTURE_WIDTH,
		.height = common->has_size ? common->height : PICTURE_HEIGHT,
		.scale = (float)(common->text_size > 0 ? common->text_size : 100) / 100,
		.is_lecture = common->lecture,
		.seconds = arguments->seconds,
	};
	char message[RECORDED_MESSAGE];

	theme_use(common->theme != NULL && strcmp(common->theme, "light") == 0 ? THEME_LIGHT
									       : THEME_DARK);
	if (playback_picture(playback, arguments->picture, &look, message))
		return 0;
	log_error(log, arguments->picture, message);
	return 1;
}

static const struct argp_option table[] = {
	{"window", KEY_WINDOW, NULL, OPTION_HIDDEN, NULL, 0},
	{"picture", KEY_PICTURE, "FILE", 0,
		N_("Write an animated picture of all steps, using ffmpeg"), 1},
	{"every", KEY_EVERY, "TIME", 0,
		N_("With --picture: show each step this long. Default: 1.5s"), 1},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	int64_t ns;

	switch (key) {
	case ARGP_KEY_INIT:
		arguments->seconds = 1.5;
		state->child_inputs[0] = &arguments->common;
		state->child_inputs[1] = &arguments->common;
		break;
	case KEY_WINDOW: break;
	case KEY_PICTURE: arguments->picture = text; break;
	case KEY_EVERY:
		if (!options_duration(text, 1e9, INT64_C(60000000000), &ns) || ns < 20000000)
			argp_error(state, _("--every %s: give a time from 0.02s to 60s"), text);
		arguments->seconds = (double)ns / 1e9;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, _("%s: give one recording"), text);
		arguments->path = text;
		break;
	case ARGP_KEY_END:
		if (arguments->path == NULL)
			argp_error(state, _("give a recording: a file that --record has written"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {
	{&options_more_argp, 0, NULL, 0}, {&options_place_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "FILE",
	.doc = N_("The window of `vitrine play`: a recorded run, step by step."),
	.children = children,
};

int playback_main(int argc, char **argv)
{
	struct arguments arguments = {0};
	static struct log log;
	char message[RECORDED_MESSAGE];
	struct playback *playback;
	int status;

	log_start(&log, "vitrine play");
	options_parse(&argp, argc, argv, &arguments);
	playback = playback_open(arguments.path, message);
	if (playback == NULL) {
		log_error(&log, arguments.path, message);
		return 1;
	}
	status = arguments.picture != NULL ? write_picture(playback, &arguments, &log)
					   : show(playback, &arguments, &log);
	playback_close(playback);
	return status;
}
