/* window.c - see window.h. How the renderer and the scale are chosen is in window_display.c. */
#include "window.h"

#include "event.h"
#include "monotonic.h"
#include "text.h"
#include "translate.h"
#include "window_display.h"
#include "window_drag.h"
#include "window_icon.h"
#include "window_memory.h"

#include <SDL.h>
#include <SDL_image.h>
#include <locale.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 1180,
	HEIGHT = 720,
	WIDTH_MIN = 480,
	HEIGHT_MIN = 360,
};

struct window {
	SDL_Window *window;
	SDL_Renderer *renderer;
	struct draw *draw;
	double points; /* window coordinates per logical pixel; 1 if the desktop scales */
	double ratio;  /* pixels of the output per window coordinate */
	int text_size; /* percent, outside of lecture mode */
	bool is_lecture;
	int lecture_size;  /* set by the user in lecture mode, percent; 0: as the height requires */
	int width, height; /* of the output, pixels */
	bool is_dirty;
	bool is_full_screen;
	bool owes_frame; /* see show(): must be moved when it leaves full screen */
	struct window_drag drag;
	bool is_moving;
	bool remembers;
	bool keeps_title;
	struct window_memory memory;
	SDL_Rect opened; /* where it was opened; w 0: the command line placed it */
	SDL_Rect place;  /* before full screen */
	Uint32 wake_event;
	atomic_bool is_waking;
};

/* At a height of 768 pixels 150 %, above it more: the smallest type is then 2.3 % of the height. */
static int legible_size(const struct window *window)
{
	enum { STEP = 25 };
	const double height = window->height / (window->points * window->ratio);
	const int percent = (int)(height * 0.22) / STEP * STEP;

	return SDL_clamp(percent, OPTIONS_TEXT_LEAST, OPTIONS_TEXT_MOST);
}

/* Reads the output's size and scale, after opening, resizing, or moving to another screen. */
static void look_at_output(struct window *window)
{
	int width = 0;
	int height = 0;
	SDL_GetWindowSize(window->window, &width, &height);
	/*
	 * The renderer gets its new size only when something is drawn. The window's size in pixels
	 * would be wrong: on a scaled Wayland desktop, the surface of SDL2's software renderer is
	 * smaller.
	 */
	SDL_RenderClear(window->renderer);
	SDL_RenderFlush(window->renderer);
	SDL_GetRendererOutputSize(window->renderer, &window->width, &window->height);
	window->ratio = width > 0 ? (double)window->width / width : 1;
	float scale = (float)(window->points * window->ratio * window_text_size(window) / 100);
	if (window->draw != NULL && draw_scale(window->draw) != scale)
		draw_set_scale(window->draw, scale);
	window->is_dirty = true;
}

/* Stores where the window is; only on X11 can a program know that. */
static void tell_place(const struct window *window, SDL_Rect place)
{
	if (strcmp(SDL_GetCurrentVideoDriver(), "x11") == 0)
		window_memory_tell(&window->memory, place);
}

/*
 * Chooses the size and the position that the user did not give. The window must exist, so that its
 * screen is known.
 */
static void place_window(struct window *window, const struct window_options *options)
{
	const SDL_Point wanted = {(int)(WIDTH * window->points), (int)(HEIGHT * window->points)};
	const SDL_Point smallest = {
		(int)(WIDTH_MIN * window->points), (int)(HEIGHT_MIN * window->points)};
	SDL_Rect others[WINDOW_MEMORY_MOST];
	const size_t count = window_memory_others(&window->memory, others);
	SDL_Rect place;

	window_display_place(window->window, options->half, wanted, window->points, smallest,
		&place);
	if (window->memory.has_place)
		place = window->memory.place;
	if (window->memory.has_place || window->memory.before > 0)
		window_display_fit(window->window, window->points, window->memory.before, smallest,
			others, count, &place);
	if (options->width > 0) {
		place.w = options->width;
		place.h = options->height;
	}
	SDL_SetWindowMinimumSize(window->window, SDL_min(smallest.x, place.w),
		SDL_min(smallest.y, place.h));
	SDL_SetWindowSize(window->window, place.w, place.h);
	if (options->has_position || options->width > 0)
		return;
	SDL_SetWindowPosition(window->window, place.x, place.y);
	tell_place(window, place); /* before the next program looks for room */
}

