/* view.c - see view.h: what is shown. view_zoom.c computes where it is in the window. */
#include "view.h"

#include "monotonic.h"
#include "orientation.h"
#include "sample.h"
#include "text.h"
#include "translate.h"
#include "turned.h"
#include "view_state.h"
#include "window.h"

#include <stdlib.h>

struct view *view_create(struct draw *draw)
{
	struct view *view = calloc(1, sizeof(*view));
	if (view == NULL)
		return NULL;
	view->scratch = malloc(TILES_SCRATCH_BYTES);
	if (view->scratch == NULL) {
		free(view);
		return NULL;
	}
	view->draw = draw;
	view->pool.renderer = draw_renderer(draw);
	view->orientation = 1;
	view->is_changed = true;
	return view;
}

void view_destroy(struct view *view)
{
	if (view == NULL)
		return;
	view_clear(view);
	tiles_pool_empty(&view->pool);
	free(view->scratch);
	free(view);
}

const char *view_error(const struct view *view)
{
	return view->error;
}

uint64_t view_begin(struct view *view, const struct pixels *pixels)
{
	view_cancel(view);
	if (pixels->width == 0 || pixels->height == 0 || pixels->width > VIEW_SIDE_MAX ||
		pixels->height > VIEW_SIDE_MAX || pixels->pitch > INT32_MAX) {
		text_print(view->error, sizeof(view->error), _("cannot show %u x %u pixels"),
			(unsigned)pixels->width, (unsigned)pixels->height);
		return 0;
	}
	if (!tiles_begin(&view->coming.tiles, &view->pool, pixels, view->orientation)) {
		text_print(view->error, sizeof(view->error),
			_("cannot show pixels of the format 0x%08x"), (unsigned)pixels->format);
		return 0;
	}
	view->coming.id = ++view->last_id;
	view->pixels = *pixels;
	view->is_uploading = true;
	return view->coming.id;
}

void view_set_orientation(struct view *view, int orientation)
{
	view->orientation = orientation;
}

int view_orientation(const struct view *view)
{
	return view->shown.id != 0 ? view->shown.tiles.orientation : 1;
}

static void drop(struct view *view, struct view_image *image)
{
	/*
	 * Return the pyramid's textures first: the pool deletes the oldest ones first, and those of
	 * the image are needed first.
	 */
	pyramid_end(&image->pyramid, &view->pool);
	tiles_end(&image->reduced, &view->pool);
	tiles_end(&image->first, &view->pool);
	tiles_end(&image->tiles, &view->pool);
	*image = (struct view_image){0};
}

static void show_coming(struct view *view)
{
	const struct tiles *old = &view->shown.tiles;
	const struct tiles *new = &view->coming.tiles;
	bool is_same_size = old->width == new->width && old->height == new->height;

	drop(view, &view->shown);
	view->shown = view->coming;
	view->coming = (struct view_image){0};
	view->is_changed = true;
	view_settle(view, is_same_size); /* frames of a stream keep the zoom */
}

/* Uploads a small image at once. False: the renderer refused. */
static bool upload_small(struct view *view, struct tiles *tiles, const struct pixels *pixels,
	int orientation)
{
	if (!tiles_begin(tiles, &view->pool, pixels, orientation))
		return false;
	while (!tiles_whole(tiles))
		if (!tiles_upload(tiles, &view->pool, pixels, view->scratch)) {
			tiles_end(tiles, &view->pool);
			return false;
		}
	return true;
}

bool view_show_first(struct view *view)
{
	const struct tiles *tiles = &view->coming.tiles;
	struct pixels first;
	bool is_shown;

	if (view->coming.id == 0 || tiles->orientation != 1 || view->mode != VIEW_FIT ||
		view->is_free || (uint64_t)tiles->width * tiles->height < FIRST_MIN)
		return false;
	SDL_Rect to = view_fit_rect(view->area, tiles->width, tiles->height);

	if ((uint32_t)to.w * 2 > tiles->width || (uint32_t)to.h * 2 > tiles->height ||
		!sample_pixels(&view->pixels, (uint32_t)to.w, (uint32_t)to.h, &first))
		return false;
	is_shown = upload_small(view, &view->coming.first, &first, tiles->orientation);
	if (is_shown)
		show_coming(view);
	free((void *)(uintptr_t)first.data);
	return is_shown;
}

