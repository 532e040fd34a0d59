/*
 * xray_layout.h - where the parts of the X-ray panel lie. Slots get large cards while those leave
 * room for the list of calls, then low ones, then two columns; more than that scrolls. Pure
 * arithmetic, in pixels of the output.
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
	SDL_Rect lines;      /* who is here, who sleeps and why, the segment, the programs */
	int line;            /* height of one of them */
	SDL_Rect body;       /* what scrolls: slots, then calls */
	int legend; /* height above the slots, of what the figures on small cards mean; or 0 */
	int columns;
	int slot_width, slot_height, gap;
	int slots_height; /* all of them */
	int thumbnail_width, thumbnail_height;
};

struct xray_layout xray_layout_make(SDL_Rect area, float scale, uint32_t slots);

/* Where slot i's card lies when `scroll` pixels of the body are above its edge. */
SDL_Rect xray_layout_slot(const struct xray_layout *layout, uint32_t i, int scroll);

#endif
