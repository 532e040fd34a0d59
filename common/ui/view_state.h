/*
 * view_state.h - shared by view.c (what is shown) and view_zoom.c (where it is); only they include
 * this.
 */
#ifndef VITRINE_UI_VIEW_STATE_H
#define VITRINE_UI_VIEW_STATE_H

#include "pyramid.h"
#include "tiles.h"
#include "view.h"

#define VIEW_SIDE_MAX    (1u << 24)          /* so that positions stay exact */
#define VIEW_REDUCED_MAX (UINT64_C(9) << 20) /* pixels; a 4K screen has 8.3 million */

#define FIRST_MIN (UINT64_C(4) << 20) /* pixels; smaller images are uploaded at once */

#define GRID_ZOOM 16.0 /* from this zoom on a grid is visible */

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
	bool is_free; /* zoomed by the user since the mode was chosen */
	bool is_dragged;
	double wheel;    /* the part of a step that the wheel was turned */
	int orientation; /* of the next pictures */
	bool has_grid;

	bool is_changed;
	uint32_t tiles_drawn;
	char error[160];
};

/*
 * Call when another picture is shown: keeps the zoom and the position if the user chose them for a
 * picture of the same size.
 */
void view_settle(struct view *view, bool is_same_size);

#endif
