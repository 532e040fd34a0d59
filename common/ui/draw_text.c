/* draw_text.c - see draw.h: texts in their places. */
#include "draw.h"

#include <string.h>

int draw_text(struct draw *draw, struct font_style style, SDL_Color colour, int x, int y,
	const char *text)
{
	return font_draw(draw_fonts(draw), style, colour, x, y, text);
}

static int aligned(SDL_Rect rect, enum draw_align align, int width)
{
	if (align == DRAW_LEFT)
		return rect.x;
	return align == DRAW_RIGHT ? rect.x + rect.w - width : rect.x + (rect.w - width) / 2;
}

int draw_text_in(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, enum font_cut cut, const char *text)
{
	struct fonts *fonts = draw_fonts(draw);
	char fitting[FONT_TEXT_MAX];
	int width = font_shorten(fonts, style, cut, rect.w, text, fitting, sizeof(fitting));
	int y = rect.y + (rect.h - font_height(fonts, style)) / 2;

	return font_draw(fonts, style, colour, aligned(rect, align, width), y, fitting);
}

int draw_text_wrapped(struct draw *draw, SDL_Rect rect, struct font_style style, SDL_Color colour,
	enum draw_align align, const char *text)
{
	struct fonts *fonts = draw_fonts(draw);
	struct font_line lines[64];
	size_t count = font_wrap(fonts, style, rect.w, text, lines, SDL_arraysize(lines));
	int height = font_height(fonts, style);

	for (size_t i = 0; i < count && i < SDL_arraysize(lines); i++) {
		char part[FONT_TEXT_MAX];
		size_t length = SDL_min(lines[i].length, sizeof(part) - 1);
		memcpy(part, text + lines[i].start, length);
		part[length] = '\0';
		int width = font_width(fonts, style, part);
		font_draw(fonts, style, colour, aligned(rect, align, width),
			rect.y + (int)i * height, part);
	}
	return (int)count * height;
}
