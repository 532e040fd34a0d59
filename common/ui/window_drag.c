/* window_drag.c - see window_drag.h. */
#include "window_drag.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <string.h>
#include <unistd.h>

#include "drop.h"
#include "event.h"
#include "window_display.h"
#include "window_drag_wayland.h"

#ifdef SDL_VIDEO_DRIVER_X11
/* ---- links ---------------------------------------------------------------------------------- */

enum { LIST_MOST = 1 << 20 }; /* bytes of a list of URIs; XDND sends longer ones in pieces */

typedef int get_property(Display *display, Window window, Atom property, long offset, long length,
	Bool deletes, Atom wanted, Atom *type, int *format, unsigned long *count,
	unsigned long *left, unsigned char **data);
typedef int free_data(void *data);

/* Global, because SDL's event filter is, too. */
static struct {
	Display *display;
	get_property *get_property; /* NULL: links are not read */
	free_data *free_data;
	Atom drop, list; /* the selection of a drop, and the type of a list of URIs */
	char *left_out;  /* the URIs of the current drop that SDL omits; NULL: none */
} links;

/* True if SDL does not report this URI, according to X11_URIToLocal() of SDL 2.26. */
static bool is_left_out(const char *uri)
{
	char name[256] = "";

	if (strncmp(uri, "file:/", 6) != 0)
		return strstr(uri, ":/") != NULL;
	if (uri[6] != '/' || uri[7] == '/')
		return false; /* it has no host */
	return gethostname(name, sizeof(name) - 1) != 0 ||
	       strncmp(uri + 7, name, strcspn(uri + 7, "/")) != 0;
}

static void add_left_out(char *list)
{
	size_t room = strlen(list) + 2;
	char *rest;

	SDL_free(links.left_out);
	links.left_out = NULL;
	for (char *uri = strtok_r(list, "\r\n", &rest); uri != NULL;
		uri = strtok_r(NULL, "\r\n", &rest)) {
		if (!is_left_out(uri))
			continue;
		if (links.left_out == NULL)
			links.left_out = SDL_calloc(1, room);
		if (links.left_out == NULL)
			return;
		SDL_strlcat(links.left_out, uri, room);
		SDL_strlcat(links.left_out, "\n", room);
	}
}

/* Reads the list that the dropping program has written. SDL reads it afterwards. */
static void read_list(const XSelectionEvent *event)
{
	unsigned char *data = NULL;
	unsigned long count, left;
	Atom type;
	int format;

	if (links.get_property == NULL || event->selection != links.drop ||
		event->target != links.list || event->property == None)
		return;
	if (links.get_property(links.display, event->requestor, event->property, 0, LIST_MOST / 4,
		    False, AnyPropertyType, &type, &format, &count, &left, &data) == Success &&
		data != NULL && format == 8)
		add_left_out((char *)data);
	if (data != NULL)
		links.free_data(data);
}

/*
 * Reports the omitted URIs, before the end of the drop. SDL 3 crashes on a pushed SDL_DROPTEXT.
 */
static void push_left_out(Uint32 window)
{
	SDL_Event event = event_of(drop_text_event());

	if (links.left_out == NULL)
		return;
	event.user.code = DROP_PART;
	event.user.data1 = links.left_out;
	event.user.windowID = window;
	links.left_out = NULL;
	if (SDL_PushEvent(&event) != 1)
		SDL_free(event.user.data1);
}

/* SDL would queue every event of the X server; only messages of other programs are needed. */
static int filter(void *data, SDL_Event *event)
{
	(void)data;
	if (event->type == SDL_DROPCOMPLETE)
		push_left_out(event->drop.windowID);
	if (event->type != SDL_SYSWMEVENT)
		return true;
	if (event->syswm.msg->msg.x11.event.type == SelectionNotify)
		read_list(&event->syswm.msg->msg.x11.event.xselection);
	return event->syswm.msg->msg.x11.event.type == ClientMessage;
}

/* ---- hovering ------------------------------------------------------------------------------- */

