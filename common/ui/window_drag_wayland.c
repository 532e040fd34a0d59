/* window_drag_wayland.c - see window_drag_wayland.h. */
#include "window_drag_wayland.h"

#include <SDL.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <wayland-client.h>

#include "drop.h"
#include "event.h"
#include "window_drag.h"

enum {
	TEXT_MOST = 1 << 20,   /* bytes of a drop */
	SILENCE_MS = 30 * 1000 /* until a program that writes nothing is given up */
};

/*
 * What is taken, best first. Version 1 of the protocol has no actions and no end of a transfer:
 * the compositor copies, and tells the other program that all is done when the offer is destroyed.
 */
static const char *const types[] = {"text/uri-list", "text/plain;charset=utf-8", "text/plain"};
enum { TYPES = SDL_arraysize(types), VERSION = 1 };

/* Global, because SDL's events are, too. */
static struct {
	struct wl_display *display;
	struct wl_registry *registry;
	struct wl_seat *seat;
	struct wl_data_device_manager *manager;
	struct wl_data_device *device;
	struct wl_data_offer *offered; /* the newest offer, of which nobody knows yet what it is */
	struct wl_data_offer *dragged; /* what is dragged over the window */
	struct wl_data_offer *clipboard; /* held only to be destroyed */
	size_t type;                     /* the best of the newest offer; TYPES: none */
	bool hovers;
} wayland;

/* ---- the text ------------------------------------------------------------------------------- */

/* Reads up to the end of the file. Returns the text, or NULL if it does not arrive. */
static char *read_text(int fd)
{
	char *text = SDL_malloc(TEXT_MOST);
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	size_t length = 0;
	ssize_t got = -1;

	while (text != NULL && length < TEXT_MOST - 1) {
		if (poll(&ready, 1, SILENCE_MS) == 0)
			break;
		got = read(fd, text + length, TEXT_MOST - 1 - length);
		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	if (got != 0) {
		SDL_free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

static int read_and_report(void *data)
{
	int fd = (int)(intptr_t)data;
	SDL_Event event = event_of(drop_text_event());

	event.user.code = DROP_TEXT;
	event.user.data1 = read_text(fd);
	close(fd);
	if (SDL_PushEvent(&event) != 1)
		SDL_free(event.user.data1);
	return 0;
}

/* The other program writes when it likes, so a thread reads. */
static void receive(struct wl_data_offer *offer, const char *type)
{
	SDL_Thread *thread;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	wl_data_offer_receive(offer, type, ends[1]);
	wl_display_flush(wayland.display);
	close(ends[1]);
	thread = SDL_CreateThread(read_and_report, "drop", (void *)(intptr_t)ends[0]);
	if (thread == NULL)
		close(ends[0]);
	SDL_DetachThread(thread);
}

/* ---- the drag ------------------------------------------------------------------------------- */

static void set_hovers(bool hovers)
{
	SDL_Event event = event_of(drop_text_event());

	event.user.code = DROP_HOVERS;
	wayland.hovers = hovers;
	SDL_PushEvent(&event);
}

static void forget(struct wl_data_offer **offer)
{
	if (*offer != NULL)
		wl_data_offer_destroy(*offer);
	*offer = NULL;
}

static void on_type(void *data, struct wl_data_offer *offer, const char *name)
{
	(void)data;
	(void)offer;
	for (size_t i = 0; i < wayland.type; i++)
		if (strcmp(name, types[i]) == 0)
			wayland.type = i;
}

static const struct wl_data_offer_listener offer_listener = {.offer = on_type};

/* An offer is announced, then its types, then what it is for: a drag or the clipboard. */
static void on_offer(void *data, struct wl_data_device *device, struct wl_data_offer *offer)
{
	(void)data;
	(void)device;
	forget(&wayland.offered);
	wayland.offered = offer;
	wayland.type = TYPES;
	wl_data_offer_add_listener(offer, &offer_listener, NULL);
}

/* Takes the announced offer over; NULL: there is none. */
static void take_offered(struct wl_data_offer **to, struct wl_data_offer *offer)
{
	forget(to);
	*to = offer;
	if (offer == wayland.offered)
		wayland.offered = NULL;
}

static void on_enter(void *data, struct wl_data_device *device, uint32_t serial,
	struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y, struct wl_data_offer *offer)
{
	(void)data;
	(void)device;
	(void)surface;
	(void)x;
	(void)y;
	take_offered(&wayland.dragged, offer);
	if (offer == NULL || wayland.type == TYPES)
		return;
	wl_data_offer_accept(offer, serial, types[wayland.type]);
	window_drag_let_sdl_report(false);
	set_hovers(true);
}

static void on_leave(void *data, struct wl_data_device *device)
{
	(void)data;
	(void)device;
	forget(&wayland.dragged);
	if (!wayland.hovers)
		return;
	window_drag_let_sdl_report(true);
	set_hovers(false);
}

static void on_motion(void *data, struct wl_data_device *device, uint32_t time, wl_fixed_t x,
	wl_fixed_t y)
{
	(void)data;
	(void)device;
	(void)time;
	(void)x;
	(void)y;
}

/* The compositor sends the end of the drag (on_leave) afterwards. */
static void on_drop(void *data, struct wl_data_device *device)
{
	(void)data;
	(void)device;
	if (wayland.hovers)
		receive(wayland.dragged, types[wayland.type]);
}

static void on_selection(void *data, struct wl_data_device *device, struct wl_data_offer *offer)
{
	(void)data;
	(void)device;
	take_offered(&wayland.clipboard, offer);
}

static const struct wl_data_device_listener device_listener = {
	.data_offer = on_offer,
	.enter = on_enter,
	.leave = on_leave,
	.motion = on_motion,
	.drop = on_drop,
	.selection = on_selection,
};

/* ---- joining the protocol ------------------------------------------------------------------- */

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	(void)version;
	if (wayland.seat == NULL && strcmp(interface, wl_seat_interface.name) == 0)
		wayland.seat = wl_registry_bind(registry, name, &wl_seat_interface, VERSION);
	if (wayland.manager == NULL &&
		strcmp(interface, wl_data_device_manager_interface.name) == 0)
		wayland.manager = wl_registry_bind(registry, name,
			&wl_data_device_manager_interface, VERSION);
	if (wayland.seat == NULL || wayland.manager == NULL || wayland.device != NULL)
		return;
	wayland.device = wl_data_device_manager_get_data_device(wayland.manager, wayland.seat);
	if (wayland.device != NULL)
		wl_data_device_add_listener(wayland.device, &device_listener, NULL);
}

static void on_global_gone(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data;
	(void)registry;
	(void)name;
}

static const struct wl_registry_listener registry_listener = {
	.global = on_global,
	.global_remove = on_global_gone,
};

void window_drag_wayland_start(struct wl_display *display)
{
	wayland.display = display;
	wayland.registry = wl_display_get_registry(display);
	if (wayland.registry != NULL)
		wl_registry_add_listener(wayland.registry, &registry_listener, NULL);
}

void window_drag_wayland_stop(void)
{
	forget(&wayland.offered);
	forget(&wayland.dragged);
	forget(&wayland.clipboard);
	if (wayland.device != NULL)
		wl_data_device_destroy(wayland.device);
	if (wayland.manager != NULL)
		wl_data_device_manager_destroy(wayland.manager);
	if (wayland.seat != NULL)
		wl_seat_destroy(wayland.seat);
	if (wayland.registry != NULL)
		wl_registry_destroy(wayland.registry);
	memset(&wayland, 0, sizeof(wayland));
}

bool window_drag_wayland_hovers(void)
{
	return wayland.hovers;
}
