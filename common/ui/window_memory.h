/*
 * window_memory.h - what a window keeps from one start to the next: its place, in a file per program,
 * and the theme and the size of the text, in a file for all (statefile.h). Another file for all has
 * the places of the windows that are open now. Whatever cannot be read or written is as if it had
 * never been kept: a window opens in any case. For one thread.
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
	 * How many windows of this program are open already, up to WINDOW_MEMORY_MOST. The file is
	 * locked at one byte for each of them, so the kernel forgets those that have ended.
	 */
	unsigned before;
	int all;         /* the file of the windows that are open; -1: none */
	unsigned number; /* this window's line in it, which is locked while the window is open */
	bool has_place;
	SDL_Rect place; /* as window_place() says it */
};

#define WINDOW_MEMORY_MOST 16

/* `program`: "producer". Not NULL. */
void window_memory_open(struct window_memory *memory, const char *program);
void window_memory_keep(const struct window_memory *memory, SDL_Rect place);
/* Where this window is, for those that open after it. */
void window_memory_tell(const struct window_memory *memory, SDL_Rect place);
/* The places of the other windows that are open, as far as they were told. Returns how many. */
size_t window_memory_others(const struct window_memory *memory,
	SDL_Rect places[WINDOW_MEMORY_MOST]);
void window_memory_close(struct window_memory *memory);

struct window_look {
	enum theme_kind theme;
	int text_size; /* percent */
};

/* False: none was kept; *look stays as it is. */
bool window_memory_look(struct window_look *look);
void window_memory_keep_look(const struct window_look *look);

#endif
