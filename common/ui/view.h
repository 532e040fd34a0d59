/*
 * view.h - the picture in the window: uploads one image in short steps while the one before stays
 * on the screen, and shows it fitted, zoomed and panned. It knows nothing of files, slots or the
 * history: pixels come in as struct pixels, from wherever. Called on the thread that draws.
 *
 * Life of a picture:
 *
 *     id = view_begin(view, &pixels);                   the old picture stays on the screen
 *     view_show_first(view);                            or not: a first version is drawn
 *     while (view_upload(view, 4 ms) == VIEW_MORE)      handle events, draw, present
 *     VIEW_DONE                                         draw, present; `pixels.data` may go now
 *     view_set_reduced(view, id, &smaller);             any time later, or never
 *     view_refine(view, &pixels or a copy, 4 ms);       the same; while it returns true
 *
 * Uploads read straight from pixels.data, each byte once, in bands; R8, NV12 and YU12 are turned
 * into XR24 a band at a time. Textures are kept and used again. An image larger than one texture
 * may be is cut into tiles of 1024 pixels (one takes a millisecond or two to make); only those that
 * can be seen are drawn.
 *
 * Zoom 1 is one pixel of the image on one pixel of the screen. A fitted picture fills its area; from
 * zoom 2 on by a whole factor, so that all squares have one size. From zoom 2 on pixels are shown as
 * squares, below that they are filtered. All coordinates are pixels of the renderer's output.
 */
#ifndef VITRINE_UI_VIEW_H
#define VITRINE_UI_VIEW_H

#include "draw.h"
#include "pixels.h"

#include <SDL_events.h>
#include <SDL_render.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct view;

enum view_progress {
	VIEW_IDLE,   /* nothing to upload */
	VIEW_MORE,   /* call again */
	VIEW_DONE,   /* the new picture is whole, and is what view_draw() draws from now on */
	VIEW_FAILED, /* the renderer refused: view_error() says why; the old picture stays */
};

struct view *view_create(struct draw *draw); /* NULL: no memory */
void view_destroy(struct view *view);        /* NULL is allowed */
void view_place(struct view *view,
	SDL_Rect area); /* where to show it; a fitted picture stays fitted */
const char *
view_error(const struct view *view); /* why the last begin or upload failed; never NULL */

/* ---- what is shown ------------------------------------------------------------------------- */

/*
 * Starts to upload `pixels`; cancels an upload in progress. pixels->data must stay until VIEW_DONE,
 * VIEW_FAILED or view_cancel(). Returns the picture's number, never 0, or 0 with view_error(): a
 * format or a size that cannot be shown.
 */
uint64_t view_begin(struct view *view, const struct pixels *pixels);

/*
 * How pictures begun from now on are turned: an orientation of EXIF, 1 to 8 (turned.h). To turn the
 * picture on the screen, begin it again. Sizes and places are those of the turned picture.
 */
void view_set_orientation(struct view *view, int orientation);
int view_orientation(const struct view *view); /* of the picture on the screen */

/*
 * Shows a first version of a large fitted picture that view_begin() was called for: small, made in a few
 * milliseconds, and drawn until view_upload() has the picture whole. True: view_draw() draws it from now
 * on. False: the picture needs none, or there can be none.
 */
bool view_show_first(struct view *view);

/* Uploads for about `budget_ns`, at least one band (a quarter of a megabyte). */
enum view_progress view_upload(struct view *view, uint64_t budget_ns);

/*
 * Makes ready what draws a large picture quickly at any zoom: smaller levels of the picture on the
 * screen, from its `pixels` or a copy of them, for about `budget_ns`. Call it while there is nothing
 * else to do. False: it is done, and need not be called again for this picture.
 */
bool view_refine(struct view *view, const struct pixels *pixels, uint64_t budget_ns);

bool view_uploading(const struct view *view);
/* Gives up the upload. What is on the screen stays, a first version too. */
void view_cancel(struct view *view);
void view_clear(struct view *view); /* shows nothing, uploads nothing */

/*
 * The renderer lost its textures (WINDOW_LOST): forgets all of them. The program begins again with
 * the picture it wants shown.
 */
void view_forget(struct view *view);

/* The number of the picture on the screen; 0: none. */
uint64_t view_shown(const struct view *view);

/*
 * A smaller, area-averaged version of picture `id`, drawn instead of it while the zoom is at or
 * below the smaller one's scale: renderers skip pixels when they shrink much. Copied at once, so
 * keep it small (a screen's worth). Does nothing when `id` is neither shown nor being uploaded any
 * more: hand in the result of a worker whenever it comes. False: nothing was taken over.
 */
bool view_set_reduced(struct view *view, uint64_t id, const struct pixels *pixels);

/*
 * True if a reduced version would make the picture on the screen better, and its size: exactly the
 * pixels it covers now. Ask after each view_place(), VIEW_DONE and zoom; false while it is shown at
 * 50 % or more, when a fitting reduced version is there, and for R8, NV12 and YU12.
 */
bool view_wants_reduced(const struct view *view, uint32_t *width, uint32_t *height);

/* ---- how it is shown ----------------------------------------------------------------------- */

/* How a picture lies in its area until it is zoomed by hand; holds for the pictures to come. */
enum view_mode {
	VIEW_FIT,    /* all of it is visible, as large as there is room */
	VIEW_FILL,   /* it covers the area, and one side of it may be cut off */
	VIEW_ACTUAL, /* 100 % */
};

void view_set_mode(struct view *view, enum view_mode mode);
/* From fit to fill to 100 % and back to fit; after zooming by hand to fit. */
void view_next_mode(struct view *view);
/* Zooms to `zoom`, keeping the point of the image under x, y where it is. */
void view_zoom(struct view *view, double zoom, int x, int y);
/* To the next round number (100, 125, 150, 200, 300 % …) or the fitted size, about the middle. */
void view_zoom_in(struct view *view);
void view_zoom_out(struct view *view);
/* Moves the picture; its edges never leave a gap, and a side that fits is centred. */
void view_pan(struct view *view, int dx, int dy);

/* Handles the wheel, and dragging with the left or middle button. True: it was for the view. */
bool view_event(struct view *view, const SDL_Event *event);

double view_get_zoom(const struct view *view); /* 1: 100 %; 0: nothing is shown */
bool view_is_fitted(const struct view *view);  /* mode VIEW_FIT, not zoomed by hand */
SDL_Rect
view_picture_rect(const struct view *view); /* what the picture covers, also off the area */

/* What a fitted picture of this size covers: for a preview of it. */
SDL_Rect view_fit_rect(SDL_Rect area, uint32_t width, uint32_t height);

/* The pixel of the picture at x, y of the output. False: there is none. */
bool view_pixel_at(const struct view *view, int x, int y, uint32_t *column, uint32_t *row);
/* Draws lines between the pixels from zoom 16 on. */
void view_set_grid(struct view *view, bool is_on);

/*
 * True if view_draw() would draw something different from what it drew at the last call of this
 * function.
 */
bool view_changed(struct view *view);
/* Draws the picture clipped to the area, on a checkerboard where it is transparent. */
void view_draw(struct view *view);

/* ---- for tests and the information overlay -------------------------------------------------- */

struct view_stats {
	uint64_t textures_made; /* since view_create() */
	uint64_t texture_bytes; /* held now, spares included */
	uint64_t bands;         /* uploaded since view_create() */
	uint32_t tiles;         /* of the picture on the screen */
	uint32_t tiles_drawn;   /* by the last view_draw() */
};
struct view_stats view_stats(const struct view *view);

#endif
