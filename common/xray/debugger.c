/*
 * debugger.c - see debugger.h: creation, commands, and its part of the loop. debugger_screen.c
 * draws it.
 */
#include "debugger.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger_state.h"
#include "translate.h"

#define SCROLL_NS INT64_C(100000000) /* between two frames while the timeline moves */

/* ---- beginning and end --------------------------------------------------------------------- */

/* Called on any thread when the program has stopped before an array or continues. */
static void on_step(void *data)
{
	struct debugger *debugger = data;

	sampler_look_now(debugger->sampler);
}

static void on_look(void *data)
{
	struct debugger *debugger = data;

	window_wake(debugger->window);
}

static bool is_inside(void *data)
{
	struct debugger *debugger = data;

	if (link_pin(debugger->link) == NULL)
		return false;
	link_unpin(debugger->link);
	return true;
}

static bool open_tracefile(struct debugger *debugger, const char *path)
{
	char message[160];

	if (path == NULL)
		return true;
	debugger->tracefile =
		tracefile_open(path, debugger->log->program, message, sizeof(message));
	if (debugger->tracefile == NULL)
		log_error(debugger->log, path, message);
	return debugger->tracefile != NULL;
}

struct debugger *debugger_create(const struct debug_options *options, struct window *window,
	struct log *log, enum theme_colour accent)
{
	struct debugger *debugger = calloc(1, sizeof(*debugger));

	if (debugger == NULL) {
		log_error(log, _("cannot start"), strerror(errno));
		return NULL;
	}
	debugger->window = window;
	debugger->log = log;
	debugger->has_xray = options->xray;
	debugger->has_timeline = options->timeline;
	debugger->records = options->records;
	debugger->step_mode = options->step != STEPPER_RUNS ? options->step : STEPPER_TRANSITIONS;
	debugger->calls = semop_calls_create();
	debugger->stepper = stepper_create(options->step, options->slow_ns, on_step, debugger);
	debugger->xray = xray_create(window_draw(window), accent);
	debugger->timeline = calloc(1, sizeof(*debugger->timeline));
	debugger->model = calloc(1, sizeof(*debugger->model));
	if (debugger->calls == NULL || debugger->stepper == NULL || debugger->xray == NULL ||
		debugger->timeline == NULL || debugger->model == NULL) {
		log_error(log, _("cannot start"), strerror(ENOMEM));
		debugger_destroy(debugger);
		return NULL;
	}
	if (!open_tracefile(debugger, options->trace)) {
		debugger_destroy(debugger);
		return NULL;
	}
	return debugger;
}

struct vitrine_options debugger_observed(struct debugger *debugger,
	const struct vitrine_options *options)
{
	struct vitrine_options observed = *options;

	/* The stepper comes first, so that the others see when a call really begins. */
	observers_add(&debugger->observers, stepper_observe, debugger->stepper);
	observers_add(&debugger->observers, semop_calls_observe, debugger->calls);
	observers_add(&debugger->observers, options->observer, options->observer_data);
	observed.observer = observers_tell;
	observed.observer_data = &debugger->observers;
	return observed;
}

static bool stops(const struct debugger *debugger)
{
	return stepper_mode(debugger->stepper) != STEPPER_RUNS;
}

bool debugger_is_open(const struct debugger *debugger)
{
	return debugger->has_xray || debugger->has_timeline || debugger->records ||
	       stops(debugger) || stepper_slow(debugger->stepper) > 0;
}

static void want(struct debugger *debugger)
{
	const struct xray_layout *layout = xray_get_layout(debugger->xray);
	bool has_cards = debugger->has_xray && !debugger->is_lecture;

	if (debugger->sampler == NULL)
		return;
	sampler_want(debugger->sampler, debugger_is_open(debugger),
		has_cards ? (uint32_t)layout->thumbnail_width : 0,
		has_cards ? (uint32_t)layout->thumbnail_height : 0);
}

