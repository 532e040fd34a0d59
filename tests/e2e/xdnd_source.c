/*
 * xdnd_source.c - drops URIs or text on a window, as a file manager would, without a mouse.
 *
 * The source side of XDND version 5 over plain Xlib, one message after the other: enter, position,
 * (status), drop, (data), (finished). It ends with 0 only after the target said that it took the
 * drop; every wait has a limit. The end-to-end tests call it:
 *     xdnd_source 0x1400002 file:///home/me/a%20b.png
 */
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { XDND_VERSION = 5, PATIENCE_MS = 10000 };

enum atom {
	AWARE,
	SELECTION,
	ENTER,
	POSITION,
	STATUS,
	DROP,
	LEAVE,
	FINISHED,
	ACTION_COPY,
	TARGETS,
	TIMESTAMP,
	URI_LIST,
	PLAIN,
	ATOMS
};

static const char *const atom_names[ATOMS] = {
	[AWARE] = "XdndAware",
	[SELECTION] = "XdndSelection",
	[ENTER] = "XdndEnter",
	[POSITION] = "XdndPosition",
	[STATUS] = "XdndStatus",
	[DROP] = "XdndDrop",
	[LEAVE] = "XdndLeave",
	[FINISHED] = "XdndFinished",
	[ACTION_COPY] = "XdndActionCopy",
	[TARGETS] = "TARGETS",
	[TIMESTAMP] = "TIMESTAMP",
	[URI_LIST] = "text/uri-list",
	[PLAIN] = "text/plain",
};

struct source {
	Display *display;
	Window self;   /* never mapped; owns the selection */
	Window target; /* the window that is dropped on */
	Atom atoms[ATOMS];
	Time time;     /* the server's, when the drag began */
	Atom types[2]; /* what is offered, the most welcome first */
	int type_count;
	char *uris;     /* text/uri-list: each line ends with CR LF */
	char *plain;    /* text/plain: the same lines, LF between them */
	bool delivered; /* the target asked for the data and got it */
};

_Noreturn static void fail(const char *what, const char *why)
{
	fprintf(stderr, "xdnd_source: %s: %s\n", what, why);
	exit(1);
}

static int on_x_error(Display *display, XErrorEvent *event)
{
	char why[128];

	XGetErrorText(display, event->error_code, why, sizeof why);
	fail("the X server refused a request; is the window still there?", why);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The arguments in one string, each followed by `end`, the last one only if `also_last`. */
static char *join(char *const *words, const char *end, bool also_last)
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		fail("no memory", strerror(errno));
	for (; *words; words++)
		fprintf(stream, "%s%s", *words, words[1] || also_last ? end : "");
	if (fclose(stream))
		fail("no memory", strerror(errno));
	return text;
}

/* ---- what the target asks of us -------------------------------------------------------------- */

static void set_text(struct source *source, const XSelectionRequestEvent *request, const char *text)
{
	size_t size = strlen(text);

	if (size > (size_t)XMaxRequestSize(source->display) * 4 - 64)
		fail("the list is too long for one X request",
			"this program knows no INCR transfers");
	XChangeProperty(source->display, request->requestor, request->property, request->target, 8,
		PropModeReplace, (const unsigned char *)text, (int)size);
	source->delivered = true;
}

static bool set_answer(struct source *source, const XSelectionRequestEvent *request)
{
	const Atom *atoms = source->atoms;

	if (request->target == atoms[TARGETS]) {
		XChangeProperty(source->display, request->requestor, request->property, XA_ATOM, 32,
			PropModeReplace, (unsigned char *)source->types, source->type_count);
		return true;
	}
	for (int i = 0; i < source->type_count; i++) {
		if (request->target != source->types[i])
			continue;
		set_text(source, request,
			request->target == atoms[PLAIN] ? source->plain : source->uris);
		return true;
	}
	return false;
}

static void answer(struct source *source, const XSelectionRequestEvent *request)
{
	XEvent reply = {.xselection = {.type = SelectionNotify,
				.requestor = request->requestor,
				.selection = request->selection,
				.target = request->target,
				.property = None,
				.time = request->time}};

	if (request->selection == source->atoms[SELECTION] && set_answer(source, request))
		reply.xselection.property = request->property;
	XSendEvent(source->display, request->requestor, False, NoEventMask, &reply);
}

/* ---- what we say to the target --------------------------------------------------------------- */

static void tell(struct source *source, enum atom message, long a, long b, long c, long d)
{
	XEvent event = {.xclient = {.type = ClientMessage,
				.window = source->target,
				.message_type = source->atoms[message],
				.format = 32,
				.data.l = {(long)source->self, a, b, c, d}}};

	XSendEvent(source->display, source->target, False, NoEventMask, &event);
	XFlush(source->display);
}

/* The next event of ours; false when there was none until the deadline. */
static bool next_event(struct source *source, XEvent *event, int64_t deadline)
{
	struct pollfd connection = {.fd = ConnectionNumber(source->display), .events = POLLIN};

	while (!XPending(source->display)) {
		int64_t left = deadline - now_ms();

		if (left <= 0)
			return false;
		if (poll(&connection, 1, (int)left) < 0 && errno != EINTR)
			fail("poll", strerror(errno));
	}
	XNextEvent(source->display, event);
	return true;
}

/* Serves the target until it sends `message`; its second number, in which bit 0 means yes. */
static bool wait_for(struct source *source, enum atom message)
{
	int64_t deadline = now_ms() + PATIENCE_MS;
	XEvent event;

	while (next_event(source, &event, deadline)) {
		if (event.type == SelectionRequest)
			answer(source, &event.xselectionrequest);
		else if (event.type == ClientMessage &&
			 event.xclient.message_type == source->atoms[message])
			return event.xclient.data.l[1] & 1;
	}
	fail("the target did not answer in time with", atom_names[message]);
}

