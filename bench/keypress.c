/*
 * keypress.c - presses a key and measures when the screen changes. XTEST sends the key as a
 * keyboard does. The screen is the file in which Xvfb keeps its pixels (-fbdir); it is read every
 * 50 microseconds, which costs the X server nothing.
 *
 *	bench-keypress FILE      FILE: …/Xvfb_screen0
 *
 * For each line "KEY X Y" on standard input: presses KEY (X's name: space, Right), waits until the
 * pixel at X, Y changes, and prints the milliseconds in between; -1: not within ten seconds.
 */
#include <X11/XWDFile.h>
#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 10000.0

struct screen {
	const volatile uint32_t *pixels;
	uint32_t width, height; /* pixels */
	uint32_t pitch;         /* pixels from one row to the next */
};

static double now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* The file is an X window dump with 32 bits per pixel; its header is big-endian. */
static bool open_screen(struct screen *screen, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	const XWDFileHeader *header;
	size_t start;

	if (file < 0 || fstat(file, &status) != 0 || status.st_size < sz_XWDheader)
		return false;
	header = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
	close(file);
	if (header == MAP_FAILED || ntohl(header->bits_per_pixel) != 32)
		return false;
	start = ntohl(header->header_size) + (size_t)ntohl(header->ncolors) * sz_XWDColor;
	screen->pixels = (const volatile uint32_t *)((const char *)header + start);
	screen->width = ntohl(header->pixmap_width);
	screen->height = ntohl(header->pixmap_height);
	screen->pitch = ntohl(header->bytes_per_line) / 4;
	return true;
}

static double press(Display *display, const struct screen *screen, KeyCode key, uint32_t x,
	uint32_t y)
{
	const struct timespec nap = {.tv_nsec = 50000};
	const volatile uint32_t *pixel = &screen->pixels[(size_t)y * screen->pitch + x];
	uint32_t before = *pixel;
	double start = now_ms();
	double end;

	XTestFakeKeyEvent(display, key, True, CurrentTime);
	XFlush(display);
	do {
		nanosleep(&nap, NULL);
		end = now_ms();
	} while (*pixel == before && end - start < PATIENCE_MS);
	XTestFakeKeyEvent(display, key, False, CurrentTime);
	XSync(display, False);
	return end - start < PATIENCE_MS ? end - start : -1;
}

int main(int argc, char **argv)
{
	Display *display = XOpenDisplay(NULL);
	struct screen screen;
	char name[32];
	unsigned x, y;

	if (argc != 2 || display == NULL) {
		fprintf(stderr, "usage: bench-keypress FILE, with DISPLAY set\n");
		return 2;
	}
	if (!open_screen(&screen, argv[1])) {
		fprintf(stderr, "bench-keypress: %s: not a screen of Xvfb's\n", argv[1]);
		return 1;
	}
	prctl(PR_SET_TIMERSLACK, 1000);
	while (scanf("%31s %u %u", name, &x, &y) == 3 && x < screen.width && y < screen.height) {
		KeyCode key = XKeysymToKeycode(display, XStringToKeysym(name));
		printf("%.3f\n", press(display, &screen, key, x, y));
		fflush(stdout);
	}
	XCloseDisplay(display);
	return 0;
}
