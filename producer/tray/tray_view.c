/* tray_view.c - see tray_view.h. */
#include "tray_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "card.h"
#include "panes.h"
#include "text.h"
#include "theme.h"
#include "thumbnail.h"
#include "translate.h"
#include "turned.h"
#include "vitrine.h"

enum {
	TEXTURES = 96, /* more than fit on a screen */
	FRAME = 4,     /* around the chosen image, logical pixels … */
	FRAME_LINE = 3,
	BAR = 3, /* the height of the bar of progress */
	LABEL_HEIGHT = 20,
	SCROLL_BAR = 5, /* the scroll bar's height, also for the mouse */
	SCROLL_BAR_REACH = 12,
	TIP_PAD = 8,
	EDGE_TEXT = 48,
};

struct thumbnail_texture {
	struct picture *thumbnail; /* a reference: the source of the texture */
	int orientation;           /* in which the texture is turned */
	SDL_Texture *texture;
	uint64_t used;
};

struct tray_view {
	struct draw *draw;
	const struct tray *tray;
	SDL_Rect area;
	int scroll;        /* pixels */
	uint64_t revealed; /* the item last brought into view */
	uint64_t clock;
	struct thumbnail_texture textures[TEXTURES];
};

struct tray_view *tray_view_create(struct draw *draw, const struct tray *tray)
{
	struct tray_view *tray_view = calloc(1, sizeof(*tray_view));

	if (tray_view == NULL)
		return NULL;
	tray_view->draw = draw;
	tray_view->tray = tray;
	return tray_view;
}

static void end_texture(struct thumbnail_texture *texture)
{
	if (texture->texture != NULL)
		SDL_DestroyTexture(texture->texture);
	picture_unref(texture->thumbnail);
	*texture = (struct thumbnail_texture){0};
}

void tray_view_forget(struct tray_view *tray_view)
{
	for (size_t i = 0; i < TEXTURES; i++)
		end_texture(&tray_view->textures[i]);
}

void tray_view_destroy(struct tray_view *tray_view)
{
	if (tray_view == NULL)
		return;
	tray_view_forget(tray_view);
	free(tray_view);
}

/* ---- where things are ---------------------------------------------------------------------- */

static int px(const struct tray_view *tray_view, int logical)
{
	return draw_px(tray_view->draw, logical);
}

/* The box of the item at `place`; the drop place is after the last one. */
static SDL_Rect box_of(const struct tray_view *tray_view, size_t place)
{
	return (SDL_Rect){
		.x = tray_view->area.x + px(tray_view, THEME_MARGIN) - tray_view->scroll +
		     (int)place * px(tray_view, THEME_THUMB_STEP),
		.y = tray_view->area.y + px(tray_view, THEME_THUMB_TOP),
		.w = px(tray_view, THEME_THUMB_WIDTH),
		.h = px(tray_view, THEME_THUMB_HEIGHT),
	};
}

static int scroll_most(const struct tray_view *tray_view)
{
	int count = (int)tray_count(tray_view->tray);
	int width = 2 * px(tray_view, THEME_MARGIN) + count * px(tray_view, THEME_THUMB_STEP) +
		    px(tray_view, THEME_THUMB_WIDTH);

	return width > tray_view->area.w ? width - tray_view->area.w : 0;
}

static void set_scroll(struct tray_view *tray_view, int scroll)
{
	int most = scroll_most(tray_view);

	tray_view->scroll = scroll < 0 ? 0 : scroll > most ? most : scroll;
}

static void reveal(struct tray_view *tray_view, size_t place)
{
	int margin = px(tray_view, THEME_MARGIN);
	SDL_Rect box = box_of(tray_view, place);
	int before = tray_view->area.x + margin - box.x;
	int behind = box.x + box.w + margin - (tray_view->area.x + tray_view->area.w);

	if (before > 0)
		set_scroll(tray_view, tray_view->scroll - before);
	else if (behind > 0)
		set_scroll(tray_view, tray_view->scroll + behind);
}

