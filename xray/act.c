/* act.c - executes the keys that act on programs and the window: see app.h. */
#include <stdio.h>

#include "app.h"
#include "appearance.h"
#include "base/monotonic.h"
#include "commands.h"
#include "panes.h"
#include "text.h"
#include "translate.h"

#define SLICE_NS  INT64_C(40000000) /* between two looks at running programs */
#define SLOW_NS   INT64_C(500000000)
#define SLOW_LESS INT64_C(62500000)
#define SLOW_MOST INT64_C(8000000000)
#define WIDER     8 /* the range of the picture's width, pixels */

static void tell(struct app *app, enum notice_kind kind, const char *text)
{
	notices_add(app->notices, monotonic_ns(), kind, NULL, text);
	window_touch(app->window);
}

/* ---- programs -------------------------------------------------------------------------------- */

static void tell_result(struct app *app, enum control_result result)
{
	char text[2 * TRACER_REASON_MAX];

	switch (result) {
	case CONTROL_DONE:
	case CONTROL_GOES_ON: return;
	case CONTROL_NOBODY:
		tell(app, NOTICE_NEWS,
			control_alive(app->control) == 0
				? _("All programs have ended. N restarts them.")
				: _("No process can make a step: one that sleeps must be woken by "
				    "another."));
		return;
	case CONTROL_ASLEEP:
		tell(app, NOTICE_NEWS, _("It sleeps: only another process can wake it."));
		return;
	default:
		tell(app, NOTICE_ERROR,
			text_printable(text, sizeof(text),
				app->replay != NULL ? replay_reason(app->replay)
						    : control_reason(app->control)));
		return;
	}
}

/* Updates the stops of the programs after they have moved. */
static void stopped(struct app *app, enum control_result result)
{
	control_settle(app->control, 0);
	verdict_find(&app->verdict, app->control, scope_name, &app->scope);
	if (app->verdict.kind != VERDICT_NONE)
		log_event(app->log, "deadlock", LOG_STR("sentence", app->verdict.text));
	app->stops++;
	if (app->pace != APP_RUNS)
		app_look(app); /* changes are relative to the last stop, not to the last look */
	tell_result(app, result);
	window_touch(app->window);
}

static void stand(struct app *app)
{
	app->pace = APP_STANDS;
}

static void step(struct app *app, unsigned number)
{
	unsigned stepped = 0;
	enum control_result result = app->replay != NULL
					     ? replay_step(app->replay, number, &stepped)
					     : control_step(app->control, number, &stepped);

	stopped(app, result);
	if (stepped != 0 && (result == CONTROL_DONE || result == CONTROL_GOES_ON)) {
		app->chosen = stepped;
		log_event(app->log, "step", LOG_U64("process", stepped),
			LOG_U64("steps", control_steps(app->control)));
	}
	if (app->verdict.kind != VERDICT_NONE || control_alive(app->control) == 0)
		stand(app);
}

static void kill_chosen(struct app *app)
{
	enum control_result result = control_kill(app->control, app->chosen);

	if (app->replay != NULL)
		replay_leave(app->replay);
	stopped(app, result);
	if (result == CONTROL_DONE)
		tell(app, NOTICE_NEWS,
			_("kill -9: the kernel has reversed the changes with SEM_UNDO."));
}

static void again(struct app *app, int command)
{
	bool is_back = command == COMMAND_BACK;
	enum control_result result;

	if (app->replay == NULL) {
		result = is_back ? control_back(app->control) : control_restart(app->control);
	} else {
		result = is_back ? replay_back(app->replay) : replay_restart(app->replay);
		app->control = replay_control(app->replay);
	}
	stand(app);
	semaphore_history_forget(&app->history);
	if (app->control == NULL) {
		tell(app, NOTICE_ERROR, replay_reason(app->replay));
		return;
	}
	stopped(app, result);
	if (result == CONTROL_NOBODY)
		notices_dismiss(app->notices);
}

void act_choose(struct app *app, unsigned number)
{
	if (control_actor(app->control, number) == NULL)
		return;
	app->chosen = number;
	window_touch(app->window);
}

/* Selects the previous or next process. */
static void choose_by(struct app *app, int by)
{
	int count = (int)control_count(app->control), number = (int)app->chosen + by;

	act_choose(app, (unsigned)SDL_clamp(number, 1, count));
}

static void go(struct app *app, enum app_pace pace)
{
	app->pace = app->pace == pace ? APP_STANDS : pace;
	app->next_step = 0;
	if (app->slow_ns == 0)
		app->slow_ns = SLOW_NS;
	window_touch(app->window);
}

static void change_pace(struct app *app, int64_t ns)
{
	app->slow_ns = SDL_clamp(ns, SLOW_LESS, SLOW_MOST);
	window_touch(app->window);
}

