/*
 * memory.h - the contents of a segment, read from a process that has it attached, and what has
 * changed since the last read. The segment is not attached here, so its statistics do not change.
 */
#ifndef VITRINE_XRAY_MEMORY_H
#define VITRINE_XRAY_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "draw.h"
#include "sysv/sysv_snapshot.h"

#define MEMORY_MOST (16u << 20) /* bytes to read of a segment */

enum memory_view { MEMORY_INTS, MEMORY_TEXT, MEMORY_BYTES, MEMORY_PICTURE, MEMORY_VIEWS };

/* Initially all zero, except `segment`: -1. */
struct memory {
	int segment; /* -1: none */
	unsigned char *now, *before;
	size_t size;     /* bytes that were read */
	uint64_t whole;  /* size of the segment */
	size_t changed;  /* bytes that differ */
	size_t first;    /* offset of the first of them */
	uint64_t stop;   /* as passed to memory_read() */
	int64_t read_ns; /* the time of that read */
	int error;       /* 0, or a negative errno; -ESRCH: no process has it attached */
	enum memory_view view;
	size_t top;  /* offset of the byte in the upper left corner */
	size_t row;  /* bytes per row, as drawn */
	size_t page; /* bytes that fit on the screen, as drawn */
	int width;   /* of the picture, in pixels; 0: not set yet */
	SDL_Texture *picture;
};

void memory_end(struct memory *memory);

/* Selects another segment, or -1. */
void memory_choose(struct memory *memory, int segment);

/*
 * Reads the segment again. `stop` identifies a stop of the programs: the differences are kept until
 * it changes; if it is 0, until there is another change. Returns true if something is new.
 */
bool memory_read(struct memory *memory, const struct sysv_snapshot *snapshot, uint64_t stop,
	int64_t now);

/* True if a byte differs. */
bool memory_differs(const struct memory *memory, size_t at, size_t count);

/* Scroll by rows, or to the next change after the upper left corner. */
void memory_scroll(struct memory *memory, long rows);
void memory_next_change(struct memory *memory);

/* memory_draw.c */
void memory_draw(struct memory *memory, struct draw *draw, SDL_Rect area);
void memory_forget(struct memory *memory); /* drops the textures: the renderer lost them */

#endif
