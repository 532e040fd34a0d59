/* information.c - see information.h. */
#include "information.h"

#include "panes.h"
#include "theme.h"

struct columns {
	int label, value, gap;
};

static struct columns measure(struct draw *draw, const struct information_row *rows, size_t count,
	int room)
{
	struct columns columns = {0, 0, draw_px(draw, 16)};
	for (size_t i = 0; i < count; i++) {
		if (rows[i].value == NULL)
			continue;
		int label = font_width(draw_fonts(draw), THEME_LABEL, rows[i].label);
		int value = font_width(draw_fonts(draw), THEME_LABEL, rows[i].value);
		columns.label = SDL_max(columns.label, label);
		columns.value = SDL_max(columns.value, value);
	}
	columns.value = SDL_min(columns.value, SDL_max(room - columns.label - columns.gap, 0));
	return columns;
}

/* The row's height; its lines are counted, not drawn. */
static int height_of(struct draw *draw, const char *value, int width)
{
	size_t lines = font_wrap(draw_fonts(draw), THEME_LABEL, width, value, NULL, 0);
	int least = lines > 0 ? (int)lines : 1;
	return least * font_height(draw_fonts(draw), THEME_LABEL) + draw_px(draw, 5);
}

bool information_event(struct information *information, const SDL_Event *event)
{
	enum { STEP = 40 }; /* pixels */
	int by = 0;

	if (information->hidden == 0)
		return false;
	if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_UP)
		by = -STEP;
	else if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_DOWN)
		by = STEP;
	else if (event->type == SDL_MOUSEWHEEL &&
		 panes_inside(information->card, event->wheel.mouseX, event->wheel.mouseY))
		by = -STEP * event->wheel.y;
	information->scroll += by;
	return by != 0;
}

void information_draw(struct information *information, struct draw *draw, SDL_Rect area,
	const struct information_row *rows, size_t count)
{
	int margin = draw_px(draw, 16);
	int pad = draw_px(draw, 14);
	SDL_Rect room = panes_inset(area, margin);
	struct columns columns =
		measure(draw, rows, count, SDL_min(room.w, draw_px(draw, 520)) - 2 * pad);
	SDL_Rect card = {
		room.x, room.y, columns.label + columns.gap + columns.value + 2 * pad, 2 * pad};

	for (size_t i = 0; i < count; i++)
		if (rows[i].value != NULL)
			card.h += height_of(draw, rows[i].value, columns.value);
	card.h -= draw_px(draw, 5);
	information->hidden = SDL_max(card.h - room.h, 0);
	information->scroll = SDL_clamp(information->scroll, 0, information->hidden);
	card.h -= information->hidden;
	information->card = card;
	draw_round(draw, card, draw_px(draw, THEME_RADIUS), THEME_GLASS);
	const SDL_Rect body = panes_inset(card, pad);
	SDL_Rect inner = body;

	inner.y -= information->scroll;
	inner.h += information->scroll;
	SDL_RenderSetClipRect(draw_renderer(draw), &body);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].value == NULL)
			continue;
		SDL_Rect value = {
			inner.x + columns.label + columns.gap, inner.y, columns.value, inner.h};
		draw_text(draw, THEME_LABEL, THEME_TEXT_DIM, inner.x, inner.y, rows[i].label);
		draw_text_wrapped(draw, value, THEME_LABEL, THEME_TEXT, DRAW_LEFT, rows[i].value);
		inner.y += height_of(draw, rows[i].value, columns.value);
	}
	SDL_RenderSetClipRect(draw_renderer(draw), NULL);
	draw_scrollbar(draw, body, information->scroll, body.h + information->hidden);
}
