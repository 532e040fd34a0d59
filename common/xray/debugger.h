/*
 * lab.h - the part of both windows that shows how the semaphores work: X-ray panel, timeline, step
 * mode, slow motion, trace file, and the key that kills this program. A program makes one, opens
 * its channel with lab_observed(), hands events and commands in, and draws it over its own panes.
 * For the thread that draws.
 */
#ifndef VITRINE_UI_LAB_H
#define VITRINE_UI_LAB_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stdint.h>

#include "keys.h"
#include "lab_options.h"
#include "link.h"
#include "log.h"
#include "panes.h"
#include "window.h"

/* The lab's commands, behind all of a program's own. */
enum lab_command {
	LAB_XRAY = 1000,
	LAB_TIMELINE,
	LAB_STEP,
	LAB_SLOWER,
	LAB_FASTER,
	LAB_KILL,
};

/* Rows for a program's key table: that with the hint "x-ray", and the others. */
#define LAB_XRAY_BINDING                                                                           \
	{                                                                                          \
		.keys = {SDLK_x}, .command = LAB_XRAY, .shown = "X", .label = "x-ray",             \
		.help = "X-ray: the semaphores and slots, live", .group = "Look inside"            \
	}
#define LAB_BINDINGS                                                                               \
	{.keys = {SDLK_t},                                                                         \
		.command = LAB_TIMELINE,                                                           \
		.shown = "T",                                                                      \
		.help = "timeline of the last 30 seconds",                                         \
		.group = "Look inside"},                                                           \
		{.keys = {'.'},                                                                    \
			.command = LAB_STEP,                                                       \
			.shown = ".",                                                              \
			.help = "step mode: stop before each semop; again: do it",                 \
			.group = "Look inside"},                                                   \
		{.keys = {'['}, .command = LAB_SLOWER, .shown = "[", .group = "Look inside"},      \
		{.keys = {']'},                                                                    \
			.command = LAB_FASTER,                                                     \
			.shown = "[ ]",                                                            \
			.help = "slow motion: slower, faster",                                     \
			.group = "Look inside"},                                                   \
	{                                                                                          \
		.keys = {SDLK_k}, .command = LAB_KILL, .shown = "K",                               \
		.help = "kill this program on the spot (SIGKILL); asks once",                      \
		.group = "Look inside"                                                             \
	}

struct lab;

/*
 * Opens the trace file, if there is to be one. NULL: the log has said why. `accent` is the colour of
 * the program's role; `options`, `window` and `log` must outlive it.
 */
struct lab *lab_create(const struct lab_options *options, struct window *window, struct log *log,
	SDL_Color accent);

/* The same options with the lab among the observers: for link_create(). */
struct vitrine_options lab_observed(struct lab *lab, const struct vitrine_options *options);

/* The link was created: begins to look. False: errno. */
bool lab_start(struct lab *lab, struct link *link);

/* Before the program ends its worker: nobody is stopped in step mode any more. NULL is allowed. */
void lab_let_go(struct lab *lab);

/* When the worker has ended, and before the link and the window do. NULL is allowed. */
void lab_destroy(struct lab *lab);

/* ---- the loop ------------------------------------------------------------------------------ */

/* Does a command; others than its own are ignored. */
void lab_obey(struct lab *lab, int command);
/* A click or the wheel over the panel, or the answer to a question. True: it was for the lab. */
bool lab_event(struct lab *lab, const SDL_Event *event);
/* Esc, first of all: withdraws the question, leaves step mode. True: that was the step back. */
bool lab_escape(struct lab *lab);
/* Esc, last before full screen and the end: closes panel and timeline. True: there was one. */
bool lab_close(struct lab *lab);

/* Takes in what is new, and touches the window if there is something. In each round of the loop. */
void lab_work(struct lab *lab, int64_t now);
/* When it wants to be asked again; WINDOW_FOREVER: when it wakes the window. */
int64_t lab_deadline(const struct lab *lab);
/* The renderer lost its textures. */
void lab_forget(struct lab *lab);

/* In step mode or slow motion: each call counts. */
bool lab_is_stepping(const struct lab *lab);

/* `options` as they would begin with what it does now: for the program that takes this one's place. */
struct lab_options lab_now(const struct lab *lab, const struct lab_options *options);

/* The panes that the program has, for its own part: the lab takes what it needs of the picture's. */
struct panes lab_panes(struct lab *lab, unsigned parts);
/* What the card of step mode leaves of the picture, for notices and buttons. After lab_panes(). */
SDL_Rect lab_free(const struct lab *lab, SDL_Rect picture);
/* Draws all of it, after the program's own and where lab_panes() put it. */
void lab_draw(struct lab *lab, int64_t now);

#endif