static bool create_window(struct window *window, const struct window_options *options)
{
	int x = options->has_position ? options->x : (int)SDL_WINDOWPOS_UNDEFINED;
	int y = options->has_position ? options->y : (int)SDL_WINDOWPOS_UNDEFINED;

	window_display_visual();
	window->window =
		SDL_CreateWindow(options->title, x, y, options->width > 0 ? options->width : WIDTH,
			options->height > 0 ? options->height : HEIGHT,
			SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
	if (window->window == NULL)
		return false;
	window->keeps_title = options->keeps_title;
	window_icon_set(window->window);
	window->points = window_display_scale(window->window);
	place_window(window, options);
	window->renderer = window_display_renderer(window->window);
	return window->renderer != NULL;
}

static bool start(struct window *window, const struct window_options *options, char *message,
	size_t size)
{
	/*
	 * SDL converts an X11 title to the encoding of the locale, which is C until a program sets
	 * another.
	 */
	setlocale(LC_CTYPE, "C.UTF-8");
	window_display_hints(options->title);
	if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
		window_display_message(message, size);
		return false;
	}
	if (!window_display_is_there()) {
		window_display_message(message, size);
		return false;
	}
	/* On X11 SDL sets all locales and restores them, but not one that translate.c has made. */
	translate_start();
	window->wake_event = SDL_RegisterEvents(1);
	if (!create_window(window, options)) {
		window_display_refused(message, size);
		return false;
	}
	window->draw = draw_create(window->renderer, 1);
	if (window->draw == NULL) {
		text_print(message, size, _("cannot open a window: not enough memory"));
		return false;
	}
	return true;
}

/* Restores what was kept last time, unless the options say otherwise. */
static void remember(struct window *window, const struct window_options *options)
{
	struct window_look look = {THEME_DARK, 100};

	window->memory.file = window->memory.all = -1;
	if (options->memory != NULL) {
		window_memory_open(&window->memory, options->memory);
		window_memory_look(&look);
	}
	theme_use(options->has_theme ? options->theme : look.theme);
	window->text_size = options->text_size > 0 ? options->text_size : look.text_size;
	window->is_lecture = options->lecture;
	window->remembers = options->memory != NULL;
}

/*
 * Keeps the place if the user has changed it. The window manager may move a window a little by
 * itself.
 */
static void keep_place(struct window *window)
{
	enum { LITTLE = 48 }; /* pixels: a frame */
	const SDL_Rect *was = &window->opened;
	SDL_Rect is = window_place(window);

	if (was->w == 0 || (SDL_GetWindowFlags(window->window) & SDL_WINDOW_MAXIMIZED) != 0)
		return;
	if (is.w != was->w || is.h != was->h || SDL_abs(is.x - was->x) > LITTLE ||
		SDL_abs(is.y - was->y) > LITTLE)
		window_memory_keep(&window->memory, is);
}

static void keep_look(const struct window *window)
{
	const struct window_look look = {theme_kind(), window->text_size};

	if (window->remembers)
		window_memory_keep_look(&look);
}

static void add_frame(struct window *window, SDL_Point place)
{
	int top = 0;
	int left = 0;

	SDL_GetWindowBordersSize(window->window, &top, &left, NULL, NULL);
	if (top <= 0 && left <= 0)
		return;
	/*
	 * Twice, because openbox ignores a request for the position that the client area already
	 * has.
	 */
	SDL_SetWindowPosition(window->window, place.x + 2 * left, place.y + 2 * top);
	SDL_SetWindowPosition(window->window, place.x + left, place.y + top);
}

/*
 * Shows the window. sdl2-compat places the client area where SDL2 places the frame, and SDL3 knows
 * the width of the frame only after the window manager has added it, so the window is moved then.
 * If the window manager chose the place, the window stays there.
 */
static void show(struct window *window, const struct window_options *options)
{
	const bool is_placed = options->has_position || options->width <= 0;
	SDL_Point place = {0};

	SDL_GetWindowPosition(window->window, &place.x, &place.y);
	SDL_ShowWindow(window->window);
	if (!is_placed || !window_display_is_sdl3())
		return;
	if (window->is_full_screen)
		window->owes_frame = true;
	else
		add_frame(window, place);
}

struct window *window_open(const struct window_options *options, char *message, size_t size)
{
	struct window *window = calloc(1, sizeof(*window));
	if (window == NULL) {
		text_print(message, size, _("cannot open a window: not enough memory"));
		return NULL;
	}
	remember(window, options);
	if (!start(window, options, message, size)) {
		window_close(window);
		return NULL;
	}
	window_drag_let_sdl_report(options->takes_drops);
	if (options->takes_drops)
		window_drag_start(&window->drag, window->window);
	if (options->full_screen)
		window_set_full_screen(window, true);
	show(window, options);
	look_at_output(window);
	if (!options->has_position && options->width <= 0)
		window->opened = window_place(window);
	window_begin(window);
	window_present(window);
	window->is_dirty = true;
	return window;
}