/* The upload is complete: draws the picture from its own pixels. */
static void finish(struct view *view)
{
	view->is_uploading = false;
	if (view->coming.id != 0)
		show_coming(view);
	else
		tiles_end(&view->shown.first, &view->pool);
	view->is_changed = true;
}

enum view_progress view_upload(struct view *view, uint64_t budget_ns)
{
	struct tiles *tiles = view->coming.id != 0 ? &view->coming.tiles : &view->shown.tiles;
	int64_t start = monotonic_ns();

	if (!view->is_uploading)
		return VIEW_IDLE;
	do {
		if (!tiles_upload(tiles, &view->pool, &view->pixels, view->scratch)) {
			text_print(view->error, sizeof(view->error),
				_("cannot show %u x %u pixels: %s"), (unsigned)view->pixels.width,
				(unsigned)view->pixels.height, SDL_GetError());
			view_cancel(view);
			return VIEW_FAILED;
		}
		if (tiles_whole(tiles)) {
			finish(view);
			return VIEW_DONE;
		}
	} while ((uint64_t)(monotonic_ns() - start) < budget_ns);
	return VIEW_MORE;
}

bool view_refine(struct view *view, const struct pixels *pixels, uint64_t budget_ns)
{
	struct view_image *image = &view->shown;
	const int orientation = image->tiles.orientation;
	int64_t start = monotonic_ns();

	if (!tiles_whole(&image->tiles) ||
		turned_width(pixels, orientation) != image->tiles.width ||
		turned_height(pixels, orientation) != image->tiles.height)
		return false;
	do {
		enum pyramid_state before = image->pyramid.state;

		if (pyramid_grow(&image->pyramid, &view->pool, &image->tiles, pixels,
			    view->scratch) == PYRAMID_GROWS)
			continue;
		view->is_changed |= before == PYRAMID_GROWS;
		return false;
	} while ((uint64_t)(monotonic_ns() - start) < budget_ns);
	return true;
}

bool view_uploading(const struct view *view)
{
	return view->is_uploading;
}

void view_cancel(struct view *view)
{
	view->is_uploading = false;
	drop(view, &view->coming);
}

void view_clear(struct view *view)
{
	view_cancel(view);
	if (view->shown.id != 0)
		view->is_changed = true;
	drop(view, &view->shown);
	view->is_dragged = false;
}

void view_forget(struct view *view)
{
	view_clear(view);
	tiles_pool_empty(&view->pool);
}

uint64_t view_shown(const struct view *view)
{
	return view->shown.id;
}

bool view_set_reduced(struct view *view, uint64_t id, const struct pixels *pixels)
{
	struct view_image *image = id == view->coming.id ? &view->coming : &view->shown;
	const int orientation = image->tiles.orientation;
	struct tiles tiles;

	if (id == 0 || image->id != id || pixels->width == 0 || pixels->height == 0 ||
		turned_width(pixels, orientation) > image->tiles.width ||
		turned_height(pixels, orientation) > image->tiles.height ||
		!upload_small(view, &tiles, pixels, orientation))
		return false;
	tiles_end(&image->reduced, &view->pool);
	image->reduced = tiles;
	view->is_changed = true;
	return true;
}

/* True if a reduced version has enough pixels for this size. */
static bool serves(const struct tiles *reduced, SDL_Rect to)
{
	return (uint32_t)to.w <= reduced->width && (uint32_t)to.h <= reduced->height;
}

