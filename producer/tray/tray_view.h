/*
 * tray_view.h - the row of thumbnails below the picture: draws the tray, scrolls it, and finds what
 * is under the mouse. Keeps a texture for each recently drawn thumbnail. Coordinates are pixels of
 * the output. Called on the drawing thread.
 */
#ifndef VITRINE_PRODUCER_TRAY_VIEW_H
#define VITRINE_PRODUCER_TRAY_VIEW_H

#include <SDL_rect.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw.h"
#include "tray.h"

#define TRAY_VIEW_DROP_PLACE (SIZE_MAX - 1) /* the place that says "drop images here" */

struct tray_view;

struct tray_view *tray_view_create(struct draw *draw,
	const struct tray *tray);                    /* NULL: no memory */
void tray_view_destroy(struct tray_view *tray_view); /* NULL is allowed */
void tray_view_forget(struct tray_view *tray_view);  /* the renderer lost its textures */

/* Sets its place. Keeps the chosen image in view when it or `area` changes. */
void tray_view_place(struct tray_view *tray_view, SDL_Rect area);
/* Moves the row by this many images (or fractions), as the wheel does. True: it moved. */
bool tray_view_scroll(struct tray_view *tray_view, double images);

/* The place at x, y, TRAY_VIEW_DROP_PLACE, or TRAY_NONE. */
size_t tray_view_hit(const struct tray_view *tray_view, int x, int y);
/*
 * The gap between two images that is nearest to x, where an image that is dropped would be
 * inserted.
 */
size_t tray_view_gap(const struct tray_view *tray_view, int x);
/* -1, 1: x, y is on the counter of hidden images at the left or right edge; 0: on neither. */
int tray_view_edge(const struct tray_view *tray_view, int x, int y);
/* True if x, y is on the scroll bar; the row then moves so that the handle is at x. */
bool tray_view_hits_bar(const struct tray_view *tray_view, int x, int y);
void tray_view_scroll_to(struct tray_view *tray_view, int x);
/* The place of the first image that is at least partly visible. */
size_t tray_view_first(const struct tray_view *tray_view);
/* The number of images that are fully visible; at least 1. */
size_t tray_view_page(const struct tray_view *tray_view);

struct tray_view_state {
	double done;     /* the part of the files that is decoded, shown as a bar; 1: no bar */
	bool is_hovered; /* something is dragged over the window: the drop place shows it */
	size_t gap;      /* an image is being moved to this gap; TRAY_NONE: none is */
};
void tray_view_draw(struct tray_view *tray_view, const struct tray_view_state *state);
/* Draws the tooltip, which may cover the picture: call this after drawing everything else. */
void tray_view_draw_tip(struct tray_view *tray_view, const struct tray_item *item);

/*
 * Draws a complete thumbnail, as the tray does, turned (turned.h), in the middle of `box`. Returns
 * the area it covers.
 */
SDL_Rect tray_view_draw_thumbnail(struct tray_view *tray_view, struct picture *thumbnail,
	int orientation, SDL_Rect box);

/* The texture of an item's thumbnail, valid until the next call; NULL: there is none. */
SDL_Texture *tray_view_thumbnail(struct tray_view *tray_view, const struct tray_item *item);

#endif
