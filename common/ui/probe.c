/* probe.c - see probe.h. */
#include "probe.h"
#include "text.h"

#include "theme.h"
#include "translate.h"
#include "turned.h"
#include "vitrine.h"

#include <stdio.h>
#include <string.h>

bool probe_event(struct probe *probe, const struct view *view, const SDL_Event *event)
{
	const struct probe before = *probe;

	if (event != NULL && event->type == SDL_MOUSEMOTION) {
		probe->x = event->motion.x;
		probe->y = event->motion.y;
		probe->is_inside = true;
	} else if (event != NULL && event->type == SDL_WINDOWEVENT &&
		   event->window.event == SDL_WINDOWEVENT_LEAVE) {
		probe->is_inside = false;
	}
	probe->is_over = probe->is_inside &&
			 view_pixel_at(view, probe->x, probe->y, &probe->column, &probe->row);
	return probe->is_over != before.is_over ||
	       (probe->is_over && (probe->column != before.column || probe->row != before.row));
}

static const char *name_of_video(uint32_t format)
{
	return format == VITRINE_NV12   ? _("   from NV12")
	       : format == VITRINE_YU12 ? _("   from YU12")
					: "";
}

/* The view may already show another picture, or another frame. */
static bool has_value(const struct probe *probe, const struct view *view,
	const struct pixels *pixels)
{
	int orientation = view_orientation(view);

	return pixels != NULL && pixels->data != NULL &&
	       probe->column < turned_width(pixels, orientation) &&
	       probe->row < turned_height(pixels, orientation);
}

char *probe_text(char text[PROBE_TEXT_MAX], const struct probe *probe, const struct view *view,
	const struct pixels *pixels)
{
	char place[48], value[48] = "";

	if (!probe->is_over) {
		text_print(text, PROBE_TEXT_MAX, _("point at a pixel"));
		return text;
	}
	snprintf(place, sizeof(place), "x %u  y %u", probe->column, probe->row);
	if (has_value(probe, view, pixels)) {
		struct turned_pixel pixel =
			turned_pixel(pixels, view_orientation(view), probe->column, probe->row);
		bool has_alpha = pixels->format == VITRINE_AR24 || pixels->format == VITRINE_AB24;

		if (has_alpha)
			snprintf(value, sizeof(value), "   #%02x%02x%02x%02x   %u %u %u %u",
				pixel.red, pixel.green, pixel.blue, pixel.alpha, pixel.red,
				pixel.green, pixel.blue, pixel.alpha);
		else
			snprintf(value, sizeof(value), "   #%02x%02x%02x   %u %u %u%s", pixel.red,
				pixel.green, pixel.blue, pixel.red, pixel.green, pixel.blue,
				name_of_video(pixels->format));
	}
	snprintf(text, PROBE_TEXT_MAX, "%s%s", place, value);
	return text;
}

void probe_draw(struct draw *draw, SDL_Rect area, const char *text)
{
	int margin = draw_px(draw, THEME_GAP);
	int width = font_width(draw_fonts(draw), THEME_MONO, text) + 2 * margin;
	int height = font_height(draw_fonts(draw), THEME_MONO) + margin;
	SDL_Rect card = {
		area.x + area.w - width - margin, area.y + area.h - height - margin, width, height};

	draw_round(draw, card, draw_px(draw, THEME_RADIUS), THEME_GLASS);
	draw_text_in(draw, card, THEME_MONO, THEME_TEXT, DRAW_CENTRE, FONT_CUT_END, text);
}