void tray_view_place(struct tray_view *tray_view, SDL_Rect area)
{
	const struct tray_item *chosen = tray_chosen(tray_view->tray);
	uint64_t id = chosen != NULL ? chosen->id : 0;
	bool is_moved = !SDL_RectEquals(&area, &tray_view->area);

	tray_view->area = area;
	set_scroll(tray_view, tray_view->scroll);
	if (id != 0 && (is_moved || id != tray_view->revealed))
		reveal(tray_view, tray_chosen_place(tray_view->tray));
	tray_view->revealed = id;
}

bool tray_view_scroll(struct tray_view *tray_view, double images)
{
	int before = tray_view->scroll;

	set_scroll(tray_view, before + (int)(images * px(tray_view, THEME_THUMB_STEP)));
	return tray_view->scroll != before;
}

size_t tray_view_hit(const struct tray_view *tray_view, int x, int y)
{
	int from_first = x - box_of(tray_view, 0).x;
	size_t place;
	SDL_Rect box;

	if (!panes_inside(tray_view->area, x, y) || from_first < 0)
		return TRAY_NONE;
	place = (size_t)(from_first / px(tray_view, THEME_THUMB_STEP));
	box = box_of(tray_view, place);
	box.h += px(tray_view, LABEL_HEIGHT); /* including the name */
	if (place > tray_count(tray_view->tray) || !panes_inside(box, x, y))
		return TRAY_NONE;
	return place < tray_count(tray_view->tray) ? place : TRAY_VIEW_DROP_PLACE;
}

size_t tray_view_gap(const struct tray_view *tray_view, int x)
{
	int step = px(tray_view, THEME_THUMB_STEP);
	int from_first = x - box_of(tray_view, 0).x + step - px(tray_view, THEME_THUMB_WIDTH) / 2;
	size_t gap = from_first > 0 ? (size_t)(from_first / step) : 0;

	return gap < tray_count(tray_view->tray) ? gap : tray_count(tray_view->tray);
}

/* The number of images that are hidden on the left and on the right. */
static size_t hidden_left(const struct tray_view *tray_view)
{
	int step = px(tray_view, THEME_THUMB_STEP);

	return (size_t)((tray_view->scroll + step / 2) / step);
}

static size_t hidden_right(const struct tray_view *tray_view)
{
	int right = tray_view->area.x + tray_view->area.w - px(tray_view, THEME_THUMB_WIDTH) / 2;
	int from_first = right - box_of(tray_view, 0).x;
	size_t count = tray_count(tray_view->tray);
	size_t seen =
		from_first > 0 ? (size_t)(from_first / px(tray_view, THEME_THUMB_STEP)) + 1 : 0;

	return seen < count ? count - seen : 0;
}

static SDL_Rect edge_of(const struct tray_view *tray_view, bool is_right, char text[EDGE_TEXT])
{
	size_t hidden = is_right ? hidden_right(tray_view) : hidden_left(tray_view);
	SDL_Rect rect = {0, 0, 0, 0};

	if (hidden == 0)
		return rect;
	text_print(text, EDGE_TEXT, is_right ? _("%zu more ›") : _("‹ %zu more"), hidden);
	rect.w = draw_pill_width(tray_view->draw, text);
	if (rect.w > tray_view->area.w / 2 - px(tray_view, 4)) { /* the other one needs room, too */
		snprintf(text, EDGE_TEXT, is_right ? "%zu ›" : "‹ %zu", hidden);
		rect.w = draw_pill_width(tray_view->draw, text);
	}
	rect.h = px(tray_view, 17);
	rect.x = is_right ? tray_view->area.x + tray_view->area.w - rect.w - px(tray_view, 4)
			  : tray_view->area.x + px(tray_view, 4);
	rect.y = tray_view->area.y + px(tray_view, 1);
	return rect;
}

int tray_view_edge(const struct tray_view *tray_view, int x, int y)
{
	char text[EDGE_TEXT];

	if (panes_inside(edge_of(tray_view, false, text), x, y))
		return -1;
	return panes_inside(edge_of(tray_view, true, text), x, y);
}

