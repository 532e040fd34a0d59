/* view_zoom.c - the part of view.h that says how the picture lies in the window. */
#include "panes.h"
#include "view_state.h"

#include <math.h>

#define STEP     1.25
#define ZOOM_MAX 32.0
#define FIT_MAX  4.0

static bool is_empty(const struct view *view)
{
	return view->shown.id == 0 || view->area.w <= 0 || view->area.h <= 0;
}

static double fitting_zoom(const struct view *view)
{
	double across = (double)view->area.w / view->shown.tiles.width;
	double down = (double)view->area.h / view->shown.tiles.height;
	double zoom = fmin(across, down);

	if (zoom <= 1)
		return zoom;
	return fmin(floor(zoom), FIT_MAX * fmax(1, round((double)draw_scale(view->draw))));
}

/* Where one axis may begin: centred if it fits, else without a gap on either side. */
static double limited(double at, double size, int area_at, int area_size)
{
	if (size <= area_size)
		return area_at + (area_size - size) / 2;
	return fmax(fmin(at, area_at), area_at + area_size - size);
}

static void put(struct view *view, double zoom, double x, double y)
{
	const struct tiles *tiles = &view->shown.tiles;
	SDL_Rect area = view->area;
	SDL_Rect before = view_picture_rect(view);

	view->zoom = zoom;
	view->x = limited(x, tiles->width * zoom, area.x, area.w);
	view->y = limited(y, tiles->height * zoom, area.y, area.h);
	SDL_Rect now = view_picture_rect(view);
	if (!SDL_RectEquals(&before, &now))
		view->is_changed = true;
}

void view_fit(struct view *view)
{
	view->is_fitted = true;
	if (!is_empty(view))
		put(view, fitting_zoom(view), view->x, view->y);
}

void view_settle(struct view *view, bool keeps_zoom)
{
	if (!keeps_zoom || view->is_fitted)
		view_fit(view);
}

void view_place(struct view *view, SDL_Rect area)
{
	double middle_x = view->x - view->area.x - view->area.w / 2.0;
	double middle_y = view->y - view->area.y - view->area.h / 2.0;

	if (SDL_RectEquals(&area, &view->area))
		return;
	view->area = area;
	view->is_changed = true;
	if (is_empty(view))
		return;
	if (view->is_fitted)
		view_fit(view);
	else
		put(view, view->zoom, middle_x + area.x + area.w / 2.0,
			middle_y + area.y + area.h / 2.0);
}

void view_zoom(struct view *view, double zoom, int x, int y)
{
	double old = view->zoom;
	double fit;

	if (is_empty(view) || !(zoom > 0))
		return;
	fit = fitting_zoom(view);
	if ((old < 1 && zoom > 1) || (old > 1 && zoom < 1))
		zoom = 1; /* 100 % is a place to stop at */
	zoom = fmin(zoom, fmax(ZOOM_MAX, fit));
	if (zoom <= fmin(fit, 1))
		zoom = fmin(fit, 1);
	view->is_fitted = zoom == fit;
	put(view, zoom, x - (x - view->x) * zoom / old, y - (y - view->y) * zoom / old);
}

static void zoom_about_middle(struct view *view, double zoom)
{
	view_zoom(view, zoom, view->area.x + view->area.w / 2, view->area.y + view->area.h / 2);
}

void view_zoom_in(struct view *view)
{
	zoom_about_middle(view, view->zoom * STEP);
}

void view_zoom_out(struct view *view)
{
	zoom_about_middle(view, view->zoom / STEP);
}

void view_pan(struct view *view, int dx, int dy)
{
	if (!is_empty(view))
		put(view, view->zoom, view->x + dx, view->y + dy);
}

static bool can_pan(const struct view *view)
{
	SDL_Rect picture = view_picture_rect(view);
	return !is_empty(view) && (picture.w > view->area.w || picture.h > view->area.h);
}

bool view_event(struct view *view, const SDL_Event *event)
{
	switch (event->type) {
	case SDL_MOUSEWHEEL: {
		const SDL_MouseWheelEvent *wheel = &event->wheel;
		if (is_empty(view) || !panes_inside(view->area, wheel->mouseX, wheel->mouseY))
			return false;
		view_zoom(view, view->zoom * pow(STEP, (double)wheel->preciseY), wheel->mouseX,
			wheel->mouseY);
		return true;
	}
	case SDL_MOUSEBUTTONDOWN:
		if (event->button.button != SDL_BUTTON_LEFT &&
			event->button.button != SDL_BUTTON_MIDDLE)
			return false;
		view->is_dragged =
			can_pan(view) && panes_inside(view->area, event->button.x, event->button.y);
		return view->is_dragged;
	case SDL_MOUSEMOTION:
		if (!view->is_dragged)
			return false;
		view_pan(view, event->motion.xrel, event->motion.yrel);
		return true;
	case SDL_MOUSEBUTTONUP: {
		bool was_dragged = view->is_dragged;
		view->is_dragged = false;
		return was_dragged;
	}
	default: return false;
	}
}

double view_get_zoom(const struct view *view)
{
	return view->shown.id != 0 ? view->zoom : 0;
}

bool view_is_fitted(const struct view *view)
{
	return view->is_fitted;
}

SDL_Rect view_picture_rect(const struct view *view)
{
	const struct tiles *tiles = &view->shown.tiles;
	SDL_Rect rect = {(int)lround(view->x), (int)lround(view->y),
		(int)lround(tiles->width * view->zoom), (int)lround(tiles->height * view->zoom)};

	if (view->shown.id == 0)
		return (SDL_Rect){0};
	rect.w = rect.w > 0 ? rect.w : 1;
	rect.h = rect.h > 0 ? rect.h : 1;
	return rect;
}
