/*
 * view_state.h - what view.c (what is shown) and view_zoom.c (how it lies in the window) share;
 * nobody else includes this.
 */
#ifndef VITRINE_UI_VIEW_STATE_H
#define VITRINE_UI_VIEW_STATE_H

#include "pyramid.h"
#include "tiles.h"
#include "view.h"

#define VIEW_SIDE_MAX    (1u << 24)          /* so that positions stay exact */
#define VIEW_REDUCED_MAX (UINT64_C(9) << 20) /* pixels; a 4K screen has 8.3 million */

#define FIRST_MIN (UINT64_C(4) << 20) /* pixels; what is smaller is uploaded at once */

#define GRID_ZOOM 16.0 /* from here on a grid can be seen */

struct view_image {
	uint64_t id; /* 0: there is none */
	struct tiles tiles;
	struct tiles first;   /* drawn until `tiles` are whole; width 0: none */
	struct tiles reduced; /* drawn when shown small; width 0: none */
	struct pyramid pyramid;
};

struct view {
	struct draw *draw;
	struct tile_pool pool;
	struct view_image shown;
	struct view_image coming;
	bool is_uploading; /* `coming`, or if there is none, the rest of `shown`, from `pixels` */
	struct pixels pixels;
	uint32_t *scratch;
	uint64_t last_id;

	SDL_Rect area;
	double zoom;
	double x, y; /* of the picture's upper left corner, in pixels of the output */
	enum view_mode mode;
	bool is_free; /* zoomed by hand since the mode was chosen */
	bool is_dragged;
	double wheel;    /* turned by less than a step so far */
	int orientation; /* of the pictures to come */
	bool has_grid;

	bool is_changed;
	uint32_t tiles_drawn;
	char error[160];
};

/* After another picture came: keeps zoom and place if they were chosen by hand for one of its size. */
void view_settle(struct view *view, bool is_same_size);

#endif