/* Lecture mode opens the X-ray; leaving it closes the X-ray, unless it was open before. */
static void follow_lecture(struct debugger *debugger)
{
	bool is_lecture = window_is_lecture(debugger->window);

	if (is_lecture == debugger->is_lecture)
		return;
	debugger->is_lecture = is_lecture;
	if (is_lecture)
		debugger->had_xray = debugger->has_xray;
	debugger->has_xray = is_lecture || debugger->had_xray;
}

bool debugger_start(struct debugger *debugger, struct link *link)
{
	const struct sampler_options options = {
		.link = link,
		.calls = debugger->calls,
		.stepper = debugger->stepper,
		.tracefile = debugger->tracefile,
		.wake = on_look,
		.wake_data = debugger,
	};

	debugger->link = link;
	follow_lecture(debugger);
	debugger->sampler = sampler_create(&options);
	if (debugger->sampler == NULL)
		return false;
	stepper_set_inside(debugger->stepper, is_inside, debugger);
	want(debugger);
	return true;
}

void debugger_release(struct debugger *debugger)
{
	if (debugger != NULL)
		stepper_end(debugger->stepper);
}

void debugger_destroy(struct debugger *debugger)
{
	if (debugger == NULL)
		return;
	sampler_destroy(debugger->sampler);
	tracefile_close(debugger->tracefile);
	xray_destroy(debugger->xray);
	stepper_destroy(debugger->stepper);
	semop_calls_destroy(debugger->calls);
	free(debugger->timeline);
	free(debugger->model);
	free(debugger);
}

/* ---- commands ------------------------------------------------------------------------------ */

struct debug_options debugger_options_now(const struct debugger *debugger,
	const struct debug_options *options)
{
	return (struct debug_options){
		.xray = debugger->is_lecture ? debugger->had_xray : debugger->has_xray,
		.timeline = debugger->has_timeline,
		.step = stepper_mode(debugger->stepper),
		.slow_ns = stepper_slow(debugger->stepper),
		.trace = options->trace,
		.records = options->records,
	};
}

/*
 * The first time, starts step mode; then each time executes the array before which the program has
 * stopped.
 */
static void step(struct debugger *debugger)
{
	if (stops(debugger)) {
		stepper_go(debugger->stepper);
		return;
	}
	if (window_is_full_screen(debugger->window))
		return; /* presenters' remotes send this key to darken the screen */
	stepper_set_mode(debugger->stepper, debugger->step_mode);
	log_event(debugger->log, "step", LOG_BOOL("on", true));
}

static void leave_steps(struct debugger *debugger)
{
	stepper_set_mode(debugger->stepper, STEPPER_RUNS);
	log_event(debugger->log, "step", LOG_BOOL("on", false));
}

static void slower(struct debugger *debugger)
{
	int64_t now = stepper_slow(debugger->stepper);
	int64_t slow = now == 0 ? 2 * STEPPER_QUICKEST_NS : 2 * now;

	stepper_set_slow(debugger->stepper, slow < STEPPER_SLOWEST_NS ? slow : STEPPER_SLOWEST_NS);
}

static void faster(struct debugger *debugger)
{
	int64_t slow = stepper_slow(debugger->stepper) / 2;

	stepper_set_slow(debugger->stepper, slow > STEPPER_QUICKEST_NS ? slow : 0);
}

/* A key that asked and is held down a little too long must not be taken for the answer. */
static void ask_or_kill(struct debugger *debugger)
{
	if (debugger->asks_to_kill)
		kill(getpid(), SIGKILL);
	debugger->asks_to_kill = true;
}

void debugger_command(struct debugger *debugger, int command)
{
	switch (command) {
	case DEBUGGER_XRAY: debugger->has_xray = !debugger->has_xray; break;
	case DEBUGGER_TIMELINE: debugger->has_timeline = !debugger->has_timeline; break;
	case DEBUGGER_STEP: step(debugger); break;
	case DEBUGGER_SLOWER: slower(debugger); break;
	case DEBUGGER_FASTER: faster(debugger); break;
	case DEBUGGER_KILL: ask_or_kill(debugger); break;
	default: return;
	}
	want(debugger);
	window_touch(debugger->window);
}

