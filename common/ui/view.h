/*
 * view.h - the picture in the window: uploads an image in short steps while the previous one stays
 * on the screen, and shows it fitted, zoomed and panned. It knows nothing of files, slots or the
 * history: all pixels come as struct pixels. Called on the thread that draws.
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
 * Uploads read directly from pixels.data, each byte once, in bands; R8 is converted to XR24 a band
 * at a time, and so are NV12 and YU12 unless the renderer has such textures. Textures are reused.
 * An image larger than one texture can be is divided into tiles of 1024 pixels (each takes a
 * millisecond or two to create); only visible tiles are drawn.
 *
 * At zoom 1, one pixel of the image covers one pixel of the screen. A fitted picture fills its
 * area; from zoom 2 on its zoom is a whole number, so that all squares have the same size. From
 * zoom 2 on pixels are shown as squares; below that they are filtered. All coordinates are pixels
 * of the renderer's output.
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
	VIEW_DONE,   /* the upload is complete: view_draw() draws the new picture from now on */
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
 * Sets the EXIF orientation, 1 to 8 (turned.h), of the pictures begun from now on. To turn the
 * picture on the screen, begin it again. All sizes and positions are those of the turned picture.
 */
void view_set_orientation(struct view *view, int orientation);
int view_orientation(const struct view *view); /* of the picture on the screen */

/*
 * Shows a first version of a large fitted picture after view_begin(): it is small, is made in a few
 * milliseconds, and is drawn until view_upload() is done. True: view_draw() draws it from now on.
 * False: the picture needs no such version, or it cannot be made.
 */
bool view_show_first(struct view *view);

/* Uploads for about `budget_ns`, at least one band (a quarter of a megabyte). */
enum view_progress view_upload(struct view *view, uint64_t budget_ns);

/*
 * Works for about `budget_ns` on smaller levels of the picture on the screen, from its `pixels` or
 * a copy of them, with which a large picture is drawn quickly at any zoom. Call it while there is
 * nothing else to do. False: all levels are made; do not call it again for this picture.
 */
bool view_refine(struct view *view, const struct pixels *pixels, uint64_t budget_ns);

bool view_uploading(const struct view *view);
/* Cancels the upload. What is on the screen stays, even a first version. */
void view_cancel(struct view *view);
void view_clear(struct view *view); /* shows nothing, uploads nothing */

/*
 * The renderer lost its textures (WINDOW_LOST): forgets them. The program must begin its picture
 * again.
 */
void view_forget(struct view *view);

/* The number of the picture on the screen; 0: none. */
uint64_t view_shown(const struct view *view);

/*
 * Sets a smaller, area-averaged version of picture `id`, which is drawn instead of the picture
 * while it has enough pixels: renderers skip pixels when they shrink a picture much. The pixels are
 * uploaded at once, so they should be no more than a screen has. Does nothing if `id` is no longer
 * shown or being uploaded, so the result of a worker may come at any time. False: the version is
 * not used.
 */
bool view_set_reduced(struct view *view, uint64_t id, const struct pixels *pixels);

/*
 * True if a reduced version would make the picture on the screen better, and its size: exactly the
 * pixels it covers now. Ask after each view_place(), VIEW_DONE and zoom; false while it is shown at
 * 50 % or more, when a fitting reduced version is there, and for R8, NV12 and YU12.
 */
bool view_wants_reduced(const struct view *view, uint32_t *width, uint32_t *height);

/* ---- how it is shown ----------------------------------------------------------------------- */

/* How a picture is placed in its area until the user zooms it; also applies to later pictures. */
enum view_mode {
	VIEW_FIT,    /* all of it is visible, as large as there is room */
	VIEW_FILL,   /* it covers the area, and one side of it may be cut off */
	VIEW_ACTUAL, /* 100 % */
};

void view_set_mode(struct view *view, enum view_mode mode);
/* Goes from fit to fill, to 100 %, and back to fit; after the user has zoomed, to fit. */
void view_next_mode(struct view *view);
/* Zooms to `zoom`, keeping the point of the image under x, y where it is. */
void view_zoom(struct view *view, double zoom, int x, int y);
/*
 * Zooms to the next round number (100, 125, 150, 200, 300 % …) or the fitted size, around the
 * middle.
 */
void view_zoom_in(struct view *view);
void view_zoom_out(struct view *view);
/* Moves the picture; its edges never leave a gap, and a side that fits is centred. */
void view_pan(struct view *view, int dx, int dy);
/* By the keyboard: shows what is on this side, an eighth of the area further. -1, 0 or 1 each. */
void view_look_aside(struct view *view, int columns, int rows);

/* Handles the wheel, and dragging with the left or middle button. True: it was for the view. */
bool view_event(struct view *view, const SDL_Event *event);

double view_get_zoom(const struct view *view); /* 1: 100 %; 0: nothing is shown */
bool view_is_fitted(const struct view *view);  /* mode VIEW_FIT, and not zoomed by the user */
SDL_Rect
view_picture_rect(const struct view *view); /* the area that the whole picture would cover */

/* The rectangle that a fitted picture of this size covers, for a preview. */
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
/* Draws the picture, clipped to the area, on a checkerboard if it is transparent. */
void view_draw(struct view *view);

/* ---- for tests and the information overlay -------------------------------------------------- */

struct view_stats {
	uint64_t textures_made; /* since view_create() */
	uint64_t texture_bytes; /* held now, including spare ones */
	uint64_t bands;         /* uploaded since view_create() */
	uint32_t tiles;         /* of the picture on the screen */
	uint32_t tiles_drawn;   /* by the last view_draw() */
};
struct view_stats view_stats(const struct view *view);

#endif
