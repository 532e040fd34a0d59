/* xray_layout.c - see xray_layout.h. */
#include "xray_layout.h"

/* Logical pixels, measured from the design's pictures. */
enum {
	PAD = 18,
	HEAD_TOP = 14,
	HEAD_HEIGHT = 22,
	FIGURES_TOP = 44,
	FIGURES_HEIGHT = 84,
	FIGURES_GAP = 8,
	SLOTS_FIGURE = 54,
	LINES_TOP = 135,
	LINE_HEIGHT = 17,
	LINES = 5,
	BODY_TOP = LINES_TOP + LINES * LINE_HEIGHT + 5,
	LEGEND = 16,
	CALLS_LEAST = 96, /* of the list of calls, below the slots */
};

static const struct {
	int columns, height, gap, thumbnail_width, thumbnail_height;
} sizes[] = {
	[XRAY_LARGE] = {1, 78, 7, 70, 54},
	[XRAY_LOW] = {1, 42, 5, 46, 32},
	[XRAY_SMALL] = {2, 42, 5, 40, 32},
};

static int scaled(int logical, float scale)
{
	return (int)((float)logical * scale + 0.5f);
}

static void place_figures(struct xray_layout *layout, SDL_Rect area, float scale)
{
	int gap = scaled(FIGURES_GAP, scale);
	int last = scaled(SLOTS_FIGURE, scale);
	int width = (area.w - last - 3 * gap) / 3;
	SDL_Rect rect = {
		area.x, area.y + scaled(FIGURES_TOP, scale), width, scaled(FIGURES_HEIGHT, scale)};

	for (int i = 0; i < 4; i++) {
		layout->figures[i] = rect;
		rect.x += width + gap;
	}
	layout->figures[3].w = area.x + area.w - layout->figures[3].x;
}

static void set_size(struct xray_layout *layout, enum xray_size size, float scale, uint32_t slots)
{
	int columns = sizes[size].columns;
	int rows = ((int)slots + columns - 1) / columns;

	layout->size = size;
	layout->columns = columns;
	layout->gap = scaled(sizes[size].gap, scale);
	layout->slot_height = scaled(sizes[size].height, scale);
	layout->slot_width = (layout->body.w - (columns - 1) * layout->gap) / columns;
	layout->legend = size == XRAY_LARGE ? 0 : scaled(LEGEND, scale);
	layout->slots_height = layout->legend + rows * (layout->slot_height + layout->gap);
	layout->thumbnail_width = scaled(sizes[size].thumbnail_width, scale);
	layout->thumbnail_height = scaled(sizes[size].thumbnail_height, scale);
}

struct xray_layout xray_layout_make(SDL_Rect area, float scale, uint32_t slots)
{
	struct xray_layout layout = {.line = scaled(LINE_HEIGHT, scale)};
	int pad = scaled(PAD, scale);
	SDL_Rect inner = {area.x + pad, area.y, area.w - 2 * pad, area.h};
	int top = scaled(BODY_TOP, scale);
	int calls = scaled(CALLS_LEAST, scale);
	/* A panel that is too low for all lines has no heading. */
	int lift = area.h < top ? scaled(FIGURES_TOP - HEAD_TOP, scale) : 0;

	layout.head = (SDL_Rect){
		inner.x, inner.y + scaled(HEAD_TOP, scale), inner.w, scaled(HEAD_HEIGHT, scale)};
	inner.y -= lift;
	inner.h += lift;
	if (lift > 0)
		layout.head.h = 0;
	place_figures(&layout, inner, scale);
	layout.lines = (SDL_Rect){
		inner.x, inner.y + scaled(LINES_TOP, scale), inner.w, LINES * layout.line};
	layout.body =
		(SDL_Rect){inner.x, inner.y + top, inner.w, inner.h > top ? inner.h - top : 0};
	for (int size = XRAY_LARGE; size <= XRAY_SMALL; size++) {
		set_size(&layout, (enum xray_size)size, scale, slots);
		if (layout.slots_height + calls <= layout.body.h)
			break;
	}
	return layout;
}

SDL_Rect xray_layout_slot(const struct xray_layout *layout, uint32_t i, int scroll)
{
	int column = (int)i % layout->columns;
	int row = (int)i / layout->columns;

	return (SDL_Rect){layout->body.x + column * (layout->slot_width + layout->gap),
		layout->body.y + layout->legend + row * (layout->slot_height + layout->gap) -
			scroll,
		layout->slot_width, layout->slot_height};
}
