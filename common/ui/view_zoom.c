/* view_zoom.c - the part of view.h that computes where the picture is in the window. */
#include "panes.h"
#include "view_state.h"

#include <math.h>

#define ZOOM_MAX       64.0
#define SIZE_MAX_SHOWN 0x1p30 /* so that positions stay exact */

/* The zooms at which +, - and the wheel stop, in addition to the fitted size. */
static const double stops[] = {0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15,
	0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32,
	48, ZOOM_MAX};
enum { STOPS = sizeof(stops) / sizeof(stops[0]) };

static bool is_empty(const struct view *view)
{
	return view->shown.id == 0 || view->area.w <= 0 || view->area.h <= 0;
}

static double zoom_to_fit(SDL_Rect area, uint32_t width, uint32_t height)
{
	double zoom = fmin((double)area.w / width, (double)area.h / height);

	return zoom < 2 ? zoom : floor(zoom);
}

static double fitting_zoom(const struct view *view)
{
	return zoom_to_fit(view->area, view->shown.tiles.width, view->shown.tiles.height);
}

SDL_Rect view_fit_rect(SDL_Rect area, uint32_t width, uint32_t height)
{
	double zoom = zoom_to_fit(area, width, height);
	SDL_Rect rect = {0, 0, SDL_max((int)lround(width * zoom), 1),
		SDL_max((int)lround(height * zoom), 1)};

	rect.x = area.x + (area.w - rect.w) / 2;
	rect.y = area.y + (area.h - rect.h) / 2;
	return rect;
}

static double filling_zoom(const struct view *view)
{
	double across = (double)view->area.w / view->shown.tiles.width;
	double down = (double)view->area.h / view->shown.tiles.height;
	double longest = fmax(view->shown.tiles.width, view->shown.tiles.height);
	double zoom = fmax(across, down);

	return zoom < 2 ? zoom : fmin(ceil(zoom), floor(SIZE_MAX_SHOWN / longest));
}

static double zoom_of_mode(const struct view *view)
{
	switch (view->mode) {
	case VIEW_FILL: return filling_zoom(view);
	case VIEW_ACTUAL: return 1;
	case VIEW_FIT:
	default: return fitting_zoom(view);
	}
}

/* Limits the start of one axis: centred if it fits, otherwise without a gap on either side. */
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

/* Zooms as the mode says, and keeps the point of the picture in the middle of the area. */
static void apply_mode(struct view *view)
{
	double middle_x = view->area.x + view->area.w / 2.0;
	double middle_y = view->area.y + view->area.h / 2.0;
	double zoom;

	view->is_free = false;
	if (is_empty(view))
		return;
	zoom = zoom_of_mode(view);
	put(view, zoom, middle_x - (middle_x - view->x) * zoom / view->zoom,
		middle_y - (middle_y - view->y) * zoom / view->zoom);
}

void view_set_mode(struct view *view, enum view_mode mode)
{
	view->mode = mode;
	apply_mode(view);
}

void view_next_mode(struct view *view)
{
	view_set_mode(view, view->is_free ? VIEW_FIT : (view->mode + 1) % (VIEW_ACTUAL + 1));
}

void view_settle(struct view *view, bool is_same_size)
{
	if (is_same_size && (view->is_free || view->mode != VIEW_FIT) && view->zoom > 0)
		return;
	/* The middle of the picture is in the middle of the area. */
	view->zoom = 1;
	view->x = view->area.x + (view->area.w - (double)view->shown.tiles.width) / 2;
	view->y = view->area.y + (view->area.h - (double)view->shown.tiles.height) / 2;
	apply_mode(view);
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
	put(view, view->zoom, middle_x + area.x + area.w / 2.0, middle_y + area.y + area.h / 2.0);
	if (!view->is_free)
		apply_mode(view);
}

void view_zoom(struct view *view, double zoom, int x, int y)
{
	double old = view->zoom;
	double fit;

	if (is_empty(view) || !(zoom > 0))
		return;
	fit = fitting_zoom(view);
	zoom = fmax(fmin(zoom, fmax(ZOOM_MAX, fit)), fmin(fit, 1));
	view->is_free = zoom != fit;
	if (!view->is_free)
		view->mode = VIEW_FIT;
	put(view, zoom, x - (x - view->x) * zoom / old, y - (y - view->y) * zoom / old);
}

/* The next stop above `zoom`, or below it. */
static double next_stop(const struct view *view, double zoom, bool is_up)
{
	const double nearly = 1e-6;
	double found = is_up ? HUGE_VAL : 0;
	double fit = fitting_zoom(view);

	for (int i = 0; i <= STOPS; i++) {
		double stop = i < STOPS ? stops[i] : fit;

		if (is_up && stop > zoom * (1 + nearly))
			found = fmin(found, stop);
		if (!is_up && stop < zoom * (1 - nearly))
			found = fmax(found, stop);
	}
	return found > 0 && found < HUGE_VAL ? found : zoom;
}

static void step(struct view *view, int steps, int x, int y)
{
	double zoom = view->zoom;

	if (is_empty(view))
		return;
	for (; steps > 0; steps--)
		zoom = next_stop(view, zoom, true);
	for (; steps < 0; steps++)
		zoom = next_stop(view, zoom, false);
	view_zoom(view, zoom, x, y);
}

void view_zoom_in(struct view *view)
{
	step(view, 1, view->area.x + view->area.w / 2, view->area.y + view->area.h / 2);
}

void view_zoom_out(struct view *view)
{
	step(view, -1, view->area.x + view->area.w / 2, view->area.y + view->area.h / 2);
}

/* A touchpad turns the wheel by parts of a step, which are added up. */
static void turn_wheel(struct view *view, const SDL_MouseWheelEvent *wheel)
{
	double turned = (double)wheel->preciseY;

	if (view->wheel * turned < 0)
		view->wheel = 0;
	view->wheel += turned;
	step(view, (int)view->wheel, wheel->mouseX, wheel->mouseY);
	view->wheel -= trunc(view->wheel);
}

void view_pan(struct view *view, int dx, int dy)
{
	if (!is_empty(view))
		put(view, view->zoom, view->x + dx, view->y + dy);
}

void view_look_aside(struct view *view, int columns, int rows)
{
	enum { STEPS = 8 };

	view_pan(view, -columns * view->area.w / STEPS, -rows * view->area.h / STEPS);
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
		turn_wheel(view, wheel);
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
	return view->mode == VIEW_FIT && !view->is_free;
}

bool view_pixel_at(const struct view *view, int x, int y, uint32_t *column, uint32_t *row)
{
	const struct tiles *tiles = &view->shown.tiles;
	const SDL_Rect rect = view_picture_rect(view);

	if (is_empty(view) || !panes_inside(view->area, x, y) || !panes_inside(rect, x, y))
		return false;
	*column = (uint32_t)((int64_t)(x - rect.x) * tiles->width / rect.w);
	*row = (uint32_t)((int64_t)(y - rect.y) * tiles->height / rect.h);
	return true;
}

void view_set_grid(struct view *view, bool is_on)
{
	if (view->has_grid != is_on && view->zoom >= GRID_ZOOM)
		view->is_changed = true;
	view->has_grid = is_on;
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
