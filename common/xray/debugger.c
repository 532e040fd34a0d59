/* lab.c - see lab.h: its life, its commands, its part of the loop. lab_screen.c draws it. */
#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab_state.h"

#define FRAME_NS  INT64_C(25000000)  /* between two frames while a colour flows */
#define SCROLL_NS INT64_C(100000000) /* … and while the timeline moves */

/* ---- beginning and end --------------------------------------------------------------------- */

/* Any thread: a step was stopped at, or done. */
static void on_step(void *data)
{
	struct lab *lab = data;

	scout_hurry(lab->scout);
}

static void on_look(void *data)
{
	struct lab *lab = data;

	window_wake(lab->window);
}

static bool is_inside(void *data)
{
	struct lab *lab = data;

	if (link_pin(lab->link) == NULL)
		return false;
	link_unpin(lab->link);
	return true;
}

static bool open_tracefile(struct lab *lab, const char *path)
{
	char message[160];

	if (path == NULL)
		return true;
	lab->tracefile = tracefile_open(path, lab->log->program, message, sizeof(message));
	if (lab->tracefile == NULL)
		log_error(lab->log, path, message);
	return lab->tracefile != NULL;
}

struct lab *lab_create(const struct lab_options *options, struct window *window, struct log *log,
	SDL_Color accent)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	if (lab == NULL) {
		log_error(log, "cannot start", strerror(errno));
		return NULL;
	}
	lab->window = window;
	lab->log = log;
	lab->has_xray = options->xray;
	lab->has_timeline = options->timeline;
	lab->step_mode = options->step != STEPPER_RUNS ? options->step : STEPPER_TRANSITIONS;
	lab->calls = calls_create();
	lab->stepper = stepper_create(options->step, options->slow_ns, on_step, lab);
	lab->xray = xray_create(window_draw(window), accent);
	lab->timeline = calloc(1, sizeof(*lab->timeline));
	lab->model = calloc(1, sizeof(*lab->model));
	if (lab->calls == NULL || lab->stepper == NULL || lab->xray == NULL ||
		lab->timeline == NULL || lab->model == NULL) {
		log_error(log, "cannot start", strerror(ENOMEM));
		lab_destroy(lab);
		return NULL;
	}
	if (!open_tracefile(lab, options->trace)) {
		lab_destroy(lab);
		return NULL;
	}
	return lab;
}

struct vitrine_options lab_observed(struct lab *lab, const struct vitrine_options *options)
{
	struct vitrine_options observed = *options;

	/* The stepper first: the others are to see when a call truly begins. */
	observers_add(&lab->observers, stepper_observe, lab->stepper);
	observers_add(&lab->observers, calls_observe, lab->calls);
	observers_add(&lab->observers, options->observer, options->observer_data);
	observed.observer = observers_tell;
	observed.observer_data = &lab->observers;
	return observed;
}

static void want(struct lab *lab)
{
	const struct xray_layout *layout = xray_get_layout(lab->xray);

	if (lab->scout == NULL)
		return;
	scout_want(lab->scout, lab->has_xray || lab->has_timeline || lab_is_stepping(lab),
		lab->has_xray ? (uint32_t)layout->thumbnail_width : 0,
		lab->has_xray ? (uint32_t)layout->thumbnail_height : 0);
}

bool lab_start(struct lab *lab, struct link *link)
{
	const struct scout_options options = {
		.link = link,
		.calls = lab->calls,
		.stepper = lab->stepper,
		.tracefile = lab->tracefile,
		.wake = on_look,
		.wake_data = lab,
	};

	lab->link = link;
	lab->scout = scout_create(&options);
	if (lab->scout == NULL)
		return false;
	stepper_set_inside(lab->stepper, is_inside, lab);
	want(lab);
	return true;
}

void lab_let_go(struct lab *lab)
{
	if (lab != NULL)
		stepper_end(lab->stepper);
}

void lab_destroy(struct lab *lab)
{
	if (lab == NULL)
		return;
	scout_destroy(lab->scout);
	tracefile_close(lab->tracefile);
	xray_destroy(lab->xray);
	stepper_destroy(lab->stepper);
	calls_destroy(lab->calls);
	free(lab->timeline);
	free(lab->model);
	free(lab);
}

/* ---- commands ------------------------------------------------------------------------------ */

static bool stops(const struct lab *lab)
{
	return stepper_mode(lab->stepper) != STEPPER_RUNS;
}

bool lab_is_stepping(const struct lab *lab)
{
	return stops(lab) || stepper_slow(lab->stepper) > 0;
}

struct lab_options lab_now(const struct lab *lab, const struct lab_options *options)
{
	return (struct lab_options){
		.xray = lab->has_xray,
		.timeline = lab->has_timeline,
		.step = stepper_mode(lab->stepper),
		.slow_ns = stepper_slow(lab->stepper),
		.trace = options->trace,
	};
}

