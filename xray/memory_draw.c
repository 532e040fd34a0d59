/* memory_draw.c - the contents of a segment as ints, text, bytes or a picture: see memory.h. */
#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "theme.h"
#include "translate.h"

static const char *const names[MEMORY_VIEWS] = {
	N_("as ints"), N_("as text"), N_("as bytes"), N_("as a picture")};

void memory_forget(struct memory *memory)
{
	if (memory->picture != NULL)
		SDL_DestroyTexture(memory->picture);
	memory->picture = NULL;
}

static const char *why_not(int error)
{
	switch (error) {
	case -ESRCH: return _("No process has it attached: its contents cannot be seen.");
	case -EPERM:
	case -EACCES:
		return _("Its contents can be read only as root, with ptrace_scope 0, or if "
			 "the program is under control: vitrine xray -- PROGRAM.");
	case -EIDRM: return _("It was removed.");
	default: return strerror(-error);
	}
}

static void draw_head(const struct memory *memory, struct draw *draw, SDL_Rect *area)
{
	char text[200], size[TEXT_SIZE_MAX];
	int height = font_height(draw_fonts(draw), THEME_BODY) + draw_px(draw, 6);
	SDL_Rect line = {area->x, area->y, area->w, height};

	text_print(text, sizeof(text), _("Segment %d, %s, %s"), memory->segment,
		text_size(size, memory->whole), gettext(names[memory->view]));
	if (memory->view == MEMORY_PICTURE)
		text_append(text, sizeof(text), _(" %d wide (− +)"), memory->width);
	if (memory->error == 0)
		text_append(text, sizeof(text),
			ngettext(":  %zu byte changed", ":  %zu bytes changed", memory->changed),
			memory->changed);
	draw_text_in(draw, line, THEME_BODY_BOLD, memory->changed > 0 ? THEME_AMBER : THEME_TEXT,
		DRAW_LEFT, FONT_CUT_END, text);
	area->y += height;
	area->h -= height;
}

/* ---- rows of figures ------------------------------------------------------------------------ */

struct grid {
	size_t cell; /* bytes of a cell */
	int cell_width;
	size_t cells; /* per row: a power of two */
	size_t group; /* cells in a group */
};

static struct grid make_grid(const struct memory *memory, struct draw *draw, int width)
{
	int letter = font_width(draw_fonts(draw), THEME_MONO, "0");
	struct grid grid = {.cell = memory->view == MEMORY_INTS ? 4 : 1, .cells = 1};

	grid.cell_width = letter * (memory->view == MEMORY_INTS          ? 12
					   : memory->view == MEMORY_TEXT ? 1
									 : 3);
	while (grid.cells < 128 && (int)(2 * grid.cells) * grid.cell_width <= width)
		grid.cells *= 2;
	return grid;
}

static void print_cell(const struct memory *memory, size_t at, char text[16])
{
	int32_t number;

	switch (memory->view) {
	case MEMORY_INTS:
		memcpy(&number, memory->now + at, sizeof(number));
		snprintf(text, 16, "%d", number);
		break;
	case MEMORY_TEXT:
		text[0] = memory->now[at] >= ' ' && memory->now[at] < 0x7f ? (char)memory->now[at]
									   : '.';
		text[1] = '\0';
		break;
	default: snprintf(text, 16, "%02x", memory->now[at]); break;
	}
}

static void draw_cell(const struct memory *memory, struct draw *draw, const struct grid *grid,
	SDL_Rect cell, size_t at)
{
	bool differs = memory_differs(memory, at, grid->cell);
	bool is_zero = memory->now[at] == 0 &&
		       memcmp(memory->now + at, memory->now + at + 1, grid->cell - 1) == 0;
	char text[16];

	if (differs)
		draw_fill(draw, cell, THEME_AMBER);
	print_cell(memory, at, text);
	draw_text_in(draw, cell, THEME_MONO,
		differs   ? THEME_INK
		: is_zero ? THEME_TEXT_DIM
			  : THEME_TEXT,
		memory->view == MEMORY_INTS ? DRAW_RIGHT : DRAW_LEFT, FONT_CUT_END, text);
}

static void draw_rows(struct memory *memory, struct draw *draw, SDL_Rect area)
{
	int height = font_height(draw_fonts(draw), THEME_MONO) + draw_px(draw, 2);
	int offset = 8 * font_width(draw_fonts(draw), THEME_MONO, "0");
	struct grid grid = make_grid(memory, draw, area.w - offset);
	size_t rows = area.h > 0 ? (size_t)(area.h / height) : 0;

	memory->row = grid.cells * grid.cell;
	memory->page = rows * memory->row;
	memory->top -= memory->top % memory->row;
	for (size_t row = 0; row < rows; row++) {
		size_t start = memory->top + row * memory->row;
		int y = area.y + (int)row * height;
		char text[24];

		if (start >= memory->size)
			return;
		snprintf(text, sizeof(text), "%zu", start);
		draw_text(draw, THEME_MONO_SMALL, THEME_TEXT_DIM, area.x, y, text);
		for (size_t i = 0; i < grid.cells && start + i * grid.cell < memory->size; i++)
			draw_cell(memory, draw, &grid,
				(SDL_Rect){area.x + offset + (int)i * grid.cell_width, y,
					grid.cell_width, height},
				start + i * grid.cell);
	}
}

/* ---- a picture ------------------------------------------------------------------------------ */

/* Four bytes per pixel, B G R and an unused one, from offset `top` on. */
static void draw_picture(struct memory *memory, struct draw *draw, SDL_Rect area)
{
	int pitch, height, bar = draw_px(draw, 4);
	SDL_Rect to = {area.x + 2 * bar, area.y, 0, 0};

	if (memory->width == 0)
		memory->width = 640;
	pitch = memory->width * 4;
	memory->row = (size_t)pitch;
	height = (int)((memory->size - memory->top) / memory->row);
	height = SDL_min(height, SDL_max(area.h, 1));
	memory->page = memory->row * (size_t)SDL_max(height, 1);
	memory_forget(memory);
	if (height < 1)
		return;
	memory->picture = SDL_CreateTexture(draw_renderer(draw), SDL_PIXELFORMAT_RGB888,
		SDL_TEXTUREACCESS_STATIC, memory->width, height);
	SDL_UpdateTexture(memory->picture, NULL, memory->now + memory->top, pitch);
	to.w = SDL_min(memory->width, area.w - 2 * bar);
	to.h = (int)((int64_t)height * to.w / memory->width);
	if (memory->picture != NULL)
		SDL_RenderCopy(draw_renderer(draw), memory->picture, NULL, &to);
	for (int y = 0; y < to.h; y++) { /* marks the rows that changed */
		size_t at = memory->top + (size_t)(y * height / to.h) * memory->row;

		if (memory_differs(memory, at, memory->row))
			draw_fill(draw, (SDL_Rect){area.x, to.y + y, bar, 1}, THEME_AMBER);
	}
}

void memory_draw(struct memory *memory, struct draw *draw, SDL_Rect area)
{
	if (memory->segment < 0) {
		draw_text_wrapped(draw, area, THEME_BODY, THEME_TEXT_DIM, DRAW_LEFT,
			_("There is no segment."));
		return;
	}
	draw_head(memory, draw, &area);
	if (memory->error != 0)
		draw_text_wrapped(draw, area, THEME_BODY, THEME_TEXT_DIM, DRAW_LEFT,
			why_not(memory->error));
	else if (memory->now != NULL && memory->view == MEMORY_PICTURE)
		draw_picture(memory, draw, area);
	else if (memory->now != NULL)
		draw_rows(memory, draw, area);
}