/* The scroll bar; the width of its handle shows the visible part of the row. */
static SDL_Rect bar_of(const struct tray_view *tray_view, SDL_Rect *handle)
{
	int margin = px(tray_view, THEME_MARGIN);
	int most = scroll_most(tray_view);
	SDL_Rect bar = {tray_view->area.x + margin,
		tray_view->area.y + tray_view->area.h - px(tray_view, SCROLL_BAR + 1),
		tray_view->area.w - 2 * margin, px(tray_view, SCROLL_BAR)};

	*handle = bar;
	handle->w = (int)((int64_t)bar.w * tray_view->area.w / (tray_view->area.w + most + 1));
	handle->w = SDL_max(handle->w, SDL_min(px(tray_view, 24), bar.w));
	if (most > 0)
		handle->x += (int)((int64_t)(bar.w - handle->w) * tray_view->scroll / most);
	return bar;
}

bool tray_view_hits_bar(const struct tray_view *tray_view, int x, int y)
{
	SDL_Rect handle;
	SDL_Rect bar = bar_of(tray_view, &handle);

	bar.y -= px(tray_view, SCROLL_BAR_REACH) - bar.h;
	bar.h = px(tray_view, SCROLL_BAR_REACH);
	return scroll_most(tray_view) > 0 && panes_inside(bar, x, y);
}

void tray_view_scroll_to(struct tray_view *tray_view, int x)
{
	SDL_Rect handle;
	SDL_Rect bar = bar_of(tray_view, &handle);
	int room = SDL_max(bar.w - handle.w, 1);

	set_scroll(tray_view,
		(int)((int64_t)(x - bar.x - handle.w / 2) * scroll_most(tray_view) / room));
}

size_t tray_view_first(const struct tray_view *tray_view)
{
	return (size_t)(tray_view->scroll / px(tray_view, THEME_THUMB_STEP));
}

size_t tray_view_page(const struct tray_view *tray_view)
{
	int room = tray_view->area.w - 2 * px(tray_view, THEME_MARGIN) +
		   px(tray_view, THEME_THUMB_STEP) - px(tray_view, THEME_THUMB_WIDTH);
	int page = room / px(tray_view, THEME_THUMB_STEP);

	return page > 1 ? (size_t)page : 1;
}

/* ---- textures ------------------------------------------------------------------------------ */

/* Turns the pixels of a thumbnail, into new memory. False: no memory. */
static bool turn(const struct pixels *pixels, int orientation, struct pixels *turned)
{
	const uint32_t width = turned_width(pixels, orientation);
	const uint32_t height = turned_height(pixels, orientation);
	uint32_t *rows = malloc((size_t)width * height * 4);

	if (rows == NULL)
		return false;
	turned_rows(pixels, orientation, 0, 0, width, height, rows, NULL);
	*turned = (struct pixels){(const uint8_t *)rows, width, height, 4 * width, pixels->format};
	return true;
}

static SDL_Texture *upload(SDL_Renderer *renderer, const struct pixels *pixels)
{
	bool has_alpha = pixels->format == VITRINE_AR24;
	SDL_Texture *texture = SDL_CreateTexture(renderer,
		has_alpha ? SDL_PIXELFORMAT_ARGB8888 : SDL_PIXELFORMAT_RGB888,
		SDL_TEXTUREACCESS_STATIC, (int)pixels->width, (int)pixels->height);

	if (texture == NULL)
		return NULL;
	SDL_SetTextureBlendMode(texture, has_alpha ? SDL_BLENDMODE_BLEND : SDL_BLENDMODE_NONE);
	/* An icon is shown larger, with its pixels as squares. */
	SDL_SetTextureScaleMode(texture,
		pixels->width < THEME_THUMB_WIDTH / 2 && pixels->height < THEME_THUMB_HEIGHT / 2
			? SDL_ScaleModeNearest
			: SDL_ScaleModeLinear);
	if (SDL_UpdateTexture(texture, NULL, pixels->data, (int)pixels->pitch) == 0)
		return texture;
	SDL_DestroyTexture(texture);
	return NULL;
}

static SDL_Texture *upload_turned(SDL_Renderer *renderer, const struct pixels *pixels,
	int orientation)
{
	struct pixels turned;
	SDL_Texture *texture;

	if (orientation == 1)
		return upload(renderer, pixels);
	if (!turn(pixels, orientation, &turned))
		return NULL;
	texture = upload(renderer, &turned);
	free((void *)(uintptr_t)turned.data);
	return texture;
}

