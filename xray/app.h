/*
 * app.h - the window of vitrine xray: what it shows and what its keys do. It has one thread: the
 * kernel allows only the thread that started a program to control it.
 */
#ifndef VITRINE_XRAY_APP_H
#define VITRINE_XRAY_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "control/control.h"
#include "control/verdict.h"
#include "help.h"
#include "log.h"
#include "memory.h"
#include "notices.h"
#include "scope.h"
#include "search/replay.h"
#include "semaphore_history.h"
#include "statusbar.h"
#include "window.h"

/* How programs under control continue. */
enum app_pace {
	APP_STANDS, /* one step per key press */
	APP_SLOW,   /* one step every `slow_ns` */
	APP_RUNS,   /* all run, until none can continue */
};

/* Where a semaphore was drawn, for the arrows. */
struct app_spot {
	int set;
	uint32_t semaphore;
	SDL_Rect rect;
};

#define APP_SPOTS 256

struct app {
	struct scope scope;
	struct control *control;      /* NULL: no programs were given */
	struct replay *replay;        /* owns `control`; NULL: there is no --replay */
	struct execution_options run; /* for a replay */
	const struct log *log;
	struct window *window;
	struct draw *draw;
	struct notices *notices;
	struct help help;
	struct statusbar bar;
	struct verdict verdict;
	struct memory memory;             /* the contents of a segment */
	struct semaphore_history history; /* of `empty` and `full` */
	bool shows_memory;
	enum app_pace pace;
	int64_t slow_ns, next_step, next_look;
	unsigned chosen; /* the selected actor, for "step" and "kill"; 0: none yet */
	uint64_t stops;  /* grows with each step, kill and start: memory_read() compares it */
	int left_scroll, left_height, right_scroll, right_height;
	SDL_Rect left, right; /* where objects and processes are drawn */
	struct app_spot spots[APP_SPOTS];
	size_t spot_count;
	SDL_Rect actor_rects[TRACER_TASKS_MAX + 1]; /* the cards drawn, by number */
	uint64_t drawn;                             /* a hash of what the window shows */
	bool quits;
};

/* Takes a new look at everything that is shown. */
void app_look(struct app *app);

/* Runs until the window is closed. Returns the exit status. */
int app_run(struct app *app);

/* ---- acting: act.c --------------------------------------------------------------------------- */

void act_command(struct app *app, int command);
void act_choose(struct app *app, unsigned number);

/* Continues slow motion and running by one turn. */
void act_go_on(struct app *app);

/* When to call act_go_on() next, or WINDOW_FOREVER. */
int64_t act_deadline(const struct app *app);

/* ---- drawing --------------------------------------------------------------------------------- */

void app_draw(struct app *app); /* app_draw.c */
/* objects_draw.c and processes_draw.c; both return the height. */
int objects_draw(struct app *app, SDL_Rect area, int top);
int processes_draw(struct app *app, SDL_Rect area, int top);
void arrows_draw(struct app *app); /* arrows_draw.c */

/*
 * True if an object belongs to the programs under control; without programs, all do. objects_draw.c
 */
bool objects_shows_set(const struct app *app, const struct snapshot_set *set);
bool objects_shows_segment(const struct app *app, const struct sysv_object *segment);

#endif
