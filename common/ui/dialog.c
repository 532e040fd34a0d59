/* dialog.c - see dialog.h. */
#include "dialog.h"

#include "panes.h"
#include "theme.h"

enum { WIDTH = 440, PAD = 14, ROW = 22, BUTTON = 30 };

static int count_lines(const struct dialog *dialog)
{
	int count = 0;

	for (int i = 0; i < DIALOG_LINES; i++)
		count += dialog->lines[i] != NULL;
	return count;
}

static SDL_Rect card_of(const struct dialog *dialog, struct draw *draw, SDL_Rect area)
{
	int rows = 1 + count_lines(dialog);
	SDL_Rect card = {0, 0, SDL_min(draw_px(draw, WIDTH), area.w),
		draw_px(draw, 3 * PAD + rows * ROW + BUTTON)};

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

void dialog_draw(const struct dialog *dialog, struct draw *draw, SDL_Rect area)
{
	SDL_Rect card = card_of(dialog, draw, area);
	SDL_Rect row = {card.x + draw_px(draw, PAD), card.y + draw_px(draw, PAD),
		card.w - 2 * draw_px(draw, PAD), draw_px(draw, ROW)};

	draw_dim(draw, area);
	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE), THEME_RAISED,
		dialog->border);
	draw_text_in(draw, row, THEME_HEAD, THEME_TEXT, DRAW_CENTRE, FONT_CUT_END, dialog->title);
	for (int i = 0; i < DIALOG_LINES; i++) {
		if (dialog->lines[i] == NULL)
			continue;
		row.y += row.h;
		draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END,
			dialog->lines[i]);
	}
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
