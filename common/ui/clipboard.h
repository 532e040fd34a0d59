/*
 * clipboard.h - the desktop's clipboard, by its own programs as child processes: wl-copy and
 * wl-paste on Wayland, xclip on X11. The window stays responsive, and what was copied stays on the
 * clipboard when the window is closed. All functions are for one thread (the window's).
 * clipboard_copy(), clipboard_paste() and clipboard_destroy() end a child that still runs, and
 * sleep until it has ended; the others do not sleep.
 *
 *     clipboard_paste(clipboard);                       then, each time the window is woken:
 *     if (clipboard_pop(clipboard, &end)) { … clipboard_end_free(&end); }
 */
#ifndef VITRINE_UI_CLIPBOARD_H
#define VITRINE_UI_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

#define CLIPBOARD_TYPE_MAX 64

struct clipboard;

/* NULL: out of memory. `wake` is called on another thread when clipboard_pop() has something. */
struct clipboard *clipboard_create(void (*wake)(void *data), void *wake_data);
void clipboard_destroy(struct clipboard *clipboard); /* NULL is allowed */

enum clipboard_start {
	CLIPBOARD_STARTED,
	CLIPBOARD_MISSING, /* no such program is installed: clipboard_remedy() */
	CLIPBOARD_FAILED,  /* errno says why */
};

/*
 * Offers the contents of the file `fd`, from its start, as `type` ("image/png"). The caller keeps
 * fd.
 */
enum clipboard_start clipboard_copy(struct clipboard *clipboard, const char *type, int fd);

/*
 * Requests the contents of the clipboard, in the first of these types that is offered: image/png,
 * text/uri-list, any other image, plain text. Cancels a copy or paste in progress.
 */
enum clipboard_start clipboard_paste(struct clipboard *clipboard);

/* The result of a copy or paste. */
struct clipboard_end {
	bool is_paste;
	char type
		[CLIPBOARD_TYPE_MAX]; /* of a paste; "": the clipboard has nothing of these types */
	char *bytes;                  /* of a paste, followed by a NUL; NULL: none */
	size_t size;
	int status;          /* of the program: not 0 is a failure, 128 + n a signal */
	const char *program; /* its name */
};

/* Gets the result; false: there is none, or the copy or paste is still in progress. */
bool clipboard_pop(struct clipboard *clipboard, struct clipboard_end *end);
void clipboard_end_free(struct clipboard_end *end);

/* Which program is missing on this desktop and how to install it: one sentence. */
const char *clipboard_remedy(void);

#endif
