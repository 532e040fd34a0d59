/*
 * window.h - one SDL window with its renderer and pen: opening it, sleeping until something happens,
 * waking it from other threads, and presenting only what changed. The seam to the display: all else
 * in this folder draws with any renderer. One window a program; called on the thread that opened it,
 * window_wake() excepted.
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
	WINDOW_MIDDLE, /* of the whole screen: a window without a partner */
};

struct window_options {
	const char *title; /* the first one; with `keeps_title`, the only one */
	bool keeps_title;
	enum window_half half;
	int width, height; /* pixels of the desktop; 0: as fits in its half of the screen */
	bool has_position; /* x, y count */
	int x, y;          /* pixels of the desktop, of its frame */
	bool full_screen;
	int text_size; /* percent; 0: as it was last */
	bool lecture;
	bool has_theme; /* else as it was last */
	enum theme_kind theme;
	const char *memory; /* the program's name in window_memory.h; NULL: it remembers nothing */
};

enum window_news {
	WINDOW_NOTHING, /* the deadline is over */
	WINDOW_EVENT,   /* *event is for the program */
	WINDOW_WOKEN,   /* window_wake() was called since the last time */
	WINDOW_LOST,    /* the renderer lost its textures: view_forget() and begin again */
};

struct window;

/* What the command line says about a window: its place, its theme, the size of its text. */
struct window_options window_options_of(const struct common_options *common, const char *title);

/*
 * Opens the window and clears it to the background at once. Starts SDL's video part only. Uses the
 * graphics card if there is a real one, else SDL's software renderer (a GL that runs on the
 * processor is slower); $SDL_RENDER_DRIVER decides over that, $VITRINE_SCALE (1, 1.5, 2 …) over the
 * scale. NULL: `message` says why and what to do, e.g. that there is no display.
 */
struct window *window_open(const struct window_options *options, char *message, size_t size);
void window_close(struct window *window); /* NULL is allowed */

struct draw *window_draw(const struct window *window);
/* The output's size in pixels, and its scale: for panes_make(). */
struct panes window_panes(const struct window *window, unsigned parts);
SDL_Rect window_rect(const struct window *window);

/*
 * Sleeps until there is an event or `deadline` (CLOCK_MONOTONIC, ns; WINDOW_FOREVER; anything that
 * is past does not sleep at all). Truly sleeps: no polling. The mouse's coordinates in *event are
 * pixels of the output, also for wheel events (preciseX/Y stay as they are; mouseX, mouseY are
 * filled in). Exposure, resizing and moving to another screen mark the window dirty by themselves.
 * Call it until it says WINDOW_NOTHING, then draw once. A signal does not end the sleep: signals.h
 * waits for signals on a thread, and calls window_wake().
 */
enum window_news window_wait(struct window *window, SDL_Event *event, int64_t deadline);

/*
 * Makes window_wait() return WINDOW_WOKEN soon. Any thread; never sleeps; calls before it returned
 * count as one. What happened is to be found elsewhere (a queue under a lock, an atomic flag).
 */
void window_wake(struct window *window);

/* Something changed: the next window_begin() says true. */
void window_touch(struct window *window);
/* True: draw all of it now (it is cleared), then window_present(). False: nothing changed. */
bool window_begin(struct window *window);
void window_present(struct window *window);

/* Does nothing if the title is this one already, or is to stay as it was given. */
void window_set_title(struct window *window, const char *title);
void window_set_full_screen(struct window *window, bool on);
/* Where it is, or would be if it were not full screen, as struct window_options takes it. */
SDL_Rect window_place(const struct window *window);
bool window_is_full_screen(const struct window *window);
/* Another program drags something over it: known on X11 only. */
bool window_is_hovered(const struct window *window);

/*
 * Whether what is shown moves by itself, as a stream does. The desktop's screen saver is kept away
 * while it does, and in full screen.
 */
void window_set_moving(struct window *window, bool is_moving);

/* The size of all text and of what holds it, in percent; kept within the limits of options.h. */
void window_set_text_size(struct window *window, int percent);
int window_text_size(const struct window *window);

/*
 * Lecture mode: the text is so large that the last row of a class can read it, and whatever draws
 * leaves out what a class does not need. It is remembered nowhere, nor is a size that is set in it.
 */
void window_set_lecture(struct window *window, bool on);
bool window_is_lecture(const struct window *window);
/* The size of the text outside of lecture mode. */
int window_usual_text_size(const struct window *window);

/* Changes the theme of the program and draws its window again. */
void window_set_theme(struct window *window, enum theme_kind kind);
/* It has the keyboard. */
bool window_has_focus(const struct window *window);
bool window_is_software(const struct window *window);
/* The renderer's name ("software", "opengl"), for the log. */
const char *window_renderer_name(const struct window *window);

/*
 * Saves what is on the window, as of the last window_begin() and before window_present(), as PNG:
 * for the demo's screenshots. False: `message` says why.
 */
bool window_screenshot(struct window *window, const char *path, char *message, size_t size);

#endif
