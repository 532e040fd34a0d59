/* view.c - see view.h: what is shown. How it lies in the window is in view_zoom.c. */
#include "view.h"

#include "expand.h"
#include "monotonic.h"
#include "view_state.h"
#include "window.h"

#include <stdio.h>
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
		snprintf(view->error, sizeof(view->error), "cannot show %u x %u pixels",
			(unsigned)pixels->width, (unsigned)pixels->height);
		return 0;
	}
	if (!tiles_begin(&view->coming.tiles, &view->pool, pixels)) {
		snprintf(view->error, sizeof(view->error),
			"cannot show pixels of the format 0x%08x", (unsigned)pixels->format);
		return 0;
	}
	view->coming.id = ++view->last_id;
	view->coming.can_reduce = !expand_needed(pixels->format);
	view->pixels = *pixels;
	return view->coming.id;
}

static void drop(struct view *view, struct view_image *image)
{
	tiles_end(&image->tiles, &view->pool);
	tiles_end(&image->reduced, &view->pool);
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

enum view_progress view_upload(struct view *view, uint64_t budget_ns)
{
	int64_t start = monotonic_ns();

	if (view->coming.id == 0)
		return VIEW_IDLE;
	do {
		if (!tiles_upload(&view->coming.tiles, &view->pool, &view->pixels, view->scratch)) {
			snprintf(view->error, sizeof(view->error), "cannot show %u x %u pixels: %s",
				(unsigned)view->pixels.width, (unsigned)view->pixels.height,
				SDL_GetError());
			view_cancel(view);
			return VIEW_FAILED;
		}
		if (tiles_whole(&view->coming.tiles)) {
			show_coming(view);
			return VIEW_DONE;
		}
	} while ((uint64_t)(monotonic_ns() - start) < budget_ns);
	return VIEW_MORE;
}

bool view_uploading(const struct view *view)
{
	return view->coming.id != 0;
}

void view_cancel(struct view *view)
{
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
	struct tiles tiles;

	if (id == 0 || image->id != id || pixels->width == 0 || pixels->height == 0 ||
		pixels->width > image->tiles.width || pixels->height > image->tiles.height ||
		!tiles_begin(&tiles, &view->pool, pixels))
		return false;
	while (!tiles_whole(&tiles))
		if (!tiles_upload(&tiles, &view->pool, pixels, view->scratch)) {
			tiles_end(&tiles, &view->pool);
			return false;
		}
	tiles_end(&image->reduced, &view->pool);
	image->reduced = tiles;
	view->is_changed = true;
	return true;
}

/* A reduced version serves while it has as many pixels as are shown. */
static bool serves(const struct tiles *reduced, SDL_Rect to)
{
	return (uint32_t)to.w <= reduced->width && (uint32_t)to.h <= reduced->height;
}

bool view_wants_reduced(const struct view *view, uint32_t *width, uint32_t *height)
{
	const struct view_image *image = &view->shown;
	SDL_Rect to = view_picture_rect(view);

	if (image->id == 0 || !image->can_reduce || to.w < 1 || to.h < 1 ||
		(uint64_t)to.w * (uint64_t)to.h > VIEW_REDUCED_MAX)
		return false;
	if ((uint32_t)to.w * 2 >= image->tiles.width && (uint32_t)to.h * 2 >= image->tiles.height)
		return false;
	*width = (uint32_t)to.w;
	*height = (uint32_t)to.h;
	return !serves(&image->reduced, to) || image->reduced.width > *width + *width / 2;
}

bool view_changed(struct view *view)
{
	bool is_changed = view->is_changed;

	view->is_changed = false;
	return is_changed;
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
	view->tiles_drawn =
		tiles_draw(serves(&image->reduced, place.to) ? &image->reduced : &image->tiles,
			renderer, &place);
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
