/* card.c - see card.h. */
#include "card.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lines.h"
#include "mediatype.h"
#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#define KIND_MAX 8
#define NAME     ((struct font_style){FONT_BOLD, 22})
#define KIND     ((struct font_style){FONT_SANS, 15})

enum {
	SHEET_WIDTH = 84,
	SHEET_HEIGHT = 108,
	SHEET_GAP = 22, /* to the name below */
	LINES = 4,
};

/* The word on the sheet, such as "TXT" or "PDF". Returns `kind`. */
static char *kind_of(char kind[KIND_MAX], const char *name, const char *type)
{
	const char *dot = strrchr(name, '.');
	const char *text = dot != NULL && dot != name ? dot + 1 : mediatype_extension(type);
	size_t length = 0;

	while (text != NULL && isalnum((unsigned char)text[length]))
		length++;
	if (length == 0 || length > 5 || text[length] != '\0')
		text = mediatype_extension(type);
	if (text == NULL)
		text = _("file");
	for (length = 0; text[length] != '\0' && length + 1 < KIND_MAX; length++)
		kind[length] = (char)toupper((unsigned char)text[length]);
	kind[length] = '\0';
	return kind;
}

void card_draw_sheet(struct draw *draw, SDL_Rect area, const char *name, const char *type)
{
	int height = SDL_min(area.h, area.w * SHEET_HEIGHT / SHEET_WIDTH);
	int width = height * SHEET_WIDTH / SHEET_HEIGHT;
	SDL_Rect sheet = {
		area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width, height};
	SDL_Rect row = {sheet.x, sheet.y + height * 5 / 9, width, height / 3};
	char kind[KIND_MAX];

	draw_card(draw, sheet, draw_px(draw, THEME_RADIUS), draw_px(draw, 1), THEME_RAISED,
		THEME_OUTLINE);
	/* Three lines above the word that look like text. */
	for (int i = 0; i < 3; i++) {
		SDL_Rect line = {sheet.x + width / 5, sheet.y + height * (2 + i) / 10,
			width * (i < 2 ? 3 : 2) / 5, SDL_max(height / 40, 1)};

		draw_fill(draw, line, THEME_OUTLINE);
	}
	draw_text_in(draw, row, height < draw_px(draw, 90) ? THEME_BODY_BOLD : THEME_HEAD,
		THEME_AMBER, DRAW_CENTRE, FONT_CUT_END, kind_of(kind, name, type));
}

void card_draw(struct draw *draw, SDL_Rect area, const struct card *card)
{
	SDL_Rect rect = panes_inset(area, draw_px(draw, THEME_MARGIN));
	SDL_Rect sheet = {rect.x, 0, rect.w, draw_px(draw, SHEET_HEIGHT)};
	char size[TEXT_SIZE_MAX];
	char kind[128];
	char name[256];
	const struct lines_line lines[LINES] = {
		{NAME, THEME_TEXT, name, SHEET_GAP},
		{KIND, THEME_TEXT_DIM, kind, 8},
		{THEME_MONO, THEME_TEXT_DIM, card->more, 12},
		{THEME_BODY, THEME_TEXT_DIM, card->hint, 16},
	};
	int height = sheet.h;

	font_shorten(draw_fonts(draw), NAME, FONT_CUT_MIDDLE, rect.w, card->name, name,
		sizeof(name));
	snprintf(kind, sizeof(kind), "%s, %s", card->type, text_size(size, card->size));
	height += lines_height(draw, rect.w, lines, LINES);
	rect.y += SDL_max(rect.h - height, 0) / 2;
	sheet.y = rect.y;
	card_draw_sheet(draw, sheet, card->name, card->type);
	rect.y += sheet.h;
	lines_draw(draw, rect, lines, LINES);
}
