/*
 * page.c - see page.h. A text is cut into stretches: paragraphs, and long paragraphs every 4 KiB.
 * The positions of the cuts depend only on the text, so that scrolling up shows the same lines as
 * scrolling down. One stretch is laid out at a time; only the position is kept.
 */
#include "page.h"

#include <stdint.h>
#include <string.h>

#include "panes.h"
#include "theme.h"

enum {
	STRETCH = 4096, /* bytes of text laid out at once: a few milliseconds */
	TAB = 4,        /* columns */
	BUFFER = TAB * STRETCH + 1,
	LINES_MAX = STRETCH / 4,
	LOOK_BACK = 256, /* for a space to cut at */
	TYPE_SIZE = 14,
	TYPE_STEP = 2,
	ZOOM_MIN = -2,
	ZOOM_MAX = 13,
	MARGIN = 28,
	MEASURE = 1000, /* the widest column that is easy to read, at the usual size */
	THUMB = 5,      /* the width of the mark that shows the position in the text */
};

/* A stretch as drawn: tabs are replaced by spaces, and it ends with NUL. */
struct layout {
	size_t start; /* in the text … */
	size_t end;   /* … up to the newline, which is not included */
	size_t next;  /* where the next stretch starts */
	struct font_line lines[LINES_MAX];
	size_t count; /* of lines: at least one */
	char buffer[BUFFER];
	uint32_t source
		[BUFFER]; /* the source of each byte of the buffer, as an offset from `start` */
};

static struct font_style style_of(const struct page *page)
{
	return (struct font_style){FONT_MONO, TYPE_SIZE + TYPE_STEP * page->zoom};
}

/* ---- stretches ----------------------------------------------------------------------------- */

static size_t paragraph_start(const struct page *page, size_t at)
{
	const char *newline = at > 0 ? memrchr(page->text, '\n', at) : NULL;

	return newline != NULL ? (size_t)(newline - page->text) + 1 : 0;
}

/* The k-th place at which the paragraph that starts at `start` is cut, if it is that long. */
static size_t cut_place(const struct page *page, size_t start, size_t k)
{
	size_t at = start + k * STRETCH;
	size_t least = at - LOOK_BACK;

	if (k == 0 || at >= page->size)
		return at;
	for (size_t i = at; i > least; i--)
		if (page->text[i - 1] == ' ')
			return i;
	while (((unsigned char)page->text[at] & 0xc0) == 0x80 && at > least)
		at--; /* back to the start of a character */
	return at;
}

/* Finds the stretch that `at` lies in. */
static void find_stretch(const struct page *page, size_t at, struct layout *layout)
{
	size_t start = paragraph_start(page, at);
	size_t k = (at - start) / STRETCH;
	size_t limit;
	const char *newline;

	if (cut_place(page, start, k + 1) <= at)
		k++;
	layout->start = cut_place(page, start, k);
	limit = SDL_min(cut_place(page, start, k + 1), page->size);
	newline = memchr(page->text + layout->start, '\n', limit - layout->start);
	layout->end = newline != NULL ? (size_t)(newline - page->text) : limit;
	layout->next = layout->end + (newline != NULL ? 1 : 0);
	/* The newline may be exactly where the line would have been cut. */
	if (newline == NULL && limit < page->size && page->text[limit] == '\n')
		layout->next++;
}

/* Copies the stretch as it will be drawn. */
static void fill_buffer(const struct page *page, struct layout *layout)
{
	size_t length = 0;
	size_t column = 0;

	for (size_t at = layout->start; at < layout->end; at++) {
		char byte = page->text[at];
		size_t count = byte == '\t' ? TAB - column % TAB : 1;

		if (byte == '\r' && at + 1 == layout->end)
			break;
		if (byte == '\t' || byte == '\0' || byte == '\r')
			byte = ' ';
		column += ((unsigned char)byte & 0xc0) != 0x80 ? count : 0;
		for (; count > 0; count--) {
			layout->source[length] = (uint32_t)(at - layout->start);
			layout->buffer[length++] = byte;
		}
	}
	layout->source[length] = (uint32_t)(layout->end - layout->start);
	layout->buffer[length] = '\0';
}