/* ---- one drop -------------------------------------------------------------------------------- */

/* A property change of our own brings the server's clock, which the selection needs. */
static Time server_time(struct source *source)
{
	XEvent event;

	XSelectInput(source->display, source->self, PropertyChangeMask);
	XChangeProperty(source->display, source->self, source->atoms[TIMESTAMP], XA_STRING, 8,
		PropModeReplace, (const unsigned char *)"", 0);
	XWindowEvent(source->display, source->self, PropertyChangeMask, &event);
	XSelectInput(source->display, source->self, NoEventMask);
	return event.xproperty.time;
}

/* The version to speak with the target. */
static long target_version(struct source *source)
{
	Atom type;
	int format;
	unsigned long count, after;
	unsigned char *value = NULL;
	long version = 0;

	XGetWindowProperty(source->display, source->target, source->atoms[AWARE], 0, 1, False,
		AnyPropertyType, &type, &format, &count, &after, &value);
	if (format == 32 && count == 1)
		version = *(long *)(void *)value;
	if (value)
		XFree(value);
	if (version < 3)
		fail("the window takes no drops", "it has no XdndAware of version 3 or newer");
	return version < XDND_VERSION ? version : XDND_VERSION;
}

static void open_source(struct source *source)
{
	source->display = XOpenDisplay(NULL);
	if (!source->display)
		fail("no X server at DISPLAY", XDisplayName(NULL));
	XSetErrorHandler(on_x_error);
	XInternAtoms(source->display, (char **)(void *)atom_names, ATOMS, False, source->atoms);
	source->self = XCreateSimpleWindow(source->display, DefaultRootWindow(source->display), 0,
		0, 1, 1, 0, 0, 0);
	source->time = server_time(source);
	XSetSelectionOwner(source->display, source->atoms[SELECTION], source->self, source->time);
	if (XGetSelectionOwner(source->display, source->atoms[SELECTION]) != source->self)
		fail("XdndSelection", "another program holds it");
}

static void drop(struct source *source)
{
	Display *display = source->display;
	XWindowAttributes target;
	Window child;
	int x, y;
	long version = target_version(source);

	XGetWindowAttributes(display, source->target, &target);
	XTranslateCoordinates(display, source->target, target.root, target.width / 2,
		target.height / 2, &x, &y, &child);
	XWarpPointer(display, None, target.root, 0, 0, 0, 0, x, y);

	tell(source, ENTER, version << 24, (long)source->types[0],
		source->type_count > 1 ? (long)source->types[1] : None, None);
	tell(source, POSITION, 0, (long)x << 16 | y, (long)source->time,
		(long)source->atoms[ACTION_COPY]);
	if (!wait_for(source, STATUS)) {
		tell(source, LEAVE, 0, 0, 0, 0);
		XSync(display, False);
		fail("the target", "does not want this drop");
	}
	tell(source, DROP, 0, (long)source->time, 0, 0);
	/* Before version 5 the answer says nothing: what counts is that the data was fetched. */
	if (!wait_for(source, FINISHED) && version >= 5)
		fail("the target", "says that it did not take the drop");
	if (!source->delivered)
		fail("the target", "finished without asking for the data");
}

/* Stays over the window until standard input ends, and leaves. */
static void hover(struct source *source)
{
	XWindowAttributes target;
	Window child;
	char byte;
	int x, y;

	XGetWindowAttributes(source->display, source->target, &target);
	XTranslateCoordinates(source->display, source->target, target.root, target.width / 2,
		target.height / 2, &x, &y, &child);
	tell(source, ENTER, target_version(source) << 24, (long)source->types[0], None, None);
	tell(source, POSITION, 0, (long)x << 16 | y, (long)source->time,
		(long)source->atoms[ACTION_COPY]);
	if (!wait_for(source, STATUS))
		fail("the target", "does not want this drop");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	tell(source, LEAVE, 0, 0, 0, 0);
	XSync(source->display, False);
}

static void usage(FILE *out)
{
	fputs("Usage: xdnd_source [--text | --both-text-first | --hover] WINDOW URI...\n"
	      "Drops the URIs on an X11 window as text/uri-list. With --text they are offered as\n"
	      "text/plain instead, with --both-text-first as both, text/plain first. With --hover\n"
	      "they are only held over the window, until standard input ends.\n",
		out);
}

static void offer(struct source *source, bool plain, bool uris)
{
	if (plain)
		source->types[source->type_count++] = source->atoms[PLAIN];
	if (uris)
		source->types[source->type_count++] = source->atoms[URI_LIST];
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"text", no_argument, NULL, 't'},
		{"both-text-first", no_argument, NULL, 'b'}, {"hover", no_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'}, {0}};
	struct source source = {0};
	bool plain = false, uris = true, hovers = false;
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (option) {
		case 't': uris = false; /* fall through */
		case 'b': plain = true; break;
		case 'o': hovers = true; break;
		case 'h': usage(stdout); return 0;
		default: usage(stderr); return 2;
		}
	}
	if (argc - optind < 2) {
		usage(stderr);
		return 2;
	}
	source.target = strtoul(argv[optind], &end, 0);
	if (*end)
		fail(argv[optind], "not a window id");
	source.uris = join(argv + optind + 1, "\r\n", true);
	source.plain = join(argv + optind + 1, "\n", false);

	open_source(&source);
	offer(&source, plain, uris);
	if (hovers)
		hover(&source);
	else
		drop(&source);

	XCloseDisplay(source.display);
	free(source.uris);
	free(source.plain);
	return 0;
}
