/*
 * debugger.h - the part of both windows that shows how the semaphores work: X-ray panel, timeline, step
 * mode, slow motion, trace file, and the key that kills this program. A program makes one, opens
 * its channel with debugger_observed(), hands events and commands in, and draws it over its own panes.
 * For the thread that draws.
 */
#ifndef VITRINE_XRAY_DEBUGGER_H
#define VITRINE_XRAY_DEBUGGER_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stdint.h>

#include "debug_options.h"
#include "keys.h"
#include "link.h"
#include "log.h"
#include "panes.h"
#include "theme.h"
#include "translate.h"
#include "window.h"

/* The debugger's commands, behind all of a program's own. */
enum debugger_key {
	DEBUGGER_XRAY = 1000,
	DEBUGGER_TIMELINE,
	DEBUGGER_STEP,
	DEBUGGER_SLOWER,
	DEBUGGER_FASTER,
	DEBUGGER_KILL,
};

/* Rows for a program's key table: that with the hint "x-ray", and the others. */
#define DEBUGGER_XRAY_BINDING                                                                      \
	{                                                                                          \
		.keys = {SDLK_x}, .command = DEBUGGER_XRAY, .shown = "X", .label = N_("x-ray"),    \
		.help = N_("X-ray: the semaphores and slots, live"), .group = N_("Look inside")    \
	}
#define DEBUGGER_BINDINGS                                                                          \
	{.keys = {SDLK_t},                                                                         \
		.command = DEBUGGER_TIMELINE,                                                      \
		.shown = "T",                                                                      \
		.help = N_("timeline of the last 30 seconds"),                                     \
		.group = N_("Look inside")},                                                       \
		{.keys = {'.'},                                                                    \
			.command = DEBUGGER_STEP,                                                  \
			.shown = ".",                                                              \
			.help = N_(                                                                \
				"step mode: stop before each semop; press again to execute it"),   \
			.group = N_("Look inside")},                                               \
		{.keys = {'['},                                                                    \
			.command = DEBUGGER_SLOWER,                                                \
			.shown = "[",                                                              \
			.group = N_("Look inside")},                                               \
		{.keys = {']'},                                                                    \
			.command = DEBUGGER_FASTER,                                                \
			.shown = "[ ]",                                                            \
			.help = N_("slow motion: slower, faster"),                                 \
			.group = N_("Look inside")},                                               \
	{                                                                                          \
		.keys = {SDLK_k}, .command = DEBUGGER_KILL, .shown = "K",                          \
		.help = N_("kill this program on the spot (SIGKILL); asks once"),                  \
		.group = N_("Look inside")                                                         \
	}

struct debugger;

/*
 * Opens the trace file, if there is to be one. NULL: the log has said why. `accent` is the colour of
 * the program's role; `options`, `window` and `log` must outlive it.
 */
struct debugger *debugger_create(const struct debug_options *options, struct window *window,
	struct log *log, enum theme_colour accent);

/* The same options with the debugger among the observers: for link_create(). */
struct vitrine_options debugger_observed(struct debugger *debugger,
	const struct vitrine_options *options);

/* The link was created: begins to look. False: errno. */
bool debugger_start(struct debugger *debugger, struct link *link);

/* Call before ending the worker: releases a thread stopped in step mode. NULL is allowed. */
void debugger_release(struct debugger *debugger);

/* When the worker has ended, and before the link and the window do. NULL is allowed. */
void debugger_destroy(struct debugger *debugger);

/* ---- the loop ------------------------------------------------------------------------------ */

/*
 * Does a command; others than its own are ignored. In full screen the step mode does not begin: a
 * presenter's remote sends its key.
 */
void debugger_command(struct debugger *debugger, int command);
/* A click or the wheel over the panel, or the answer to a question. True: it was for the debugger. */
bool debugger_event(struct debugger *debugger, const SDL_Event *event);
/* Esc, first of all: withdraws the question, leaves step mode. True: that was the step back. */
bool debugger_escape(struct debugger *debugger);
/* Esc, last before full screen and the end: closes panel and timeline. True: there was one. */
bool debugger_close(struct debugger *debugger);

/*
 * Collects news and marks the window for redrawing if there is any. Call in each turn of the loop.
 */
void debugger_work(struct debugger *debugger, int64_t now);
/* When it wants to be asked again; WINDOW_FOREVER: when it wakes the window. */
int64_t debugger_deadline(const struct debugger *debugger);
/* The renderer lost its textures. */
void debugger_forget(struct debugger *debugger);

/* True while X-ray, timeline, step mode, slow motion or a recording show the calls: each one counts. */
bool debugger_is_open(const struct debugger *debugger);

/* `options` as they would begin with what it does now: for the program that takes this one's place. */
struct debug_options debugger_options_now(const struct debugger *debugger,
	const struct debug_options *options);

/* The panes that the program has, for its own part: the debugger takes what it needs of the picture's. */
struct panes debugger_panes(struct debugger *debugger, unsigned parts);
/* What the card of step mode leaves of the picture, for notices and buttons. After debugger_panes(). */
SDL_Rect debugger_free(const struct debugger *debugger, SDL_Rect picture);
/*
 * Draws all but the question, where debugger_panes() put it: after the picture, which the panel may
 * cover, and before notices, which must not be cut by it.
 */
void debugger_draw(struct debugger *debugger, int64_t now);
/* Draws the question of K, if it is asked, over all else. */
void debugger_draw_question(const struct debugger *debugger);

#endif