static int column_width(const struct page *page, struct draw *draw)
{
	int most = draw_px(draw, (double)MEASURE * style_of(page).size / TYPE_SIZE);

	return SDL_min(page->area.w - 2 * draw_px(draw, MARGIN), most);
}

static void lay_out(const struct page *page, struct draw *draw, size_t at, struct layout *layout)
{
	struct fonts *fonts = draw_fonts(draw);
	struct font_style style = style_of(page);
	int width = column_width(page, draw);
	size_t length;

	find_stretch(page, at, layout);
	fill_buffer(page, layout);
	length = strlen(layout->buffer);
	layout->lines[0] = (struct font_line){0, length};
	layout->count = 1;
	if (length < FONT_TEXT_MAX && font_width(fonts, style, layout->buffer) <= width)
		return;
	layout->count = font_wrap(fonts, style, width, layout->buffer, layout->lines, LINES_MAX);
	layout->count = SDL_clamp(layout->count, 1, LINES_MAX);
}

static size_t line_start(const struct layout *layout, size_t line)
{
	return layout->start + layout->source[layout->lines[line].start];
}

/* The line that contains `at`. */
static size_t line_at(const struct layout *layout, size_t at)
{
	size_t line = layout->count - 1;

	while (line > 0 && line_start(layout, line) > at)
		line--;
	return line;
}

/* ---- places -------------------------------------------------------------------------------- */

/* Moves `at`, the start of a line, by this many lines. Returns how many were possible. */
static size_t move_down(const struct page *page, struct draw *draw, size_t *at, size_t lines,
	struct layout *layout)
{
	size_t moved = 0;

	while (moved < lines) {
		size_t line, step;

		lay_out(page, draw, *at, layout);
		line = line_at(layout, *at);
		step = SDL_min(lines - moved, layout->count - 1 - line);
		*at = line_start(layout, line + step);
		moved += step;
		if (moved == lines || layout->next >= page->size)
			return moved;
		*at = layout->next;
		moved++;
	}
	return moved;
}

static void move_up(const struct page *page, struct draw *draw, size_t *at, size_t lines,
	struct layout *layout)
{
	while (lines > 0) {
		size_t line, step;

		lay_out(page, draw, *at, layout);
		line = line_at(layout, *at);
		step = SDL_min(lines, line);
		*at = line_start(layout, line - step);
		lines -= step;
		if (lines == 0 || layout->start == 0)
			return;
		lay_out(page, draw, layout->start - 1, layout);
		*at = line_start(layout, layout->count - 1);
		lines--;
	}
}

/* Moves the uppermost line up so that the text fills the page, if there is enough text. */
static void settle(struct page *page, struct draw *draw)
{
	struct layout *layout = SDL_malloc(sizeof(*layout));
	size_t last = page->top;

	if (layout == NULL)
		return;
	if (page->size > 0) {
		size_t below = move_down(page, draw, &last, page->rows - 1, layout);
		size_t further = last;

		page->is_at_end = move_down(page, draw, &further, 1, layout) == 0;
		if (below < page->rows - 1)
			move_up(page, draw, &page->top, page->rows - 1 - below, layout);
	}
	page->is_whole = page->is_at_end && page->top == 0;
	SDL_free(layout);
}

/* Moves to the beginning of the line that contains the position, after line breaks have changed. */
static void snap(struct page *page, struct draw *draw)
{
	struct layout *layout = SDL_malloc(sizeof(*layout));

	if (layout != NULL && page->size > 0) {
		lay_out(page, draw, page->top, layout);
		page->top = line_start(layout, line_at(layout, page->top));
	}
	SDL_free(layout);
	settle(page, draw);
}

static bool go(struct page *page, struct draw *draw, size_t to)
{
	size_t before = page->top;

	page->top = to;
	settle(page, draw);
	return page->top != before;
}

/* ---- the page ------------------------------------------------------------------------------ */

void page_open(struct page *page, const char *text, size_t size)
{
	*page = (struct page){.text = text, .size = size, .zoom = page->zoom};
}