bool view_wants_reduced(const struct view *view, uint32_t *width, uint32_t *height)
{
	const struct view_image *image = &view->shown;
	SDL_Rect to = view_picture_rect(view);

	if (image->id == 0 || view->is_uploading || to.w < 1 || to.h < 1 ||
		(uint64_t)to.w * (uint64_t)to.h > VIEW_REDUCED_MAX)
		return false;
	if ((uint32_t)to.w * 2 >= image->tiles.width && (uint32_t)to.h * 2 >= image->tiles.height)
		return false;
	bool is_turned = orientation_swaps(image->tiles.orientation);
	*width = (uint32_t)(is_turned ? to.h : to.w);
	*height = (uint32_t)(is_turned ? to.w : to.h);
	return !serves(&image->reduced, to) ||
	       image->reduced.width > (uint32_t)to.w + (uint32_t)to.w / 2;
}

bool view_changed(struct view *view)
{
	bool is_changed = view->is_changed;

	view->is_changed = false;
	return is_changed;
}

/* The version with the fewest pixels that are enough. */
static const struct tiles *source_of(const struct view_image *image, SDL_Rect to)
{
	const struct tiles *level;

	if (serves(&image->reduced, to))
		return &image->reduced;
	level = pyramid_level(&image->pyramid, to);
	if (level != NULL)
		return level;
	return tiles_whole(&image->tiles) ? &image->tiles : &image->first;
}

/* A dark and a light line side by side: one of them shows on any colour. */
static void draw_line(SDL_Renderer *renderer, SDL_Rect line, bool is_column, int width)
{
	SDL_SetRenderDrawColor(renderer, 0, 0, 0, 0x70);
	SDL_RenderFillRect(renderer, &line);
	line.x += is_column ? width : 0;
	line.y += is_column ? 0 : width;
	SDL_SetRenderDrawColor(renderer, 0xff, 0xff, 0xff, 0x50);
	SDL_RenderFillRect(renderer, &line);
}

static void draw_grid(const struct view *view, SDL_Renderer *renderer, SDL_Rect visible)
{
	const SDL_Rect picture = view_picture_rect(view);
	const int width = draw_px(view->draw, 1);
	const int columns = (int)view->shown.tiles.width, rows = (int)view->shown.tiles.height;
	int first_column = (int)((visible.x - picture.x) / view->zoom);
	int first_row = (int)((visible.y - picture.y) / view->zoom);

	SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND);
	for (int i = SDL_max(first_column, 1); i < columns; i++) {
		int x = picture.x + (int)((int64_t)i * picture.w / columns);

		if (x - width >= visible.x + visible.w)
			break;
		draw_line(renderer, (SDL_Rect){x - width, visible.y, width, visible.h}, true,
			width);
	}
	for (int i = SDL_max(first_row, 1); i < rows; i++) {
		int y = picture.y + (int)((int64_t)i * picture.h / rows);

		if (y - width >= visible.y + visible.h)
			break;
		draw_line(renderer, (SDL_Rect){visible.x, y - width, visible.w, width}, false,
			width);
	}
}

void view_draw(struct view *view)
{
	SDL_Renderer *renderer = draw_renderer(view->draw);
	const struct view_image *image = &view->shown;
	struct tiles_place place = {view_picture_rect(view), view->area};
	SDL_Rect visible;

	view->tiles_drawn = 0;
	if (image->id == 0 || !SDL_IntersectRect(&place.to, &view->area, &visible))
		return;
	place.clip = visible;
	SDL_RenderSetClipRect(renderer, &visible);
	if (image->tiles.has_alpha)
		draw_checkerboard(view->draw, visible);
	view->tiles_drawn = tiles_draw(source_of(image, place.to), renderer, &place);
	if (view->has_grid && view->zoom >= GRID_ZOOM)
		draw_grid(view, renderer, visible);
	SDL_RenderSetClipRect(renderer, NULL);
}

struct view_stats view_stats(const struct view *view)
{
	return (struct view_stats){
		.textures_made = view->pool.made,
		.texture_bytes = view->pool.bytes,
		.bands = view->pool.bands,
		.tiles = view->shown.tiles.columns * view->shown.tiles.rows,
		.tiles_drawn = view->tiles_drawn,
	};
}
