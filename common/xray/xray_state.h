/*
 * xray_state.h - shared by xray.c (the panel) and xray_slots.c (the cards); only they include this.
 */
#ifndef VITRINE_XRAY_XRAY_STATE_H
#define VITRINE_XRAY_XRAY_STATE_H

#include "xray.h"

struct xray_card {
	SDL_Texture *image; /* NULL: none */
	int width, height;
	bool has_alpha;
};

struct xray {
	struct draw *draw;
	enum theme_colour accent;
	struct xray_model model;
	bool has_model;
	SDL_Rect area;
	struct xray_layout layout;
	int scroll;
	int calls_height; /* as last drawn */
	struct xray_card cards[VITRINE_SLOTS_MAX];
};

void xray_draw_slot(struct xray *xray, uint32_t i, SDL_Rect card);

#endif
