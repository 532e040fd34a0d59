/* window_drag.c - see window_drag.h. */
#include "window_drag.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <string.h>

#ifdef SDL_VIDEO_DRIVER_X11
/* SDL would queue every event of the X server: only messages of other programs are wanted. */
static int keep_messages(void *data, SDL_Event *event)
{
	(void)data;
	return event->type != SDL_SYSWMEVENT ||
	       event->syswm.msg->msg.x11.event.type == ClientMessage;
}

void window_drag_start(struct window_drag *drag, SDL_Window *window)
{
	typedef Atom intern(Display * display, const char *name, Bool only_if_exists);
	intern *ask = NULL;
	SDL_SysWMinfo info;
	void *library, *address;

	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
		return;
	library = SDL_LoadObject("libX11.so.6"); /* SDL has it open already */
	address = library != NULL ? SDL_LoadFunction(library, "XInternAtom") : NULL;
	if (address != NULL) {
		memcpy(&ask, &address, sizeof(ask));
		drag->enter = ask(info.info.x11.display, "XdndEnter", False);
		drag->leave = ask(info.info.x11.display, "XdndLeave", False);
		drag->drop = ask(info.info.x11.display, "XdndDrop", False);
		SDL_SetEventFilter(keep_messages, NULL);
		SDL_EventState(SDL_SYSWMEVENT, SDL_ENABLE);
	}
	if (library != NULL)
		SDL_UnloadObject(library);
}

static bool hovers_after(const struct window_drag *drag, const SDL_Event *event)
{
	unsigned long message;

	/* A program that drags has the mouse: a move means that it ended without a word. */
	if (event->type == SDL_MOUSEMOTION)
		return false;
	if (event->type != SDL_SYSWMEVENT)
		return drag->hovers;
	message = event->syswm.msg->msg.x11.event.xclient.message_type;
	if (message == drag->enter)
		return true;
	return message == drag->leave || message == drag->drop ? false : drag->hovers;
}
#else
void window_drag_start(struct window_drag *drag, SDL_Window *window)
{
	(void)drag;
	(void)window;
}

static bool hovers_after(const struct window_drag *drag, const SDL_Event *event)
{
	(void)event;
	return drag->hovers;
}
#endif

bool window_drag_follow(struct window_drag *drag, const SDL_Event *event)
{
	bool before = drag->hovers;

	if (drag->enter != 0)
		drag->hovers = hovers_after(drag, event);
	return drag->hovers != before;
}
