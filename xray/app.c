/*
 * app.c - the event loop of the window: sleeps until a key, an event of a program or the time for
 * the next look, and draws when something has changed. It takes at most ten looks a second, fewer
 * if a look takes long.
 */
#include "app.h"

#include <errno.h>
#include <string.h>

#include "base/fnv.h"
#include "base/monotonic.h"
#include "commands.h"
#include "panes.h"
#include "text.h"
#include "translate.h"

#define LOOK_NS     INT64_C(100000000)
#define LOOK_SHARE  10 /* looks may use a tenth of the time */
#define WHEEL_LINES 48 /* logical pixels per notch */

/* ---- a hash of what the window shows -------------------------------------------------------- */

static uint64_t sum_of_set(uint64_t sum, const struct snapshot_set *set)
{
	sum = fnv_mix(fnv_mix(sum, (uint64_t)set->object.id), (uint64_t)set->error);
	for (uint32_t i = 0; i < set->count; i++) {
		const struct snapshot_semaphore *semaphore = &set->semaphores[i];

		sum = fnv_mix(sum, semaphore->value);
		sum = fnv_mix(sum, (uint64_t)semaphore->waiters.for_more << 40 ^
					   (uint64_t)semaphore->waiters.for_zero << 20 ^
					   (uint64_t)semaphore->waiters.last);
	}
	return sum;
}

static uint64_t sum_of_objects(uint64_t sum, const struct sysv_objects *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct sysv_object *object = &list->objects[i];

		sum = fnv_mix(fnv_mix(fnv_mix(sum, (uint64_t)object->id), object->count),
			object->size);
		sum = fnv_mix(sum, (uint64_t)object->last);
	}
	return sum;
}

static uint64_t sum_of_actors(uint64_t sum, struct control *control, int64_t now)
{
	for (unsigned i = 1; i <= control_count(control); i++) {
		const struct control_actor *actor = control_actor(control, i);

		if (actor == NULL)
			continue;
		sum = fnv_mix(fnv_mix(sum, actor->doing), actor->task->calls);
		if (actor->doing == CONTROL_SLEEPS || actor->doing == CONTROL_ELSEWHERE)
			sum = fnv_mix(sum, (uint64_t)((now - actor->since_ns) / 1000000000));
	}
	return sum;
}

static uint64_t sum_of_all(const struct app *app, int64_t now)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;
	uint64_t sum = snapshot->set_count;

	for (size_t i = 0; i < snapshot->set_count; i++)
		sum = sum_of_set(sum, &snapshot->sets[i]);
	sum = sum_of_objects(sum_of_objects(sum, &snapshot->segments), &snapshot->queues);
	for (size_t i = 0; i < snapshot->nameds.count; i++)
		sum = fnv_mix(fnv_mix(sum, snapshot->nameds.semaphores[i].value),
			snapshot->nameds.semaphores[i].waiters);
	sum = fnv_mix(sum, snapshot->users.mapping_count);
	if (app->control != NULL)
		return sum_of_actors(sum, app->control, now);
	for (size_t i = 0; i < snapshot->users.sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &snapshot->users.sleepers[i];

		sum = fnv_mix(fnv_mix(sum, (uint64_t)sleeper->tid),
			(uint64_t)((now - sleeper->since_ns) / 1000000000));
	}
	return sum;
}

/* ---- looking --------------------------------------------------------------------------------- */

/*
 * The value of the first semaphore of this name; -1: there is none. Large sets have no such names.
 */
static int32_t value_named(struct app *app, const char *wanted)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;
	char name[SYSV_LABEL_MAX];

	for (size_t i = 0; i < snapshot->set_count; i++) {
		const struct snapshot_set *set = &snapshot->sets[i];

		if (set->error != 0 || set->count > SYSV_NAMES_MAX || !objects_shows_set(app, set))
			continue;
		for (uint32_t k = 0; k < set->count; k++) {
			scope_name(&app->scope, set->object.id, k, name, sizeof(name));
			if (strcmp(name, wanted) == 0)
				return set->semaphores[k].value;
		}
	}
	return -1;
}

