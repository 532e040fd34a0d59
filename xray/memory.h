/*
 * memory.h - what is in a segment, read from a process that has it attached: nothing is attached here,
 * so the numbers of the segment stay as they are. And what changed since it was read before.
 */
#ifndef VITRINE_XRAY_MEMORY_H
#define VITRINE_XRAY_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draw.h"
#include "sysv/watch.h"

#define MEMORY_MOST (16u << 20) /* bytes that are read of a segment */

enum memory_view { MEMORY_INTS, MEMORY_TEXT, MEMORY_BYTES, MEMORY_PICTURE, MEMORY_VIEWS };

/* All zero to begin with, but for `segment`: -1. */
struct memory {
	int segment; /* -1: none */
	unsigned char *now, *before;
	size_t size;     /* bytes that were read */
	uint64_t whole;  /* bytes that it has */
	size_t changed;  /* bytes that differ */
	size_t first;    /* where the first of them is */
	uint64_t stop;   /* as told to memory_read() */
	int64_t read_ns; /* when */
	int error;       /* 0, or a negative errno; -ESRCH: no process has it attached */
	enum memory_view view;
	size_t top;  /* the byte in the upper left corner */
	size_t row;  /* bytes of a row, as it was drawn */
	size_t page; /* bytes that fit on the screen, likewise */
	int width;   /* of the picture, pixels; 0: not yet given */
	SDL_Texture *picture;
};

void memory_end(struct memory *memory);

/* Another segment, or -1. */
void memory_choose(struct memory *memory, int segment);

/*
 * Reads it anew. `stop` tells one stop of the programs from the next: what differs is kept until
 * there is another; 0: until there is another change. True: something is new.
 */
bool memory_read(struct memory *memory, const struct watch *watch, uint64_t stop, int64_t now);

/* Whether a byte differs. */
bool memory_differs(const struct memory *memory, size_t at, size_t count);

/* Scrolls by rows, or to the next change behind the upper left corner. */
void memory_scroll(struct memory *memory, long rows);
void memory_next_change(struct memory *memory);

/* memory_draw.c */
void memory_draw(struct memory *memory, struct draw *draw, SDL_Rect area);
void memory_forget(struct memory *memory); /* the renderer lost its textures */

#endif