static SDL_Texture *texture_of(struct tray_view *tray_view, struct picture *thumbnail,
	int orientation)
{
	struct thumbnail_texture *place = &tray_view->textures[0];

	for (size_t i = 0; i < TEXTURES; i++) {
		struct thumbnail_texture *texture = &tray_view->textures[i];

		if (texture->thumbnail == thumbnail && texture->orientation == orientation) {
			texture->used = ++tray_view->clock;
			return texture->texture;
		}
		if (texture->used < place->used)
			place = texture;
	}
	end_texture(place);
	place->thumbnail = picture_ref(thumbnail);
	place->orientation = orientation;
	place->texture =
		upload_turned(draw_renderer(tray_view->draw), &thumbnail->pixels, orientation);
	place->used = ++tray_view->clock;
	return place->texture;
}

SDL_Texture *tray_view_thumbnail(struct tray_view *tray_view, const struct tray_item *item)
{
	return item->thumbnail != NULL ? texture_of(tray_view, item->thumbnail, item->orientation)
				       : NULL;
}

/* ---- drawing ------------------------------------------------------------------------------- */

/* The place of a complete thumbnail within `box`. */
static SDL_Rect fit(SDL_Rect box, const struct pixels *pixels, int orientation)
{
	uint32_t width, height;

	/* Treats it as large: a small picture fills its box too. */
	thumbnail_fit(turned_width(pixels, orientation) * 1024,
		turned_height(pixels, orientation) * 1024, (uint32_t)box.w, (uint32_t)box.h, &width,
		&height);
	return (SDL_Rect){box.x + (box.w - (int)width) / 2, box.y + (box.h - (int)height) / 2,
		(int)width, (int)height};
}

SDL_Rect tray_view_draw_thumbnail(struct tray_view *tray_view, struct picture *thumbnail,
	int orientation, SDL_Rect box)
{
	SDL_Texture *texture = texture_of(tray_view, thumbnail, orientation);
	SDL_Rect at = fit(box, &thumbnail->pixels, orientation);

	if (thumbnail->pixels.format == VITRINE_AR24)
		draw_checkerboard(tray_view->draw, at);
	if (texture != NULL)
		SDL_RenderCopy(draw_renderer(tray_view->draw), texture, NULL, &at);
	return at;
}

static void draw_item(struct tray_view *tray_view, size_t place)
{
	struct draw *draw = tray_view->draw;
	const struct tray_item *item = tray_at(tray_view->tray, place);
	bool is_chosen = place == tray_chosen_place(tray_view->tray);
	SDL_Rect box = box_of(tray_view, place);
	SDL_Rect label = {box.x - px(tray_view, 6),
		tray_view->area.y + px(tray_view, THEME_THUMB_LABEL), box.w + px(tray_view, 12),
		px(tray_view, LABEL_HEIGHT)};
	SDL_Rect at = box;

	if (item->is_selected) {
		SDL_Color tint = THEME_AMBER;
		SDL_Rect whole = panes_inset(box, -px(tray_view, 2 * FRAME));

		tint.a = 0x50;
		whole.h = label.y + label.h - whole.y;
		draw_round(draw, whole, px(tray_view, FRAME), tint);
	}
	if (item->thumbnail != NULL) {
		at = tray_view_draw_thumbnail(tray_view, item->thumbnail, item->orientation, box);
	} else if (tray_is_file(item)) {
		card_draw_sheet(draw, box, item->name, item->file.type);
		at.w = (box.w + box.h * 3 / 4) / 2; /* the tick is at the sheet's corner */
	} else {
		draw_round(draw, box, px(tray_view, THEME_LINE), THEME_RAISED);
		draw_text_in(draw, box, THEME_BODY, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, "…");
	}
	if (is_chosen)
		draw_outline(draw, panes_inset(box, -px(tray_view, FRAME)), px(tray_view, FRAME),
			px(tray_view, FRAME_LINE), THEME_AMBER);
	if (item->published != 0)
		draw_tick(draw, at.x + at.w - px(tray_view, 11), at.y + px(tray_view, 11));
	draw_text_in(draw, label, THEME_LABEL, is_chosen ? THEME_TEXT : THEME_TEXT_DIM, DRAW_CENTRE,
		FONT_CUT_MIDDLE, item->name);
}

