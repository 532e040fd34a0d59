/* window_display.c - see window_display.h. */
#include "window_display.h"
#include "text.h"

#include <SDL.h>
#include <SDL_syswm.h>
#ifdef SDL_VIDEO_DRIVER_X11
#include <X11/Xutil.h>
#endif
#include <glob.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "translate.h"

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && *value != '\0';
}

void window_display_hints(const char *name)
{
	SDL_SetHint(SDL_HINT_APP_NAME, name);
	SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH,
		"1"); /* pass on the click that sets the focus */
	/*
	 * SDL 3 reports each click twice, as a double click, if the window manager looks at clicks
	 * first: from the mouse itself, and from the pointer. Only SDL 3 knows this hint.
	 */
	SDL_SetHint("SDL_VIDEO_X11_XINPUT2", "0");
	/*
	 * sdl2-compat would count a window in pixels, and never say how the desktop scales. It sets
	 * this later itself, but with less priority.
	 */
	SDL_SetHintWithPriority("SDL_VIDEO_WAYLAND_SCALE_TO_DISPLAY", "0", SDL_HINT_OVERRIDE);
	if (is_set("SDL_VIDEODRIVER"))
		return;
	/* If a desktop offers both, X11 is emulated, and blurred if the desktop scales. */
	if (is_set("WAYLAND_DISPLAY"))
		SDL_SetHint(SDL_HINT_VIDEODRIVER, "wayland,x11");
	/*
	 * Without this, Wayland's library would print an error before SDL notices that there is no
	 * Wayland.
	 */
	else if (!is_set("XDG_RUNTIME_DIR"))
		SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11");
}

/* ---- the visual ---------------------------------------------------------------------------- */

#ifdef SDL_VIDEO_DRIVER_X11
struct x11 {
	Display *(*open)(const char *name);
	int (*match)(Display *display, int screen, int depth, int class, XVisualInfo *found);
	int (*close)(Display *display);
};

static bool load_x11(void *library, struct x11 *x11)
{
	void *addresses[] = {SDL_LoadFunction(library, "XOpenDisplay"),
		SDL_LoadFunction(library, "XMatchVisualInfo"),
		SDL_LoadFunction(library, "XCloseDisplay")};

	memcpy(&x11->open, &addresses[0], sizeof(x11->open));
	memcpy(&x11->match, &addresses[1], sizeof(x11->match));
	memcpy(&x11->close, &addresses[2], sizeof(x11->close));
	return x11->open != NULL && x11->match != NULL && x11->close != NULL;
}

/* A visual of 24 or 32 bits on a screen of another depth; 0: none. */
static VisualID find_visual(const struct x11 *x11)
{
	Display *display = x11->open(NULL);
	XVisualInfo found = {0};

	if (display == NULL)
		return 0;
	if (x11->match(display, DefaultScreen(display), 24, TrueColor, &found) == 0 &&
		x11->match(display, DefaultScreen(display), 32, TrueColor, &found) == 0)
		found.visualid = 0;
	x11->close(display);
	return found.visualid;
}
#endif

void window_display_visual(void)
{
#ifdef SDL_VIDEO_DRIVER_X11
	SDL_DisplayMode mode;
	struct x11 x11;
	void *library;

	if (strcmp(SDL_GetCurrentVideoDriver(), "x11") != 0 ||
		SDL_GetDesktopDisplayMode(0, &mode) != 0)
		return;
	if (SDL_ISPIXELFORMAT_PACKED(mode.format) && SDL_BITSPERPIXEL(mode.format) >= 15 &&
		SDL_PIXELLAYOUT(mode.format) != SDL_PACKEDLAYOUT_2101010)
		return;
	library = SDL_LoadObject("libX11.so.6"); /* SDL has it open already */
	if (library == NULL)
		return;
	if (load_x11(library, &x11)) {
		VisualID visual = find_visual(&x11);
		char text[32];

		snprintf(text, sizeof(text), "0x%lx", visual);
		if (visual != 0)
			SDL_SetHint(SDL_HINT_VIDEO_X11_WINDOW_VISUALID, text);
	}
	SDL_UnloadObject(library);
#endif
}

/* ---- the renderer -------------------------------------------------------------------------- */

