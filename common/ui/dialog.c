/* dialog.c - see dialog.h. */
#include "dialog.h"

#include "panes.h"
#include "theme.h"

enum { WIDTH = 440, PAD = 14, ROW = 22, BUTTON = 30 };

/* The height of a text, which is wrapped if it is wider than `width`. */
static int height_of(struct draw *draw, struct font_style style, int width, const char *text)
{
	size_t lines = font_wrap(draw_fonts(draw), style, width, text, NULL, 0);

	return draw_px(draw, ROW) +
	       ((int)SDL_max(lines, 1) - 1) * font_height(draw_fonts(draw), style);
}

static int height_of_texts(const struct dialog *dialog, struct draw *draw, int width)
{
	int height = height_of(draw, THEME_HEAD, width, dialog->title);

	for (int i = 0; i < DIALOG_LINES; i++)
		if (dialog->lines[i] != NULL)
			height += height_of(draw, THEME_LABEL, width, dialog->lines[i]);
	return height;
}

static SDL_Rect card_of(const struct dialog *dialog, struct draw *draw, SDL_Rect area)
{
	SDL_Rect card = {0, 0, SDL_min(draw_px(draw, WIDTH), area.w), 0};

	card.h = draw_px(draw, 3 * PAD + BUTTON) +
		 height_of_texts(dialog, draw, card.w - 2 * draw_px(draw, PAD));
	card.x = area.x + (area.w - card.w) / 2;
	card.y = area.y + (area.h - card.h) / 2;
	return card;
}

static SDL_Rect button_of(struct draw *draw, SDL_Rect card, int button)
{
	int gap = draw_px(draw, PAD);
	int width = (card.w - (DIALOG_BUTTONS + 1) * gap) / DIALOG_BUTTONS;

	return (SDL_Rect){card.x + gap + button * (width + gap),
		card.y + card.h - gap - draw_px(draw, BUTTON), width, draw_px(draw, BUTTON)};
}

/* Draws a text at the top of `row`, and moves the top of `row` below the text. */
static void draw_wrapped(struct draw *draw, SDL_Rect *row, struct font_style style,
	SDL_Color colour, const char *text)
{
	SDL_Rect place = *row;

	place.h = height_of(draw, style, row->w, text);
	place.y += (draw_px(draw, ROW) - font_height(draw_fonts(draw), style)) / 2;
	draw_text_wrapped(draw, place, style, colour, DRAW_CENTRE, text);
	row->y += place.h;
}

void dialog_draw(const struct dialog *dialog, struct draw *draw, SDL_Rect area)
{
	SDL_Rect card = card_of(dialog, draw, area);
	SDL_Rect row = {card.x + draw_px(draw, PAD), card.y + draw_px(draw, PAD),
		card.w - 2 * draw_px(draw, PAD), 0};

	draw_dim(draw, area);
	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE), THEME_RAISED,
		dialog->border);
	draw_wrapped(draw, &row, THEME_HEAD, THEME_TEXT, dialog->title);
	for (int i = 0; i < DIALOG_LINES; i++)
		if (dialog->lines[i] != NULL)
			draw_wrapped(draw, &row, THEME_LABEL, THEME_TEXT_DIM, dialog->lines[i]);
	for (int i = 0; i < DIALOG_BUTTONS; i++) {
		SDL_Rect button = button_of(draw, card, i);

		draw_outline(draw, button, draw_px(draw, THEME_RADIUS), draw_px(draw, 1),
			THEME_TEXT_DIM);
		draw_text_in(draw, button, THEME_BODY, THEME_TEXT, DRAW_CENTRE, FONT_CUT_END,
			dialog->buttons[i]);
	}
}

int dialog_hit(const struct dialog *dialog, struct draw *draw, SDL_Rect area, int x, int y)
{
	SDL_Rect card = card_of(dialog, draw, area);

	for (int i = 0; i < DIALOG_BUTTONS; i++)
		if (panes_inside(button_of(draw, card, i), x, y))
			return i;
	return DIALOG_NONE;
}
