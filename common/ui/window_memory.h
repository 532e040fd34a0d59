/*
 * window_memory.h - stores what a window remembers from one start to the next: its place, in a file
 * for each program, and the theme and the size of the text, in one file for all programs
 * (statefile.h). Another file has the places of the windows that are open now. A file that cannot
 * be read or written is ignored: a window always opens. For one thread.
 */
#ifndef VITRINE_UI_WINDOW_MEMORY_H
#define VITRINE_UI_WINDOW_MEMORY_H

#include <SDL_rect.h>
#include <stdbool.h>
#include <stddef.h>

#include "theme.h"

struct window_memory {
	int file; /* of the place, while the window is open; -1: none */
	/*
	 * The number of windows of this program that were already open, up to WINDOW_MEMORY_MOST.
	 * Each of them locks one byte of the file, so the kernel removes the lock of a program that
	 * has ended.
	 */
	unsigned before;
	int all;         /* the file of the open windows; -1: none */
	unsigned number; /* this window's line in it, which is locked while the window is open */
	bool has_place;
	SDL_Rect place; /* as from window_place() */
};

#define WINDOW_MEMORY_MOST 16

/* `program`: "producer". Not NULL. */
void window_memory_open(struct window_memory *memory, const char *program);
void window_memory_keep(const struct window_memory *memory, SDL_Rect place);
/* Stores where this window is, for windows that are opened later. */
void window_memory_tell(const struct window_memory *memory, SDL_Rect place);
/* Gets the places of the other open windows that have stored theirs. Returns their number. */
size_t window_memory_others(const struct window_memory *memory,
	SDL_Rect places[WINDOW_MEMORY_MOST]);
void window_memory_close(struct window_memory *memory);

struct window_look {
	enum theme_kind theme;
	int text_size; /* percent */
};

/* False: nothing was stored; *look is unchanged. */
bool window_memory_look(struct window_look *look);
void window_memory_keep_look(const struct window_look *look);

#endif