/* Without one of these files, GL can only be software. Checking them is cheap; asking GL is not. */
static bool may_have_graphics_card(void)
{
	glob_t found;
	bool has_node = glob("/dev/dri/renderD*", GLOB_NOSORT, NULL, &found) == 0;
	if (has_node)
		globfree(&found);
	return has_node || access("/dev/nvidia0", F_OK) == 0 || access("/dev/dxg", F_OK) == 0;
}

/* True if the current GL context, which belongs to the renderer, is a software one. */
static bool is_software_gl(void)
{
	static const char *const software[] = {"llvmpipe", "softpipe", "swrast", "Software"};
	enum { GL_RENDERER_NAME = 0x1f01 };
	typedef const unsigned char *get_string(unsigned name);
	get_string *ask = NULL;
	void *address = SDL_GL_GetProcAddress("glGetString");

	if (address == NULL)
		return false;
	memcpy(&ask, &address, sizeof(ask));
	const char *name = (const char *)ask(GL_RENDERER_NAME);
	for (size_t i = 0; name != NULL && i < SDL_arraysize(software); i++)
		if (strstr(name, software[i]) != NULL)
			return true;
	return false;
}

SDL_Renderer *window_display_renderer(SDL_Window *window)
{
	const Uint32 fast = SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC;
	SDL_Renderer *renderer = NULL;

	if (SDL_GetHint(SDL_HINT_RENDER_DRIVER) != NULL)
		return SDL_CreateRenderer(window, -1, 0);
	if (may_have_graphics_card())
		renderer = SDL_CreateRenderer(window, -1, fast);
	if (renderer != NULL && is_software_gl()) {
		SDL_DestroyRenderer(renderer);
		renderer = NULL;
	}
	if (renderer != NULL)
		return renderer;
	/*
	 * Without this hint, SDL would still present through GL on X11. On Wayland SDL has no other
	 * way.
	 */
	if (strcmp(SDL_GetCurrentVideoDriver(), "x11") == 0)
		SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
	renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
	if (renderer != NULL)
		return renderer;
	SDL_ResetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION);
	renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
	return renderer != NULL ? renderer : SDL_CreateRenderer(window, -1, 0);
}

/* ---- the scale ----------------------------------------------------------------------------- */

/* X11 desktops give it as "Xft.dpi: 192" in the X server's resources; 0: it is not there. */
static double desktop_dpi(SDL_Window *window)
{
	double dpi = 0;
#ifdef SDL_VIDEO_DRIVER_X11
	typedef char *resources(Display * display);
	SDL_SysWMinfo info;
	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
		return 0;
	void *library = SDL_LoadObject("libX11.so.6"); /* SDL has it open already */
	void *address =
		library != NULL ? SDL_LoadFunction(library, "XResourceManagerString") : NULL;
	if (address != NULL) {
		resources *ask = NULL;
		memcpy(&ask, &address, sizeof(ask));
		const char *text = ask(info.info.x11.display);
		const char *line = text != NULL ? strstr(text, "Xft.dpi:") : NULL;
		if (line != NULL)
			dpi = strtod(line + strlen("Xft.dpi:"), NULL);
	}
	if (library != NULL)
		SDL_UnloadObject(library);
#else
	(void)window;
#endif
	return dpi;
}

double window_display_scale(SDL_Window *window)
{
	const char *wish = getenv("VITRINE_SCALE");
	double scale = wish != NULL ? strtod(wish, NULL) : 0;

	if (scale >= 0.5 && scale <= 8)
		return scale;
	scale = round(desktop_dpi(window) / 96 * 4) / 4;
	return scale >= 1 && scale <= 8 ? scale : 1;
}

/* ---- the place ----------------------------------------------------------------------------- */

enum { TITLE_BAR = 40, EDGE = 6 }; /* room for the window's frame, logical pixels */

static int least(int a, int b)
{
	return a < b ? a : b;
}