/*
 * SDL 2.26 may still take the window for asleep, and would then try to wake it with the next event,
 * which is one that its destruction sends. So push an event while the window still exists.
 */
static void get_last_waking_over(const struct window *window)
{
	SDL_Event event = event_of(window->wake_event);

	SDL_PushEvent(&event);
}

/*
 * Does not call SDL_QuitSubSystem(): that would close the connection through which windows are
 * woken, and Xlib ends the program if a wake-up comes after that. The connection is closed when the
 * process ends.
 */
void window_close(struct window *window)
{
	if (window == NULL)
		return;
	if (window->window != NULL)
		keep_place(window);
	window_memory_close(&window->memory);
	draw_destroy(window->draw);
	if (window->renderer != NULL)
		SDL_DestroyRenderer(window->renderer);
	if (window->window != NULL) {
		get_last_waking_over(window);
		window_drag_stop();
		SDL_DestroyWindow(window->window);
	}
	free(window);
}

struct draw *window_draw(const struct window *window)
{
	return window->draw;
}

SDL_Rect window_rect(const struct window *window)
{
	return (SDL_Rect){0, 0, window->width, window->height};
}

struct panes window_panes(const struct window *window, unsigned parts)
{
	return panes_make(window->width, window->height, draw_scale(window->draw), parts);
}

/* ---- events -------------------------------------------------------------------------------- */

/*
 * SDL reports the position of the mouse in window coordinates, which on HiDPI are not the output's
 * pixels.
 */
static void to_output(const struct window *window, SDL_Event *event)
{
	const double ratio = window->ratio;
	Sint32 *numbers[4] = {0};

	if (ratio == 1)
		return;
	switch (event->type) {
	case SDL_MOUSEMOTION:
		numbers[0] = &event->motion.x;
		numbers[1] = &event->motion.y;
		numbers[2] = &event->motion.xrel;
		numbers[3] = &event->motion.yrel;
		break;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
		numbers[0] = &event->button.x;
		numbers[1] = &event->button.y;
		break;
	case SDL_MOUSEWHEEL:
		numbers[0] = &event->wheel.mouseX;
		numbers[1] = &event->wheel.mouseY;
		break;
	default: break;
	}
	for (int i = 0; i < 4 && numbers[i] != NULL; i++)
		*numbers[i] = (Sint32)(*numbers[i] * ratio);
}

static void follow_window(struct window *window, const SDL_WindowEvent *event)
{
	switch (event->event) {
	case SDL_WINDOWEVENT_MOVED: tell_place(window, window_place(window)); break;
	case SDL_WINDOWEVENT_SIZE_CHANGED:
	case SDL_WINDOWEVENT_DISPLAY_CHANGED:
		look_at_output(window);
		tell_place(window, window_place(window));
		break;
	case SDL_WINDOWEVENT_SHOWN:
	case SDL_WINDOWEVENT_EXPOSED:
	case SDL_WINDOWEVENT_RESTORED:
	case SDL_WINDOWEVENT_MAXIMIZED: window->is_dirty = true; break;
	default: break;
	}
}

static enum window_news classify(struct window *window, SDL_Event *event)
{
	if (event->type == window->wake_event) {
		atomic_store(&window->is_waking, false);
		return WINDOW_WOKEN;
	}
	if (window_drag_follow(&window->drag, event))
		window->is_dirty = true;
	switch (event->type) {
	case SDL_WINDOWEVENT: follow_window(window, &event->window); break;
	case SDL_RENDER_DEVICE_RESET:
		draw_forget(window->draw);
		window->is_dirty = true;
		return WINDOW_LOST;
	case SDL_RENDER_TARGETS_RESET: window->is_dirty = true; break;
	default: to_output(window, event); break;
	}
	return WINDOW_EVENT;
}

/* Rounded up, because waking just before the deadline would only mean sleeping again. */
static int milliseconds_until(int64_t deadline)
{
	const int64_t longest = 60 * 1000;
	int64_t left = deadline == WINDOW_FOREVER ? longest
						  : (deadline - monotonic_ns() + 999999) / 1000000;
	return (int)SDL_clamp(left, 0, longest);
}