bool page_is_open(const struct page *page)
{
	return page->text != NULL;
}

void page_place(struct page *page, struct draw *draw, SDL_Rect area)
{
	int height = font_height(draw_fonts(draw), style_of(page));
	int rows;

	if (!page_is_open(page) || (SDL_RectEquals(&area, &page->area) && height == page->height))
		return;
	page->area = area;
	page->height = SDL_max(height, 1);
	rows = (area.h - 2 * draw_px(draw, MARGIN)) / page->height;
	page->rows = (size_t)SDL_max(rows, 1);
	snap(page, draw);
}

bool page_scroll(struct page *page, struct draw *draw, int lines)
{
	struct layout *layout = SDL_malloc(sizeof(*layout));
	size_t to = page->top;

	if (layout == NULL || page->size == 0 || page->rows == 0) {
		SDL_free(layout);
		return false;
	}
	if (lines > 0 && !page->is_at_end)
		move_down(page, draw, &to, (size_t)lines, layout);
	if (lines < 0)
		move_up(page, draw, &to, (size_t)-lines, layout);
	SDL_free(layout);
	return go(page, draw, to);
}

bool page_turn(struct page *page, struct draw *draw, int pages)
{
	return page_scroll(page, draw, pages * (int)SDL_max(page->rows - 1, 1));
}

bool page_to_start(struct page *page)
{
	bool moves = page->top > 0;

	page->top = 0;
	page->is_at_end = page->is_whole;
	return moves;
}

bool page_to_end(struct page *page, struct draw *draw)
{
	return page->size > 0 && page->rows > 0 && go(page, draw, page->size - 1);
}

bool page_zoom(struct page *page, struct draw *draw, int steps)
{
	int before = page->zoom;

	page->zoom = steps == 0 ? 0 : SDL_clamp(before + steps, ZOOM_MIN, ZOOM_MAX);
	page_place(page, draw, page->area);
	return page->zoom != before;
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_line(const struct layout *layout, size_t line, struct draw *draw,
	struct font_style style, int x, int y)
{
	const struct font_line *at = &layout->lines[line];
	size_t length = SDL_min(at->length, (size_t)FONT_TEXT_MAX - 1);
	char text[FONT_TEXT_MAX];

	memcpy(text, layout->buffer + at->start, length);
	text[length] = '\0';
	draw_text(draw, style, THEME_TEXT, x, y, text);
}

static void draw_lines(const struct page *page, struct draw *draw, struct layout *layout)
{
	int width = column_width(page, draw);
	int x = page->area.x + (page->area.w - width) / 2;
	int y = page->area.y + draw_px(draw, MARGIN);
	size_t row = 0;

	for (size_t at = page->top; at < page->size && row < page->rows; at = layout->next) {
		lay_out(page, draw, at, layout);
		for (size_t line = line_at(layout, at); line < layout->count && row < page->rows;
			line++, row++)
			draw_line(layout, line, draw, style_of(page), x,
				y + (int)row * page->height);
	}
}

/* Draws the position in the text: the thumb of a scroll bar that cannot be dragged. */
static void draw_thumb(const struct page *page, struct draw *draw)
{
	int width = draw_px(draw, THUMB);
	int least = draw_px(draw, 32);
	double share = (double)page->top / (double)page->size;
	SDL_Rect thumb = {page->area.x + page->area.w - 2 * width, 0, width, least};
	int way = page->area.h - 2 * width - thumb.h;

	thumb.y = page->area.y + width + (int)(way * (page->is_at_end ? 1 : share));
	draw_round(draw, thumb, width / 2, THEME_OUTLINE);
}

void page_draw(struct page *page, struct draw *draw)
{
	struct layout *layout = SDL_malloc(sizeof(*layout));
	SDL_Renderer *renderer = draw_renderer(draw);

	if (layout != NULL && page_is_open(page) && page->rows > 0) {
		SDL_RenderSetClipRect(renderer, &page->area);
		draw_lines(page, draw, layout);
		if (!page->is_whole)
			draw_thumb(page, draw);
		SDL_RenderSetClipRect(renderer, NULL);
	}
	SDL_free(layout);
}