/* Loads a function of the library into a pointer; false: there is none. */
static bool load(void *library, const char *name, void *function)
{
	void *address = SDL_LoadFunction(library, name);

	if (address != NULL)
		memcpy(function, &address, sizeof(address));
	return address != NULL;
}

/* Makes SDL pass on the messages of XDND. */
static void start_x11(struct window_drag *drag, const SDL_SysWMinfo *info)
{
	typedef Atom intern(Display * display, const char *name, Bool only_if_exists);
	intern *ask = NULL;
	void *library;

	library = SDL_LoadObject("libX11.so.6"); /* SDL has already loaded it, and keeps it */
	if (library != NULL && load(library, "XInternAtom", &ask)) {
		links.display = info->info.x11.display;
		drag->enter = ask(links.display, "XdndEnter", False);
		drag->leave = ask(links.display, "XdndLeave", False);
		drag->drop = ask(links.display, "XdndDrop", False);
		links.drop = ask(links.display, "XdndSelection", False);
		links.list = ask(links.display, "text/uri-list", False);
		if (!load(library, "XFree", &links.free_data) ||
			!load(library, "XGetWindowProperty", &links.get_property))
			links.get_property = NULL;
		SDL_SetEventFilter(filter, NULL);
		SDL_EventState(SDL_SYSWMEVENT, SDL_ENABLE);
	}
	if (library != NULL)
		SDL_UnloadObject(library);
}

static bool hovers_after_x11(const struct window_drag *drag, const SDL_Event *event)
{
	unsigned long message;

	/*
	 * A program that drags has grabbed the mouse, so mouse motion means that the drag ended
	 * without a message.
	 */
	if (event->type == SDL_MOUSEMOTION)
		return false;
	if (event->type != SDL_SYSWMEVENT)
		return drag->hovers;
	message = event->syswm.msg->msg.x11.event.xclient.message_type;
	if (message == drag->enter)
		return true;
	return message == drag->leave || message == drag->drop ? false : drag->hovers;
}
#endif

#if defined(HAVE_WAYLAND) && defined(SDL_VIDEO_DRIVER_WAYLAND)
/*
 * True if SDL lets window_drag_wayland.c take a drop. SDL 2.26 does. SDL 2.32 and SDL 3 refuse the
 * drag while their events are off; the versions between have not been tried.
 */
static bool sdl_lets_others_take(void)
{
	SDL_version version;

	SDL_GetVersion(&version);
	return version.minor <= 26;
}
#endif

void window_drag_start(struct window_drag *drag, SDL_Window *window)
{
	SDL_SysWMinfo info;

	(void)drag;
	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(window, &info))
		return;
#ifdef SDL_VIDEO_DRIVER_X11
	if (info.subsystem == SDL_SYSWM_X11)
		start_x11(drag, &info);
#endif
#if defined(HAVE_WAYLAND) && defined(SDL_VIDEO_DRIVER_WAYLAND)
	if (info.subsystem == SDL_SYSWM_WAYLAND && sdl_lets_others_take())
		window_drag_wayland_start(info.info.wl.display);
#endif
}

void window_drag_let_sdl_report(bool reports)
{
	const Uint32 kinds[] = {SDL_DROPBEGIN, SDL_DROPFILE, SDL_DROPTEXT, SDL_DROPCOMPLETE};

	for (size_t i = 0; i < SDL_arraysize(kinds); i++)
		SDL_EventState(kinds[i], reports ? SDL_ENABLE : SDL_DISABLE);
}

void window_drag_stop(void)
{
#ifdef HAVE_WAYLAND
	window_drag_wayland_stop();
#endif
}

bool window_drag_follow(struct window_drag *drag, const SDL_Event *event)
{
	bool before = drag->hovers;

#ifdef SDL_VIDEO_DRIVER_X11
	if (drag->enter != 0)
		drag->hovers = hovers_after_x11(drag, event);
#endif
#ifdef HAVE_WAYLAND
	if (event->type == drop_text_event())
		drag->hovers = window_drag_wayland_hovers();
#endif
	return drag->hovers != before;
}
