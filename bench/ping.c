/*
 * ping.c - measures from outside how long a window leaves its events unanswered. It sends
 * _NET_WM_PING, as a window manager does, a hundred times per second; SDL answers when the program
 * fetches its events. Equally often it sends an event to itself, to measure the X server and the
 * scheduler.
 *
 *	bench-ping WINDOW     until standard input gives a line or ends
 *
 * Then one line, milliseconds: pings=… p50=… p99=… longest=… server_longest=…
 */
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define INTERVAL_MS 10.0
#define PATIENCE_MS 10000.0 /* after the end, for the answers that are still to come */
#define PINGS_MAX   60000

struct pinger {
	Display *display;
	Window window; /* the program's */
	Window own;    /* never mapped */
	Atom protocols, ping, echo;
	long count, answered;
	double sent[PINGS_MAX];
	double taken[PINGS_MAX]; /* -1: no answer yet */
	double server_longest;
};

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void send_to(struct pinger *pinger, Window window, Atom type, long word)
{
	XEvent event = {.xclient = {.type = ClientMessage,
				.window = window,
				.message_type = type,
				.format = 32}};

	event.xclient.data.l[0] = (long)pinger->ping;
	event.xclient.data.l[1] = word;
	event.xclient.data.l[2] = (long)window;
	XSendEvent(pinger->display, window, False, NoEventMask, &event);
}

static void send_pair(struct pinger *pinger)
{
	if (pinger->count == PINGS_MAX)
		return;
	pinger->sent[pinger->count] = now_ms();
	pinger->taken[pinger->count] = -1;
	/* The last word is the ping's time stamp, which SDL sends back unchanged. */
	send_to(pinger, pinger->window, pinger->protocols, pinger->count);
	send_to(pinger, pinger->own, pinger->echo, pinger->count);
	pinger->count++;
	XFlush(pinger->display);
}

static void receive(struct pinger *pinger)
{
	while (XPending(pinger->display) > 0) {
		XEvent event;
		double taken;
		long number;

		XNextEvent(pinger->display, &event);
		if (event.type != ClientMessage)
			continue;
		number = event.xclient.data.l[1];
		if (number < 0 || number >= pinger->count)
			continue;
		taken = now_ms() - pinger->sent[number];
		if (event.xclient.message_type == pinger->echo) {
			if (taken > pinger->server_longest)
				pinger->server_longest = taken;
		} else if (event.xclient.message_type == pinger->protocols &&
			   event.xclient.data.l[2] == (long)pinger->window &&
			   pinger->taken[number] < 0) {
			pinger->taken[number] = taken;
			pinger->answered++;
		}
	}
}

static void run(struct pinger *pinger)
{
	struct pollfd ready[] = {{.fd = ConnectionNumber(pinger->display), .events = POLLIN},
		{.fd = 0, .events = POLLIN}};
	double next = now_ms();
	double end = 0;

	while (end == 0 || (pinger->answered < pinger->count && now_ms() < end)) {
		double now = now_ms();
		if (end == 0 && now >= next) {
			send_pair(pinger);
			next += INTERVAL_MS;
		}
		receive(pinger);
		poll(ready, end == 0 ? 2 : 1, next > now ? (int)(next - now) + 1 : 0);
		if (end == 0 && (ready[1].revents & (POLLIN | POLLHUP)) != 0)
			end = now_ms() + PATIENCE_MS;
	}
}

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return (first > second) - (first < second);
}

static int tell(struct pinger *pinger)
{
	if (pinger->answered < pinger->count || pinger->count == 0) {
		fprintf(stderr, "bench-ping: %ld of %ld pings were answered\n", pinger->answered,
			pinger->count);
		return 1;
	}
	qsort(pinger->taken, (size_t)pinger->count, sizeof(double), compare);
	printf("pings=%ld p50=%.3f p99=%.3f longest=%.3f server_longest=%.3f\n", pinger->count,
		pinger->taken[pinger->count / 2], pinger->taken[pinger->count * 99 / 100],
		pinger->taken[pinger->count - 1], pinger->server_longest);
	return 0;
}

int main(int argc, char **argv)
{
	static struct pinger pinger;
	int status;

	pinger.display = XOpenDisplay(NULL);
	if (argc != 2 || pinger.display == NULL) {
		fprintf(stderr, "usage: bench-ping WINDOW, with DISPLAY set\n");
		return 2;
	}
	pinger.window = strtoul(argv[1], NULL, 0);
	pinger.protocols = XInternAtom(pinger.display, "WM_PROTOCOLS", False);
	pinger.ping = XInternAtom(pinger.display, "_NET_WM_PING", False);
	pinger.echo = XInternAtom(pinger.display, "VITRINE_BENCH_ECHO", False);
	pinger.own = XCreateSimpleWindow(pinger.display, DefaultRootWindow(pinger.display), 0, 0, 1,
		1, 0, 0, 0);
	XSelectInput(pinger.display, DefaultRootWindow(pinger.display), SubstructureNotifyMask);
	run(&pinger);
	status = tell(&pinger);
	XCloseDisplay(pinger.display);
	return status;
}
