/*
 * xray_layout.h - the places of the parts of the X-ray panel. Slots get large cards if these leave
 * room for the list of calls, otherwise low ones, otherwise two columns; anything beyond that
 * scrolls. Pure arithmetic, in pixels of the output.
 */
#ifndef VITRINE_XRAY_XRAY_LAYOUT_H
#define VITRINE_XRAY_XRAY_LAYOUT_H

#include <SDL_rect.h>
#include <stdint.h>

enum xray_size { XRAY_LARGE, XRAY_LOW, XRAY_SMALL };

struct xray_layout {
	enum xray_size size;
	SDL_Rect head;
	SDL_Rect figures[4]; /* mutex, empty, full; slots */
	SDL_Rect lines;      /* roles, sleepers and why they sleep, segment, programs */
	int line;            /* height of one of them */
	SDL_Rect body;       /* the part that scrolls: slots, then calls */
	int legend;          /* height of the legend for small cards, above the slots; or 0 */
	int columns;
	int slot_width, slot_height, gap;
	int slots_height; /* all of them */
	int thumbnail_width, thumbnail_height;
};

struct xray_layout xray_layout_make(SDL_Rect area, float scale, uint32_t slots);

/* The place of slot i's card if the body is scrolled by `scroll` pixels. */
SDL_Rect xray_layout_slot(const struct xray_layout *layout, uint32_t i, int scroll);

#endif