bool debugger_escape(struct debugger *debugger)
{
	if (debugger->asks_to_kill)
		debugger->asks_to_kill = false;
	else if (stops(debugger))
		leave_steps(debugger);
	else if (stepper_slow(debugger->stepper) > 0)
		stepper_set_slow(debugger->stepper, 0);
	else
		return false;
	want(debugger);
	window_touch(debugger->window);
	return true;
}

bool debugger_close(struct debugger *debugger)
{
	if (!debugger->has_xray && !debugger->has_timeline)
		return false;
	if (debugger->has_timeline)
		debugger->has_timeline = false;
	else
		debugger->has_xray = false;
	want(debugger);
	window_touch(debugger->window);
	return true;
}

static bool hits_kill(const struct debugger *debugger, const SDL_MouseButtonEvent *button)
{
	const struct dialog question = debugger_question();

	return dialog_hit(&question, window_draw(debugger->window), window_rect(debugger->window),
		       button->x, button->y) == DEBUGGER_KILLS;
}

/* A key other than K, or a click, withdraws the question; the key is then handled as usual. */
static void withdraw_question(struct debugger *debugger, const SDL_Event *event)
{
	bool is_key = event->type == SDL_KEYDOWN && event->key.keysym.sym != SDLK_k &&
		      event->key.keysym.sym != SDLK_ESCAPE;

	if (!debugger->asks_to_kill || !(is_key || event->type == SDL_MOUSEBUTTONDOWN))
		return;
	if (!is_key && hits_kill(debugger, &event->button))
		ask_or_kill(debugger);
	debugger->asks_to_kill = false;
	window_touch(debugger->window);
}

bool debugger_event(struct debugger *debugger, const SDL_Event *event)
{
	withdraw_question(debugger, event);
	switch (event->type) {
	case SDL_MOUSEWHEEL:
		if (!panes_inside(debugger->panel, event->wheel.mouseX, event->wheel.mouseY))
			return false;
		xray_scroll(debugger->xray,
			(int)(-event->wheel.preciseY *
				(float)draw_px(window_draw(debugger->window), 48)));
		window_touch(debugger->window);
		return true;
	case SDL_MOUSEBUTTONDOWN:
		return panes_inside(debugger->panel, event->button.x, event->button.y) ||
		       panes_inside(debugger->chart, event->button.x, event->button.y);
	default: return false;
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

static void take_thumbnails(struct debugger *debugger)
{
	for (uint32_t i = 0; i < debugger->model->slot_count; i++) {
		struct xray_thumbnail thumbnail;

		if (!sampler_thumbnail(debugger->sampler, i, &debugger->thumbnails[i], &thumbnail))
			continue;
		xray_set_thumbnail(debugger->xray, i, &thumbnail);
		free(thumbnail.pixels);
	}
}

void debugger_work(struct debugger *debugger, int64_t now)
{
	follow_lecture(debugger);
	if (sampler_look(debugger->sampler, &debugger->version, debugger->model)) {
		xray_set_model(debugger->xray, debugger->model);
		take_thumbnails(debugger);
		window_touch(debugger->window);
		debugger->next_frame = now;
	}
	want(debugger);
	if (now < debugger->next_frame)
		return;
	debugger->next_frame = WINDOW_FOREVER;
	if (debugger->has_timeline || debugger->is_lecture)
		debugger->next_frame = now + SCROLL_NS;
	window_touch(debugger->window);
}

int64_t debugger_deadline(const struct debugger *debugger)
{
	return debugger->next_frame;
}

void debugger_forget(struct debugger *debugger)
{
	xray_forget(debugger->xray);
	memset(debugger->thumbnails, 0, sizeof(debugger->thumbnails));
	debugger->version = 0;
}
