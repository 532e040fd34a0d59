/*
 * window.h - one SDL window with its renderer and pen: opening it, sleeping until something
 * happens, waking it from other threads, and presenting only what changed. Only this module depends
 * on a display: everything else in this folder draws with any renderer. A program has one window.
 * Called on the thread that opened it, except for window_wake().
 */
#ifndef VITRINE_UI_WINDOW_H
#define VITRINE_UI_WINDOW_H

#include "draw.h"
#include "options.h"
#include "panes.h"
#include "theme.h"

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WINDOW_FOREVER INT64_MAX

/* The part of the screen that a window takes if it is not placed. */
enum window_half {
	WINDOW_LEFT,
	WINDOW_RIGHT,
	WINDOW_MIDDLE, /* the middle of the whole screen, for a window without a partner */
};

struct window_options {
	const char *title; /* the initial title; with `keeps_title`, it never changes */
	bool keeps_title;
	enum window_half half;
	int width, height; /* pixels of the desktop; 0: chosen to fit into its half of the screen */
	bool has_position; /* x and y are given */
	int x, y;          /* pixels of the desktop, of its frame */
	bool full_screen;
	int text_size; /* percent; 0: as last time */
	bool lecture;
	bool takes_drops; /* false: a drag over it is told so, and no event of a drop arrives */
	bool has_theme;   /* false: as last time */
	enum theme_kind theme;
	const char
		*memory; /* the program's name for window_memory.h; NULL: nothing is remembered */
};

enum window_news {
	WINDOW_NOTHING, /* the deadline has passed */
	WINDOW_EVENT,   /* *event is for the program */
	WINDOW_WOKEN,   /* window_wake() was called since the last time */
	WINDOW_LOST,    /* the renderer lost its textures: view_forget() and begin again */
};

struct window;

/* The window's options on the command line: its place, its theme, the size of its text. */
struct window_options window_options_of(const struct common_options *common, const char *title);

/*
 * Opens the window and clears it to the background at once. Starts only SDL's video subsystem. Uses
 * the graphics card if there is one, otherwise SDL's software renderer (a software GL is slower).
 * $SDL_RENDER_DRIVER overrides that choice, $VITRINE_SCALE (1, 1.5, 2 …) the scale. NULL: `message`
 * has the reason and the remedy, for example that there is no display.
 */
struct window *window_open(const struct window_options *options, char *message, size_t size);
void window_close(struct window *window); /* NULL is allowed */

struct draw *window_draw(const struct window *window);
/* Divides the output; see panes_make(). */
struct panes window_panes(const struct window *window, unsigned parts);
SDL_Rect window_rect(const struct window *window);

/*
 * Sleeps, without polling, until there is an event or until `deadline` (CLOCK_MONOTONIC, ns;
 * WINDOW_FOREVER: no limit; a time in the past: no sleep). Mouse coordinates in *event are pixels
 * of the output, even for wheel events (preciseX/Y are unchanged; mouseX, mouseY are filled in).
 * Exposure, resizing and moving to another screen mark the window dirty. Call it until it returns
 * WINDOW_NOTHING, then draw once. A signal does not end the sleep: signals.h waits for signals on a
 * thread, and calls window_wake().
 */
enum window_news window_wait(struct window *window, SDL_Event *event, int64_t deadline);

/*
 * Makes window_wait() return WINDOW_WOKEN soon. Any thread; never sleeps; several calls before that
 * count as one. The caller stores elsewhere what has happened (in a queue under a lock, or an
 * atomic flag).
 */
void window_wake(struct window *window);

/* Marks the window dirty: the next window_begin() returns true. */
void window_touch(struct window *window);
/*
 * True: the window was cleared; draw all of it now, then call window_present(). False: nothing
 * changed.
 */
bool window_begin(struct window *window);
void window_present(struct window *window);

/* Does nothing if the window already has this title, or keeps its initial title. */
void window_set_title(struct window *window, const char *title);
void window_set_full_screen(struct window *window, bool on);
/* Where it is, or would be without full screen, in the form that struct window_options takes. */
SDL_Rect window_place(const struct window *window);
bool window_is_full_screen(const struct window *window);
/* True while another program drags something over it. */
bool window_is_hovered(const struct window *window);

/*
 * Sets whether the contents move by themselves, as a stream does. The screen saver is disabled
 * while they do, and in full screen.
 */
void window_set_moving(struct window *window, bool is_moving);

/*
 * The size of all text, and of the areas that contain it, in percent, within the limits of
 * options.h.
 */
void window_set_text_size(struct window *window, int percent);
int window_text_size(const struct window *window);

/*
 * Lecture mode: the text is large enough to be readable from the last row of a classroom, and
 * everything that draws omits what a class does not need. Neither the mode nor a size that is set
 * in it is remembered.
 */
void window_set_lecture(struct window *window, bool on);
bool window_is_lecture(const struct window *window);
/* The size of the text outside of lecture mode. */
int window_usual_text_size(const struct window *window);

/* Changes the theme of the program and draws its window again. */
void window_set_theme(struct window *window, enum theme_kind kind);
/* True if it has the keyboard focus. */
bool window_has_focus(const struct window *window);
/* The renderer's name ("software", "opengl"), for the log. */
const char *window_renderer_name(const struct window *window);

#endif