enum window_news window_wait(struct window *window, SDL_Event *event, int64_t deadline)
{
	int timeout = deadline <= monotonic_ns() ? 0 : milliseconds_until(deadline);
	if (SDL_WaitEventTimeout(event, timeout) == 0)
		return WINDOW_NOTHING;
	return classify(window, event);
}

void window_wake(struct window *window)
{
	SDL_Event event = event_of(window->wake_event);
	if (atomic_exchange(&window->is_waking, true))
		return;
	if (SDL_PushEvent(&event) != 1)
		atomic_store(&window->is_waking, false);
}

/* ---- drawing ------------------------------------------------------------------------------- */

void window_touch(struct window *window)
{
	window->is_dirty = true;
}

bool window_begin(struct window *window)
{
	SDL_Color ground = THEME_BACKGROUND;
	if (!window->is_dirty)
		return false;
	window->is_dirty = false;
	SDL_RenderSetClipRect(window->renderer, NULL);
	SDL_SetRenderDrawColor(window->renderer, ground.r, ground.g, ground.b, ground.a);
	SDL_RenderClear(window->renderer);
	return true;
}

void window_present(struct window *window)
{
	SDL_RenderPresent(window->renderer);
}

void window_set_title(struct window *window, const char *title)
{
	if (!window->keeps_title && strcmp(SDL_GetWindowTitle(window->window), title) != 0)
		SDL_SetWindowTitle(window->window, title);
}

SDL_Rect window_place(const struct window *window)
{
	SDL_Rect place;
	int left = 0;
	int top = 0;

	if (window->is_full_screen)
		return window->place;
	/* The position that SDL reports is that of the client area. */
	SDL_GetWindowBordersSize(window->window, &top, &left, NULL, NULL);
	SDL_GetWindowPosition(window->window, &place.x, &place.y);
	SDL_GetWindowSize(window->window, &place.w, &place.h);
	place.x -= left;
	place.y -= top;
	return place;
}

static void allow_screen_saver(const struct window *window)
{
	if (window->is_full_screen || window->is_moving)
		SDL_DisableScreenSaver();
	else
		SDL_EnableScreenSaver();
}

void window_set_moving(struct window *window, bool is_moving)
{
	if (is_moving == window->is_moving)
		return;
	window->is_moving = is_moving;
	allow_screen_saver(window);
}

void window_set_full_screen(struct window *window, bool on)
{
	window->place = window_place(window);
	if (SDL_SetWindowFullscreen(window->window, on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0) == 0)
		window->is_full_screen = on;
	if (window->owes_frame && !window->is_full_screen) {
		window->owes_frame = false;
		add_frame(window, (SDL_Point){window->place.x, window->place.y});
	}
	allow_screen_saver(window);
	window->is_dirty = true;
}

void window_set_text_size(struct window *window, int percent)
{
	percent = SDL_clamp(percent, OPTIONS_TEXT_LEAST, OPTIONS_TEXT_MOST);
	if (window->is_lecture) {
		window->lecture_size = percent;
	} else {
		window->text_size = percent;
		keep_look(window);
	}
	look_at_output(window);
}

int window_text_size(const struct window *window)
{
	if (!window->is_lecture)
		return window->text_size;
	if (window->lecture_size > 0)
		return window->lecture_size;
	return SDL_max(window->text_size, legible_size(window));
}

int window_usual_text_size(const struct window *window)
{
	return window->text_size;
}

void window_set_lecture(struct window *window, bool on)
{
	window->is_lecture = on;
	window->lecture_size = 0;
	look_at_output(window);
}

bool window_is_lecture(const struct window *window)
{
	return window->is_lecture;
}

void window_set_theme(struct window *window, enum theme_kind kind)
{
	theme_use(kind);
	keep_look(window);
	draw_forget(window->draw); /* the checkerboard's texture has the theme's colours */
	window->is_dirty = true;
}

bool window_is_hovered(const struct window *window)
{
	return window->drag.hovers;
}

bool window_is_full_screen(const struct window *window)
{
	return window->is_full_screen;
}

const char *window_renderer_name(const struct window *window)
{
	SDL_RendererInfo info;
	return SDL_GetRendererInfo(window->renderer, &info) == 0 ? info.name : "unknown";
}

bool window_has_focus(const struct window *window)
{
	return (SDL_GetWindowFlags(window->window) & SDL_WINDOW_INPUT_FOCUS) != 0;
}
