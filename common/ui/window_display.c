/* window_display.c - see window_display.h. */
#include "window_display.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <glob.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1"); /* the first click is not lost */
	/* Its library complains on standard error before SDL knows that there is none. */
	if (!is_set("WAYLAND_DISPLAY") && !is_set("XDG_RUNTIME_DIR") && !is_set("SDL_VIDEODRIVER"))
		SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11");
}

/* ---- the renderer -------------------------------------------------------------------------- */

/* Without one of these no GL can be anything but software; looking costs nothing, asking GL does. */
static bool may_have_graphics_card(void)
{
	glob_t found;
	bool has_node = glob("/dev/dri/renderD*", GLOB_NOSORT, NULL, &found) == 0;
	if (has_node)
		globfree(&found);
	return has_node || access("/dev/nvidia0", F_OK) == 0 || access("/dev/dxg", F_OK) == 0;
}

/* Whether GL, current since the renderer was made, is drawn by the processor. */
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
	SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION,
		"0"); /* else SDL presents through GL after all */
	return SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
}

/* ---- the scale ----------------------------------------------------------------------------- */

/* "Xft.dpi: 192" among the X server's resources is where X11 desktops say it; 0: they do not. */
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

/* ---- no display ---------------------------------------------------------------------------- */

bool window_display_is_there(void)
{
	const char *driver = SDL_GetCurrentVideoDriver();
	const char *wish = SDL_GetHint(SDL_HINT_VIDEODRIVER);

	if (wish != NULL && *wish != '\0')
		return true;
	return driver != NULL && strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0 &&
	       strcmp(driver, "evdev") != 0;
}

void window_display_message(char *message, size_t size)
{
	const char *x11 = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");
	const char *remedy = "start it on a desktop, or under `xvfb-run`, or see script/demo";

	if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		snprintf(message, size,
			"cannot open a window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is "
			"set); %s",
			remedy);
	else
		snprintf(message, size,
			"cannot open a window: the display cannot be reached (DISPLAY is \"%s\", "
			"WAYLAND_DISPLAY is \"%s\"); %s",
			x11 != NULL ? x11 : "", wayland != NULL ? wayland : "", remedy);
}
