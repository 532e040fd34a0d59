/* gallery.c - see gallery.h. */
#include "gallery.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"
#include "format.h"
#include "panes.h"
#include "text.h"
#include "theme.h"
#include "thumbnail.h"
#include "translate.h"

enum {
	CELL_WIDTH = 152,
	CELL_HEIGHT = 122,
	THUMB_TOP = 10,
	LABEL_TOP = 96,
	LABEL_HEIGHT = 20,
	FRAME = 5,
	FRAME_LINE = 3,
	HEAD = 56, /* the title above, and the keys below the grid */
	FOOT = 44,
};

/* ---- contents ------------------------------------------------------------------------------ */

static int is_shown(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' &&
	       (format_is_image_name(entry->d_name) || (dot != NULL && strcmp(dot, ".txt") == 0));
}

static bool add(struct gallery *gallery, const char *folder, const char *name)
{
	struct gallery_item *item = &gallery->items[gallery->count];

	if (asprintf(&item->path, "%s/%s", folder, name) < 0)
		return false;
	item->name = text_base_name(item->path);
	gallery->count++;
	return true;
}

bool gallery_open(struct gallery *gallery, const char *folder)
{
	char *whole = realpath(folder, NULL);
	struct dirent **entries = NULL;
	int count = whole != NULL ? scandir(whole, &entries, is_shown, versionsort) : -1;
	bool is_filled = count > 0;

	gallery_close(gallery);
	errno = count < 0 ? errno : 0;
	gallery->items = calloc(count > 0 ? (size_t)count : 1, sizeof(struct gallery_item));
	for (int i = 0; i < count; i++) {
		is_filled = is_filled && gallery->items != NULL &&
			    add(gallery, whole, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(whole);
	gallery->is_open = is_filled;
	if (!is_filled)
		gallery_close(gallery);
	return is_filled;
}

void gallery_close(struct gallery *gallery)
{
	for (size_t i = 0; i < gallery->count; i++) {
		free(gallery->items[i].path);
		picture_unref(gallery->items[i].thumbnail);
	}
	free(gallery->items);
	*gallery = (struct gallery){0};
}

void gallery_set_thumbnail(struct gallery *gallery, size_t place, struct picture *thumbnail)
{
	if (place >= gallery->count) {
		picture_unref(thumbnail);
		return;
	}
	picture_unref(gallery->items[place].thumbnail);
	gallery->items[place].thumbnail = thumbnail;
}

/* ---- choosing ------------------------------------------------------------------------------ */

static void choose(struct gallery *gallery, int64_t place)
{
	int64_t last = (int64_t)gallery->count - 1;

	gallery->chosen = (size_t)SDL_clamp(place, 0, last);
}

static enum gallery_wish press(struct gallery *gallery, SDL_Keycode key)
{
	int64_t now = (int64_t)gallery->chosen;
	int columns = SDL_max(gallery->columns, 1);

	switch (key) {
	case SDLK_LEFT: choose(gallery, now - 1); break;
	case SDLK_RIGHT: choose(gallery, now + 1); break;
	case SDLK_UP: choose(gallery, now < columns ? now : now - columns); break;
	case SDLK_DOWN: choose(gallery, now + columns); break;
	case SDLK_HOME: choose(gallery, 0); break;
	case SDLK_END: choose(gallery, INT64_MAX); break;
	case SDLK_RETURN:
	case SDLK_KP_ENTER:
	case SDLK_SPACE: return GALLERY_ADD;
	case SDLK_a: return GALLERY_ADD_ALL;
	case SDLK_g:
	case SDLK_q:
	case SDLK_ESCAPE: return GALLERY_CLOSE;
	default: break;
	}
	return GALLERY_TAKEN;
}

static SDL_Rect cell_of(const struct gallery *gallery, const struct draw *draw, size_t place)
{
	int width = draw_px(draw, CELL_WIDTH);
	int height = draw_px(draw, CELL_HEIGHT);
	int columns = SDL_max(gallery->columns, 1);
	int left = (gallery->grid.w - columns * width) / 2;

	return (SDL_Rect){gallery->grid.x + left + (int)place % columns * width,
		gallery->grid.y - gallery->scroll + (int)place / columns * height, width, height};
}

static enum gallery_wish click(struct gallery *gallery, int x, int y)
{
	int columns = SDL_max(gallery->columns, 1);
	int width, height, column, row;
	size_t place;

	if (!panes_inside(gallery->grid, x, y))
		return GALLERY_CLOSE;
	width = gallery->cell.w;
	height = gallery->cell.h;
	column = (x - gallery->grid.x - (gallery->grid.w - columns * width) / 2) / width;
	row = (y - gallery->grid.y + gallery->scroll) / height;
	place = (size_t)row * (size_t)columns + (size_t)column;
	if (column < 0 || column >= columns || place >= gallery->count)
		return GALLERY_TAKEN;
	gallery->chosen = place;
	return GALLERY_ADD;
}

enum gallery_wish gallery_event(struct gallery *gallery, const SDL_Event *event)
{
	if (!gallery->is_open)
		return GALLERY_NOTHING;
	switch (event->type) {
	case SDL_KEYDOWN:
		if (event->key.keysym.mod & (KMOD_CTRL | KMOD_ALT))
			return GALLERY_NOTHING;
		return press(gallery, event->key.keysym.sym);
	case SDL_MOUSEBUTTONDOWN:
		return event->button.button == SDL_BUTTON_LEFT
			       ? click(gallery, event->button.x, event->button.y)
			       : GALLERY_TAKEN;
	case SDL_MOUSEWHEEL:
		gallery->scroll -= event->wheel.y * gallery->cell.h / 2;
		return GALLERY_TAKEN;
	case SDL_TEXTINPUT:
	case SDL_KEYUP:
	case SDL_MOUSEBUTTONUP:
	case SDL_MOUSEMOTION: return GALLERY_TAKEN;
	default: return GALLERY_NOTHING;
	}
}

/* ---- drawing ------------------------------------------------------------------------------- */

static void draw_item(const struct gallery *gallery, struct draw *draw, size_t place,
	const struct tray *tray, struct tray_view *tray_view)
{
	const struct gallery_item *item = &gallery->items[place];
	SDL_Rect cell = cell_of(gallery, draw, place);
	SDL_Rect box = {0, cell.y + draw_px(draw, THUMB_TOP), draw_px(draw, THEME_THUMB_WIDTH),
		draw_px(draw, THEME_THUMB_HEIGHT)};
	SDL_Rect label = {cell.x + draw_px(draw, 6), cell.y + draw_px(draw, LABEL_TOP),
		cell.w - draw_px(draw, 12), draw_px(draw, LABEL_HEIGHT)};
	bool is_chosen = place == gallery->chosen;

	box.x = cell.x + (cell.w - box.w) / 2;
	if (item->thumbnail != NULL)
		tray_view_draw_thumbnail(tray_view, item->thumbnail, 1, box);
	else if (!format_is_image_name(item->name))
		card_draw_sheet(draw, box, item->name, "text/plain");
	if (is_chosen)
		draw_outline(draw, panes_inset(box, -draw_px(draw, FRAME)), draw_px(draw, FRAME),
			draw_px(draw, FRAME_LINE), THEME_AMBER);
	if (tray_find_path(tray, item->path) != NULL)
		draw_tick(draw, box.x + box.w - draw_px(draw, 11), box.y + draw_px(draw, 11));
	draw_text_in(draw, label, THEME_LABEL, is_chosen ? THEME_TEXT : THEME_TEXT_DIM, DRAW_CENTRE,
		FONT_CUT_MIDDLE, item->name);
}

static int count_rows(const struct gallery *gallery, int columns)
{
	return ((int)gallery->count + columns - 1) / columns;
}

/* Places and scrolls the grid; the chosen item stays in view when it changes. */
static void place_grid(struct gallery *gallery, const struct draw *draw, SDL_Rect card)
{
	size_t chosen_row;
	int most, top;

	gallery->cell = (SDL_Rect){0, 0, draw_px(draw, CELL_WIDTH), draw_px(draw, CELL_HEIGHT)};
	gallery->grid = card;
	gallery->grid.y += draw_px(draw, HEAD);
	gallery->grid.h -= draw_px(draw, HEAD) + draw_px(draw, FOOT);
	gallery->columns = SDL_max(gallery->grid.w / gallery->cell.w, 1);
	chosen_row = gallery->chosen / (size_t)gallery->columns;
	top = (int)chosen_row * gallery->cell.h;
	if (gallery->chosen != gallery->revealed) {
		gallery->scroll = SDL_min(gallery->scroll, top);
		gallery->scroll = SDL_max(gallery->scroll, top + gallery->cell.h - gallery->grid.h);
		gallery->revealed = gallery->chosen;
	}
	most = count_rows(gallery, gallery->columns) * gallery->cell.h - gallery->grid.h;
	gallery->scroll = SDL_clamp(gallery->scroll, 0, SDL_max(most, 0));
}

/* The card in the middle of the window: just high enough, for whole rows. */
static SDL_Rect card_of(const struct gallery *gallery, const struct draw *draw, SDL_Rect area)
{
	SDL_Rect card = panes_inset(area, draw_px(draw, THEME_MARGIN));
	int columns = SDL_max(card.w / draw_px(draw, CELL_WIDTH), 1);
	int rows = count_rows(gallery, columns);
	int frame = draw_px(draw, HEAD) + draw_px(draw, FOOT);
	int most = SDL_max((card.h - frame) / draw_px(draw, CELL_HEIGHT), 1);
	int height = frame + SDL_min(rows, most) * draw_px(draw, CELL_HEIGHT);

	card.y += SDL_max(card.h - height, 0) / 2;
	card.h = SDL_min(card.h, height);
	return card;
}

void gallery_draw(struct gallery *gallery, struct draw *draw, SDL_Rect area,
	const struct tray *tray, struct tray_view *tray_view)
{
	SDL_Renderer *renderer = draw_renderer(draw);
	SDL_Rect card = card_of(gallery, draw, area);
	SDL_Rect head = {card.x, card.y, card.w, draw_px(draw, HEAD)};
	SDL_Rect foot = {
		card.x, card.y + card.h - draw_px(draw, FOOT), card.w, draw_px(draw, FOOT)};
	SDL_Rect body;

	if (!gallery->is_open)
		return;
	place_grid(gallery, draw, card);
	body = gallery->grid;
	draw_dim(draw, area);
	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, 1), THEME_PANEL,
		THEME_OUTLINE);
	draw_text_in(draw, head, THEME_HEAD, THEME_TEXT, DRAW_CENTRE, FONT_CUT_END,
		_("The gallery: images and texts that come with Vitrine"));
	draw_text_in(draw, foot, THEME_BODY, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END,
		_("Enter or a click adds one    A adds all    Esc closes"));
	SDL_RenderSetClipRect(renderer, &gallery->grid);
	for (size_t i = 0; i < gallery->count; i++)
		draw_item(gallery, draw, i, tray, tray_view);
	SDL_RenderSetClipRect(renderer, NULL);
	body.w -= draw_px(draw, THEME_MARGIN);
	draw_scrollbar(draw, body, gallery->scroll,
		count_rows(gallery, gallery->columns) * gallery->cell.h);
}