void window_display_place(SDL_Window *window, enum window_half half, SDL_Point wanted,
	double points, SDL_Point smallest, SDL_Rect *place)
{
	const int title = (int)(TITLE_BAR * points);
	const int edge = (int)(EDGE * points);
	int display = SDL_GetWindowDisplayIndex(window);
	SDL_Rect usable, room;

	*place = (SDL_Rect){
		(int)SDL_WINDOWPOS_UNDEFINED, (int)SDL_WINDOWPOS_UNDEFINED, wanted.x, wanted.y};
	if (SDL_GetDisplayUsableBounds(display >= 0 ? display : 0, &usable) != 0)
		return;
	room = (SDL_Rect){
		usable.x + edge, usable.y + title, usable.w - 2 * edge, usable.h - title - edge};
	if (half == WINDOW_MIDDLE) {
		place->w = least(wanted.x, room.w);
		place->h = least(wanted.y, room.h);
		place->x = room.x + (room.w - place->w) / 2 - edge;
		place->y = room.y + (room.h - place->h) / 2 - title;
		return;
	}
	place->w = least(wanted.x, SDL_max((usable.w - 4 * edge) / 2, smallest.x));
	place->w = least(place->w, room.w);
	/* Low enough for wide pictures, high enough for the X-ray. */
	place->h = least(least(wanted.y, SDL_max(place->w * 4 / 3, smallest.y)), room.h);
	/* Next to each other in the middle, or at the edges if the screen is too narrow. */
	if (half == WINDOW_LEFT)
		place->x = SDL_max(room.x, usable.x + usable.w / 2 - edge - place->w);
	else
		place->x = least(room.x + room.w - place->w, usable.x + usable.w / 2 + edge);
	place->x -= edge;
	place->y = room.y + (room.h - place->h) / 2 - title;
}

SDL_Rect window_display_fitted(SDL_Rect place, SDL_Rect usable, int title, int edge,
	unsigned before)
{
	int across, down;

	place.w = least(place.w, SDL_max(usable.w - 2 * edge, 1));
	place.h = least(place.h, SDL_max(usable.h - title - edge, 1));
	across = usable.w - 2 * edge - place.w;
	down = usable.h - title - edge - place.h;
	/* A window that reaches the end of the area starts again from the beginning. */
	for (unsigned i = 0; i < before; i++) {
		place.x = place.x - usable.x + title <= across ? place.x + title : usable.x;
		place.y = place.y - usable.y + title <= down ? place.y + title : usable.y;
	}
	place.x = SDL_clamp(place.x, usable.x, usable.x + across);
	place.y = SDL_clamp(place.y, usable.y, usable.y + down);
	return place;
}

/* The place with its frame. */
static SDL_Rect framed(SDL_Rect place, int title, int edge)
{
	return (SDL_Rect){place.x, place.y, place.w + 2 * edge, place.h + title + edge};
}

static bool is_free(SDL_Rect frame, SDL_Rect usable, const SDL_Rect *others, size_t count,
	int title, int edge)
{
	SDL_Rect both;

	SDL_UnionRect(&frame, &usable, &both);
	if (!SDL_RectEquals(&both, &usable))
		return false;
	for (size_t i = 0; i < count; i++) {
		SDL_Rect other = framed(others[i], title, edge);

		if (SDL_HasIntersection(&frame, &other))
			return false;
	}
	return true;
}

/*
 * A window whose left and upper sides touch other windows leaves the most room: tries each pair of
 * such sides, starting at the upper left.
 */
static bool find_corner(SDL_Rect *place, SDL_Rect usable, const SDL_Rect *others, size_t count,
	int title, int edge)
{
	SDL_Rect best = {0, 0, 0, 0};

	for (size_t i = 0; i <= count; i++) {
		for (size_t j = 0; j <= count; j++) {
			SDL_Rect trial = {usable.x, usable.y, place->w, place->h};

			if (i < count)
				trial.x = others[i].x + others[i].w + 2 * edge;
			if (j < count)
				trial.y = others[j].y + others[j].h + title + edge;
			if (is_free(framed(trial, title, edge), usable, others, count, title,
				    edge) &&
				(best.w == 0 || trial.y < best.y ||
					(trial.y == best.y && trial.x < best.x)))
				best = trial;
		}
	}
	if (best.w > 0)
		*place = best;
	return best.w > 0;
}