static void note_course(struct app *app)
{
	int32_t empty = value_named(app, "empty"), full = value_named(app, "full");

	if (empty >= 0 && full >= 0)
		semaphore_history_add(&app->history, empty, full);
}

void app_look(struct app *app)
{
	int64_t start = monotonic_ns(), took;
	uint64_t sum;
	int error;

	if (app->control != NULL)
		control_settle(app->control, 0);
	error = snapshot_update(&app->scope.snapshot);
	if (error != 0)
		notices_add(app->notices, start, NOTICE_ERROR, "/proc/sysvipc",
			error == -ENOENT ? _("does not exist: is /proc mounted?")
					 : strerror(-error));
	scope_find_channels(&app->scope);
	if (app->shows_memory && app->memory.segment < 0)
		act_command(app, COMMAND_MEMORY_NEXT);
	if (app->shows_memory &&
		memory_read(&app->memory, &app->scope.snapshot, app->stops, start)) {
		window_touch(app->window);
		if (app->memory.changed > 0)
			log_event(app->log, "changed", LOG_I64("segment", app->memory.segment),
				LOG_U64("bytes", app->memory.changed));
	}
	note_course(app);
	sum = sum_of_all(app, start);
	if (sum != app->drawn)
		window_touch(app->window);
	app->drawn = sum;
	took = monotonic_ns() - start;
	app->next_look = start + SDL_max(LOOK_NS, took * LOOK_SHARE);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void wheel(struct app *app, const SDL_Event *event)
{
	int by = -event->wheel.y * draw_px(app->draw, WHEEL_LINES);

	if (event->wheel.mouseY > app->left.y + app->left.h)
		memory_scroll(&app->memory, -3L * event->wheel.y);
	else if (event->wheel.mouseX < app->right.x)
		app->left_scroll += by;
	else
		app->right_scroll += by;
	window_touch(app->window);
}

static void click(struct app *app, int x, int y)
{
	if (notices_click(app->notices, x, y)) {
		window_touch(app->window);
		return;
	}
	for (unsigned i = 1; i <= TRACER_TASKS_MAX; i++) {
		if (!panes_inside(app->actor_rects[i], x, y))
			continue;
		if (i == app->chosen)
			act_command(app, COMMAND_STEP);
		else
			act_choose(app, i);
		return;
	}
	act_command(app, statusbar_command(&app->bar, x, y));
}

static void handle(struct app *app, const SDL_Event *event)
{
	if (help_event(&app->help, event)) {
		window_touch(app->window);
		return;
	}
	switch (event->type) {
	case SDL_QUIT: app->quits = true; return;
	case SDL_MOUSEWHEEL: wheel(app, event); return;
	case SDL_MOUSEBUTTONDOWN: click(app, event->button.x, event->button.y); return;
	default:
		act_command(app, keys_command(commands_table(app->control != NULL), event));
		return;
	}
}

static void handle_all(struct app *app, int64_t deadline)
{
	SDL_Event event;
	enum window_news news;

	while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
		deadline = 0;
		if (news == WINDOW_LOST)
			memory_forget(&app->memory);
		if (news == WINDOW_EVENT)
			handle(app, &event);
		if (news == WINDOW_WOKEN) /* a signal arrived */
			app->quits = true;
	}
}

int app_run(struct app *app)
{
	int64_t deadline;

	while (!app->quits) {
		if (notices_expire(app->notices, monotonic_ns()))
			window_touch(app->window);
		act_go_on(app);
		if (monotonic_ns() >= app->next_look)
			app_look(app);
		if (window_begin(app->window)) {
			app_draw(app);
			window_present(app->window);
		}
		deadline = SDL_min(app->next_look, act_deadline(app));
		handle_all(app, SDL_min(deadline, notices_deadline(app->notices)));
	}
	return 0;
}