/* The first time it begins to stop, then each time it does what it stopped before. */
static void step(struct lab *lab)
{
	if (stops(lab)) {
		stepper_go(lab->stepper);
		return;
	}
	stepper_set_mode(lab->stepper, lab->step_mode);
	log_event(lab->log, "step", LOG_BOOL("on", true));
}

static void leave_steps(struct lab *lab)
{
	stepper_set_mode(lab->stepper, STEPPER_RUNS);
	log_event(lab->log, "step", LOG_BOOL("on", false));
}

static void slower(struct lab *lab)
{
	int64_t now = stepper_slow(lab->stepper);
	int64_t slow = now == 0 ? 2 * STEPPER_QUICKEST_NS : 2 * now;

	stepper_set_slow(lab->stepper, slow < STEPPER_SLOWEST_NS ? slow : STEPPER_SLOWEST_NS);
}

static void faster(struct lab *lab)
{
	int64_t slow = stepper_slow(lab->stepper) / 2;

	stepper_set_slow(lab->stepper, slow > STEPPER_QUICKEST_NS ? slow : 0);
}

/* The answer to the question must not be the key that asks, held down a little too long. */
static void ask_or_kill(struct lab *lab)
{
	if (lab->asks_to_kill)
		kill(getpid(), SIGKILL);
	lab->asks_to_kill = true;
}

void lab_obey(struct lab *lab, int command)
{
	switch (command) {
	case LAB_XRAY: lab->has_xray = !lab->has_xray; break;
	case LAB_TIMELINE: lab->has_timeline = !lab->has_timeline; break;
	case LAB_STEP: step(lab); break;
	case LAB_SLOWER: slower(lab); break;
	case LAB_FASTER: faster(lab); break;
	case LAB_KILL: ask_or_kill(lab); break;
	default: return;
	}
	want(lab);
	window_touch(lab->window);
}

bool lab_escape(struct lab *lab)
{
	if (lab->asks_to_kill)
		lab->asks_to_kill = false;
	else if (stops(lab))
		leave_steps(lab);
	else if (stepper_slow(lab->stepper) > 0)
		stepper_set_slow(lab->stepper, 0);
	else
		return false;
	want(lab);
	window_touch(lab->window);
	return true;
}

bool lab_close(struct lab *lab)
{
	if (!lab->has_xray && !lab->has_timeline)
		return false;
	if (lab->has_timeline)
		lab->has_timeline = false;
	else
		lab->has_xray = false;
	want(lab);
	window_touch(lab->window);
	return true;
}

/* Any other key than K is a no; it does what it does. */
static void withdraw_question(struct lab *lab, const SDL_Event *event)
{
	bool is_key = event->type == SDL_KEYDOWN && event->key.keysym.sym != SDLK_k &&
		      event->key.keysym.sym != SDLK_ESCAPE;

	if (!lab->asks_to_kill || !(is_key || event->type == SDL_MOUSEBUTTONDOWN))
		return;
	lab->asks_to_kill = false;
	window_touch(lab->window);
}

bool lab_event(struct lab *lab, const SDL_Event *event)
{
	withdraw_question(lab, event);
	switch (event->type) {
	case SDL_MOUSEWHEEL:
		if (!panes_inside(lab->panel, event->wheel.mouseX, event->wheel.mouseY))
			return false;
		xray_scroll(lab->xray, (int)(-event->wheel.preciseY *
					       (float)draw_px(window_draw(lab->window), 48)));
		window_touch(lab->window);
		return true;
	case SDL_MOUSEBUTTONDOWN:
		return panes_inside(lab->panel, event->button.x, event->button.y) ||
		       panes_inside(lab->chart, event->button.x, event->button.y);
	default: return false;
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

static void take_thumbnails(struct lab *lab)
{
	for (uint32_t i = 0; i < lab->model->slot_count; i++) {
		struct xray_thumbnail thumbnail;

		if (!scout_thumbnail(lab->scout, i, &lab->thumbnails[i], &thumbnail))
			continue;
		xray_set_thumbnail(lab->xray, i, &thumbnail);
		free(thumbnail.pixels);
	}
}

void lab_work(struct lab *lab, int64_t now)
{
	if (scout_look(lab->scout, &lab->version, lab->model)) {
		xray_set_model(lab->xray, lab->model, now);
		take_thumbnails(lab);
		window_touch(lab->window);
		lab->next_frame = now;
	}
	want(lab);
	if (now < lab->next_frame)
		return;
	lab->next_frame = WINDOW_FOREVER;
	if (lab->has_xray && xray_is_flowing(lab->xray, now))
		lab->next_frame = now + FRAME_NS;
	else if (lab->has_timeline)
		lab->next_frame = now + SCROLL_NS;
	window_touch(lab->window);
}

int64_t lab_deadline(const struct lab *lab)
{
	return lab->next_frame;
}

void lab_forget(struct lab *lab)
{
	xray_forget(lab->xray);
	memset(lab->thumbnails, 0, sizeof(lab->thumbnails));
	lab->version = 0;
}