void act_go_on(struct app *app)
{
	enum control_result result;

	if (app->control == NULL || app->pace == APP_STANDS || monotonic_ns() < app->next_step)
		return;
	if (app->pace == APP_SLOW) {
		step(app, 0);
		app->next_step = monotonic_ns() + app->slow_ns;
		return;
	}
	if (app->replay != NULL)
		replay_leave(app->replay);
	result = control_run(app->control, SLICE_NS);
	stopped(app, result);
	if (result != CONTROL_GOES_ON || app->verdict.kind != VERDICT_NONE)
		stand(app);
}

int64_t act_deadline(const struct app *app)
{
	return app->control != NULL && app->pace != APP_STANDS ? app->next_step : WINDOW_FOREVER;
}

static bool obey_control(struct app *app, int command)
{
	if (app->control == NULL)
		return false;
	switch (command) {
	case COMMAND_STEP_ANY:
		stand(app);
		step(app, 0);
		break;
	case COMMAND_STEP:
		stand(app);
		step(app, app->chosen);
		break;
	case COMMAND_PREVIOUS: choose_by(app, -1); break;
	case COMMAND_NEXT: choose_by(app, 1); break;
	case COMMAND_RUN: go(app, APP_RUNS); break;
	case COMMAND_SLOW: go(app, APP_SLOW); break;
	case COMMAND_SLOWER: change_pace(app, app->slow_ns * 2); break;
	case COMMAND_FASTER: change_pace(app, app->slow_ns / 2); break;
	case COMMAND_KILL:
		stand(app);
		kill_chosen(app);
		break;
	case COMMAND_BACK:
	case COMMAND_RESTART: again(app, command); break;
	default: return false;
	}
	return true;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* The segment after the one that is shown, in the list; -1: there is none. */
static int next_segment(const struct app *app)
{
	const struct sysv_objects *segments = &app->scope.snapshot.segments;
	bool is_behind = false;
	int first = -1;

	for (size_t i = 0; i < segments->count; i++) {
		const struct sysv_object *segment = &segments->objects[i];

		if (!objects_shows_segment(app, segment))
			continue;
		if (is_behind)
			return segment->id;
		if (first < 0)
			first = segment->id;
		is_behind = segment->id == app->memory.segment;
	}
	return first;
}

static void toggle_memory(struct app *app)
{
	app->shows_memory = !app->shows_memory;
	if (app->shows_memory && app->memory.segment < 0)
		memory_choose(&app->memory, next_segment(app));
}

static bool obey_memory(struct app *app, int command)
{
	struct memory *memory = &app->memory;

	switch (command) {
	case COMMAND_MEMORY: toggle_memory(app); break;
	case COMMAND_MEMORY_VIEW:
		if (app->shows_memory)
			memory->view = (memory->view + 1) % MEMORY_VIEWS;
		else
			toggle_memory(app);
		break;
	case COMMAND_MEMORY_NEXT:
		app->shows_memory = true;
		memory_choose(memory, next_segment(app));
		break;
	case COMMAND_MEMORY_CHANGE: memory_next_change(memory); break;
	case COMMAND_NARROWER: memory->width = SDL_max(memory->width - WIDER, WIDER); break;
	case COMMAND_WIDER: memory->width = SDL_min(memory->width + WIDER, 8192); break;
	default: return false;
	}
	window_touch(app->window);
	return true;
}

/* ---- the window ------------------------------------------------------------------------------ */

static void scroll_page(struct app *app, int by)
{
	if (app->shows_memory)
		memory_scroll(&app->memory, by * 8L);
	else
		app->left_scroll += by * app->left.h * 4 / 5;
	window_touch(app->window);
}

static void escape(struct app *app)
{
	if (notices_dismiss(app->notices))
		return;
	if (app->shows_memory)
		app->shows_memory = false;
	else if (window_is_full_screen(app->window))
		window_set_full_screen(app->window, false);
	else
		app->quits = true;
}

void act_command(struct app *app, int command)
{
	if (command == KEYS_NONE || obey_control(app, command) || obey_memory(app, command))
		return;
	switch (command) {
	case COMMAND_PAGE_UP: scroll_page(app, -1); break;
	case COMMAND_PAGE_DOWN: scroll_page(app, 1); break;
	case COMMAND_FULL_SCREEN:
		window_set_full_screen(app->window, !window_is_full_screen(app->window));
		break;
	case COMMAND_ESCAPE: escape(app); break;
	case COMMAND_HELP: app->help.open = true; break;
	case COMMAND_QUIT: app->quits = true; break;
	default: appearance_command(app->window, command);
	}
	window_touch(app->window);
}
