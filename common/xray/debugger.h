/*
 * debugger.h - the part of both windows that shows how the semaphores work: X-ray panel, timeline,
 * step mode, slow motion, trace file, and the key that kills this program. A program creates one,
 * opens its channel with debugger_observed(), passes on events and commands, and draws it over its
 * own panes. Called on the thread that draws.
 */
#ifndef VITRINE_XRAY_DEBUGGER_H
#define VITRINE_XRAY_DEBUGGER_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stdint.h>

#include "debug_options.h"
#include "key_table.h"
#include "link.h"
#include "log.h"
#include "panes.h"
#include "theme.h"
#include "translate.h"
#include "window.h"

/* The debugger's commands; their numbers follow those of the program's commands. */
enum debugger_key {
	DEBUGGER_XRAY = 1000,
	DEBUGGER_TIMELINE,
	DEBUGGER_STEP,
	DEBUGGER_SLOWER,
	DEBUGGER_FASTER,
	DEBUGGER_KILL,
};

/* Rows for a program's key table: the one with the hint "x-ray", and the others. */
#define DEBUGGER_XRAY_BINDING                                                                      \
	{                                                                                          \
		.keys = {SDLK_x}, .command = DEBUGGER_XRAY, .shown = "X", .label = N_("x-ray"),    \
		.help = N_("show the X-ray: the semaphores and slots, live"),                      \
		.group = N_("Look inside")                                                         \
	}
#define DEBUGGER_BINDINGS                                                                          \
	{.keys = {SDLK_t},                                                                         \
		.command = DEBUGGER_TIMELINE,                                                      \
		.shown = "T",                                                                      \
		.help = N_("show the timeline of the last 30 seconds"),                            \
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
			.help = N_("make slow motion slower or faster"),                           \
			.group = N_("Look inside")},                                               \
	{                                                                                          \
		.keys = {SDLK_k}, .command = DEBUGGER_KILL, .shown = "K",                          \
		.help = N_("kill this program at once (SIGKILL), after confirmation"),             \
		.group = N_("Look inside")                                                         \
	}

struct debugger;

/*
 * Opens the trace file, if one is requested. NULL: the reason was logged. `accent` is the colour of
 * the program's role; `options`, `window` and `log` must outlive it.
 */
struct debugger *debugger_create(const struct debug_options *options, struct window *window,
	struct log *log, enum theme_colour accent);

/* Returns the options with the debugger as an observer, for link_create(). */
struct vitrine_options debugger_observed(struct debugger *debugger,
	const struct vitrine_options *options);

/* Call after the link was created: starts the sampler. False: see errno. */
bool debugger_start(struct debugger *debugger, struct link *link);

/* Call before ending the worker: releases a thread stopped in step mode. NULL is allowed. */
void debugger_release(struct debugger *debugger);

/*
 * Call when the worker has ended, and before the link and the window are destroyed. NULL is
 * allowed.
 */
void debugger_destroy(struct debugger *debugger);

/* ---- the loop ------------------------------------------------------------------------------ */

/*
 * Executes a command; ignores commands that are not the debugger's. In full screen it does not
 * start step mode, because presenters' remotes send its key.
 */
void debugger_command(struct debugger *debugger, int command);
/*
 * Handles a click or the wheel over the panel, and the answer to a question. True: the event was
 * for the debugger.
 */
bool debugger_event(struct debugger *debugger, const SDL_Event *event);
/* Esc, before anything else: withdraws the question, or leaves step mode. True: it did so. */
bool debugger_escape(struct debugger *debugger);
/* Esc, after anything else except full screen: closes panel and timeline. True: one was open. */
bool debugger_close(struct debugger *debugger);

/*
 * Collects news and marks the window for redrawing if there is any. Call in each turn of the loop.
 */
void debugger_work(struct debugger *debugger, int64_t now);
/* When debugger_work() must be called again; WINDOW_FOREVER: only after the window was woken. */
int64_t debugger_deadline(const struct debugger *debugger);
/* The renderer lost its textures. */
void debugger_forget(struct debugger *debugger);

/*
 * True while the X-ray, the timeline, step mode, slow motion or a recording shows the calls, so
 * that the program should make no unnecessary ones.
 */
bool debugger_is_open(const struct debugger *debugger);

/* The options with which the program that replaces this one starts in the current state. */
struct debug_options debugger_options_now(const struct debugger *debugger,
	const struct debug_options *options);

/*
 * The panes for the program's own contents: the debugger takes what it needs from the picture's
 * pane.
 */
struct panes debugger_panes(struct debugger *debugger, unsigned parts);
/*
 * The part of the picture that the card of step mode does not cover. Call after debugger_panes().
 */
SDL_Rect debugger_free(const struct debugger *debugger, SDL_Rect picture);
/*
 * The same for notices and buttons. If the panel covers the picture, this is the place below what
 * the panel says about processes, or in a low window the status bar's, where a notice is one line.
 */
SDL_Rect debugger_notices(const struct debugger *debugger, SDL_Rect picture);
/*
 * Draws everything except the question, where debugger_panes() placed it. Call after drawing the
 * picture, which the panel may cover, and before notices, which it must not cover.
 */
void debugger_draw(struct debugger *debugger, int64_t now);
/* Draws the question of K, if it is open, over everything else. */
void debugger_draw_question(const struct debugger *debugger);

#endif