/* Marks the gap to which an image is being moved. */
static void draw_gap(struct tray_view *tray_view, size_t gap)
{
	SDL_Rect box = box_of(tray_view, gap);
	int space = px(tray_view, THEME_THUMB_STEP) - px(tray_view, THEME_THUMB_WIDTH);

	draw_fill(tray_view->draw,
		(SDL_Rect){box.x - space / 2 - px(tray_view, 1), box.y, px(tray_view, 3), box.h},
		THEME_AMBER);
}

/* Draws the counters of hidden images and the scroll bar. */
static void draw_rest(struct tray_view *tray_view)
{
	char text[EDGE_TEXT];
	SDL_Rect handle;

	if (scroll_most(tray_view) == 0)
		return;
	bar_of(tray_view, &handle);
	draw_round(tray_view->draw, handle, handle.h / 2, THEME_TEXT_DIM);
	for (int is_right = 0; is_right < 2; is_right++) {
		SDL_Rect edge = edge_of(tray_view, is_right, text);

		if (edge.w > 0)
			draw_pill(tray_view->draw, edge.x, edge.y, THEME_TEXT_DIM, text);
	}
}

void tray_view_draw(struct tray_view *tray_view, const struct tray_view_state *state)
{
	struct draw *draw = tray_view->draw;
	SDL_Renderer *renderer = draw_renderer(draw);
	size_t count = tray_count(tray_view->tray);
	size_t first = tray_view_first(tray_view);
	SDL_Rect bar = tray_view->area;

	draw_fill(draw, tray_view->area, THEME_TRAY);
	draw_fill(draw, (SDL_Rect){bar.x, bar.y, bar.w, px(tray_view, 1)}, THEME_EDGE);
	SDL_RenderSetClipRect(renderer, &tray_view->area);
	for (size_t i = first; i <= count; i++) {
		SDL_Rect box = box_of(tray_view, i);

		if (box.x > tray_view->area.x + tray_view->area.w)
			break;
		if (i < count)
			draw_item(tray_view, i);
		else
			draw_drop_place(draw, box, _("drop images\nhere"), state->is_hovered);
	}
	if (state->gap != TRAY_NONE)
		draw_gap(tray_view, state->gap);
	draw_rest(tray_view);
	bar.h = px(tray_view, BAR);
	if (state->done < 1)
		draw_progress(draw, bar, state->done);
	SDL_RenderSetClipRect(renderer, NULL);
}

void tray_view_draw_tip(struct tray_view *tray_view, const struct tray_item *item)
{
	struct draw *draw = tray_view->draw;
	SDL_Rect box = box_of(tray_view, item->place);
	char number[48] = "", text[FONT_TEXT_MAX];
	SDL_Rect tip;

	if (item->published != 0)
		text_print(number, sizeof(number), _(" – published as #%llu"),
			(unsigned long long)item->published);
	snprintf(text, sizeof(text), "%.400s%s", item->name, number);
	tip.w = font_width(draw_fonts(draw), THEME_LABEL, text) + 2 * px(tray_view, TIP_PAD);
	tip.w = SDL_min(tip.w, tray_view->area.w);
	tip.h = font_height(draw_fonts(draw), THEME_LABEL) + px(tray_view, TIP_PAD);
	tip.x = SDL_clamp(box.x + (box.w - tip.w) / 2, tray_view->area.x,
		tray_view->area.x + tray_view->area.w - tip.w);
	tip.y = box.y - tip.h - px(tray_view, TIP_PAD);
	draw_card(draw, tip, px(tray_view, FRAME), px(tray_view, 1), THEME_RAISED, THEME_OUTLINE);
	draw_text_in(draw, panes_inset(tip, px(tray_view, 2)), THEME_LABEL, THEME_TEXT, DRAW_CENTRE,
		FONT_CUT_MIDDLE, text);
}