bool window_display_beside(SDL_Rect *place, SDL_Rect usable, SDL_Point smallest,
	const SDL_Rect *others, size_t count, int title, int edge)
{
	for (int percent = 100; percent >= 50; percent -= 10) {
		SDL_Rect trial = *place;

		trial.w = place->w * percent / 100;
		trial.h = place->h * percent / 100;
		if (percent < 100 && (trial.w < smallest.x || trial.h < smallest.y))
			break;
		if (find_corner(&trial, usable, others, count, title, edge)) {
			*place = trial;
			return true;
		}
	}
	return false;
}

static bool has_corner(SDL_Rect place, const SDL_Rect *others, size_t count, int title)
{
	for (size_t i = 0; i < count; i++)
		if (SDL_abs(place.x - others[i].x) < title / 2 &&
			SDL_abs(place.y - others[i].y) < title / 2)
			return true;
	return false;
}

/* The display that contains the middle of the place; if there is none, the window's display. */
static int display_at(SDL_Window *window, const SDL_Rect *place)
{
	const SDL_Point middle = {place->x + place->w / 2, place->y + place->h / 2};
	SDL_Rect bounds;

	for (int i = 0; i < SDL_GetNumVideoDisplays(); i++)
		if (SDL_GetDisplayBounds(i, &bounds) == 0 && SDL_PointInRect(&middle, &bounds))
			return i;
	return SDL_max(SDL_GetWindowDisplayIndex(window), 0);
}

void window_display_fit(SDL_Window *window, double points, unsigned before, SDL_Point smallest,
	const SDL_Rect *others, size_t count, SDL_Rect *place)
{
	const int title = (int)(TITLE_BAR * points);
	const int edge = (int)(EDGE * points);
	SDL_Rect usable, fitted;

	if (SDL_GetDisplayUsableBounds(display_at(window, place), &usable) != 0)
		return;
	fitted = window_display_fitted(*place, usable, title, edge, 0);
	if (before == 0 ||
		!window_display_beside(&fitted, usable, smallest, others, count, title, edge)) {
		/* Each step tries another corner, and there are more steps than windows. */
		for (size_t i = 0; i <= count; i++) {
			fitted = window_display_fitted(*place, usable, title, edge,
				before + (unsigned)i);
			if (!has_corner(fitted, others, count, title))
				break;
		}
	}
	*place = fitted;
}

bool window_display_is_sdl3(void)
{
	enum { SDL2_COMPAT_PATCH = 50 }; /* sdl2-compat numbers its patches from here */
	SDL_version version;

	SDL_GetVersion(&version);
	return version.patch >= SDL2_COMPAT_PATCH;
}

/* ---- no display ---------------------------------------------------------------------------- */

bool window_display_is_there(void)
{
	const char *driver = SDL_GetCurrentVideoDriver();

	if (is_set("SDL_VIDEODRIVER"))
		return true;
	return driver != NULL && strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0 &&
	       strcmp(driver, "evdev") != 0;
}

void window_display_refused(char *message, size_t size)
{
	SDL_DisplayMode mode = {0};
	const char *remedy =
		_("try SDL_RENDER_DRIVER=software, or another SDL_VIDEODRIVER (x11, wayland)");
	char why[256];

	snprintf(why, sizeof(why), "%s", SDL_GetError());
	SDL_GetDesktopDisplayMode(0, &mode);
	if (mode.format == SDL_PIXELFORMAT_UNKNOWN || SDL_BITSPERPIXEL(mode.format) < 15)
		remedy = _("the screen uses a palette instead of true colour: set it to 16 bits "
			   "per pixel or more (Xvfb: -screen 0 1280x800x24)");
	text_print(message, size, _("cannot open a window: %s; %s"), why, remedy);
}

void window_display_message(char *message, size_t size)
{
	const char *x11 = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");
	const char *remedy = _("start it on a desktop, or under `xvfb-run`, or see script/demo");

	if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		text_print(message, size,
			_("cannot open a window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is "
			  "set); %s"),
			remedy);
	else
		text_print(message, size,
			_("cannot open a window: the display cannot be reached (DISPLAY is \"%s\", "
			  "WAYLAND_DISPLAY is \"%s\"); %s"),
			x11 != NULL ? x11 : "", wayland != NULL ? wayland : "", remedy);
}
