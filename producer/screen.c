/* screen.c - draws the window: the picture or its substitute, the tray, the status bar. */
#include "producer.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "card.h"
#include "information.h"
#include "lines.h"
#include "orientation.h"
#include "panes.h"
#include "producer_commands.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#define TITLE_TYPE ((struct font_style){FONT_SANS, 28}) /* of the empty window */

enum { TEXT_MAX = 192, PATH_SHOWN_MAX = 512 }; /* a translation may be three times as long */

static unsigned parts(const struct producer *app)
{
	return window_is_full_screen(app->window) ? 0 : PANES_TRAY | PANES_BAR;
}

/* A fitted picture has a margin; a zoomed one uses the whole area. */
static SDL_Rect picture_area(const struct producer *app, SDL_Rect pane)
{
	if (window_is_full_screen(app->window) ||
		(view_shown(app->view) != 0 && !view_is_fitted(app->view)))
		return pane;
	return panes_fitted(pane, draw_scale(window_draw(app->window)));
}

void screen_place(struct producer *app)
{
	struct panes panes = debugger_panes(app->debugger, parts(app));

	view_place(app->view, picture_area(app, panes.picture));
	if (panes.tray.w > 0)
		tray_view_place(app->tray_view, panes.tray);
}

/* ---- in the picture's place ---------------------------------------------------------------- */

static void draw_line(struct draw *draw, SDL_Rect area, int y, struct font_style style,
	SDL_Color colour, const char *text)
{
	SDL_Rect row = {area.x, y, area.w, font_height(draw_fonts(draw), style)};

	draw_text_in(draw, row, style, colour, DRAW_CENTRE, FONT_CUT_END, text);
}

static void draw_empty(const struct producer *app, struct draw *draw, SDL_Rect area)
{
	const size_t last = app->kept.last.count;
	char channel[VITRINE_NAME_MAX + 16];
	char again[TEXT_MAX] = "";
	const struct lines_line lines[] = {
		{TITLE_TYPE, THEME_TEXT, _("Drop images and files here"), 0},
		{THEME_BODY, THEME_TEXT_DIM, _("or press O to open files, G for the gallery"), 14},
		{THEME_BODY, THEME_TEXT, again, 14},
		{THEME_MONO, THEME_TEXT_DIM, channel, 14},
	};

	text_print(channel, sizeof(channel), _("channel %s"), app->key->text);
	if (last > 0)
		text_print(again, sizeof(again),
			ngettext("Ctrl+T opens the %zu file from last time",
				"Ctrl+T opens the %zu files from last time", last),
			last);
	draw_dashes(draw, area, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE),
		window_is_hovered(app->window) ? THEME_AMBER : THEME_OUTLINE);
	area = panes_inset(area, SDL_min(draw_px(draw, THEME_GAP), area.w / 16));
	lines_draw_middle(draw, area, lines, sizeof(lines) / sizeof(lines[0]));
}

/* The size of the item's picture, which has a thumbnail, as it is turned. */
static void find_size(const struct tray_item *item, uint32_t *width, uint32_t *height)
{
	bool is_swapped = orientation_swaps(item->orientation);

	*width = is_swapped ? item->thumbnail->height : item->thumbnail->width;
	*height = is_swapped ? item->thumbnail->width : item->thumbnail->height;
}

/* Draws the thumbnail at the size of its picture while that is being decoded. */
static void draw_preview(struct draw *draw, SDL_Rect area, const struct tray_item *item,
	SDL_Texture *texture)
{
	uint32_t width, height;

	find_size(item, &width, &height);
	SDL_Rect at = view_fit_rect(area, width, height);

	if (item->thumbnail->pixels.format == VITRINE_AR24)
		draw_checkerboard(draw, at);
	SDL_RenderCopy(draw_renderer(draw), texture, NULL, &at);
}

static void draw_file(struct draw *draw, SDL_Rect area, const struct tray_item *item)
{
	card_draw(draw, area,
		&(struct card){
			.name = item->name,
			.type = item->file.type,
			.size = item->file.size,
			.hint = _("Space publishes it unchanged"),
		});
}

/* Draws the stream's last picture, or the reason why there is none. */
static void draw_stream(const struct producer *app, struct draw *draw, SDL_Rect area)
{
	int middle = area.y + area.h / 2;
	char text[BROADCAST_TEXT_MAX];

	if (chosen_is_there(app)) {
		view_draw(app->view);
		return;
	}
	draw_line(draw, area, middle - draw_px(draw, 32), TITLE_TYPE, THEME_TEXT,
		app->monitor.look.name);
	draw_line(draw, area, middle + draw_px(draw, 8), THEME_BODY, THEME_TEXT_DIM,
		monitor_status(app, text));
}

static void draw_picture(const struct producer *app, struct draw *draw, SDL_Rect pane)
{
	const struct tray_item *item = tray_chosen(app->tray);
	SDL_Rect area = picture_area(app, pane);
	SDL_Texture *texture;
	char text[VITRINE_NAME_MAX + 32];

	if (monitor_is_shown(app)) {
		draw_stream(app, draw, area);
		return;
	}
	if (item == NULL) {
		draw_empty(app, draw, area);
		return;
	}
	if (tray_is_file(item)) {
		draw_file(draw, area, item);
		return;
	}
	if (chosen_is_there(app) || (!app->shown.is_late && view_shown(app->view) != 0)) {
		view_draw(app->view);
		return;
	}
	texture = tray_view_thumbnail(app->tray_view, item);
	if (texture != NULL) {
		draw_preview(draw, area, item, texture);
	} else if (app->shown.is_late) {
		text_print(text, sizeof(text), _("decoding %.255s …"), item->name);
		draw_line(draw, area, area.y + area.h / 2, THEME_BODY, THEME_TEXT_DIM, text);
	}
}

/* ---- the information overlay --------------------------------------------------------------- */

struct facts {
	char size[TEXT_MAX];
	char file[TEXT_MAX];
	char modified[TEXT_MAX];
	char zoom[TEXT_MAX];
	char published[TEXT_MAX];
	char channel[PRESENCE_MAX];
	char slots[PRESENCE_MAX];
	char here[2 * PRESENCE_MAX];
	char memory[2 * TEXT_SIZE_MAX + TEXT_MAX];
	char pixel[PROBE_TEXT_MAX];
};

/* The pixel under the mouse; "" if no picture is shown. */
static char *find_pixel(const struct producer *app, char text[PROBE_TEXT_MAX])
{
	const struct picture *source = app->shown.source;

	text[0] = '\0';
	if (!chosen_is_there(app))
		return text;
	return probe_text(text, &app->probe, app->view, source != NULL ? &source->pixels : NULL);
}

static void find_item_facts(const struct producer *app, const struct tray_item *item,
	struct facts *facts)
{
	const struct picture *picture = item->thumbnail;
	char size[TEXT_SIZE_MAX];
	struct tm modified;
	struct timespec mtime = picture != NULL ? picture->mtime : item->file.mtime;
	bool is_file = tray_is_file(item);
	uint32_t width, height;

	if (item->published != 0)
		text_print(facts->published, sizeof(facts->published), _("as #%llu"),
			(unsigned long long)item->published);
	if (picture == NULL && !is_file)
		return;
	snprintf(facts->file, sizeof(facts->file), "%s%s%s",
		text_size(size, is_file ? item->file.size : picture->file_size),
		is_file ? ", " : "", is_file ? item->file.type : "");
	if (localtime_r(&mtime.tv_sec, &modified) != NULL)
		strftime(facts->modified, sizeof(facts->modified), "%Y-%m-%d %H:%M:%S", &modified);
	if (is_file)
		return;
	find_size(item, &width, &height);
	text_print(facts->size, sizeof(facts->size), _("%u × %u pixels, %s in memory"), width,
		height, text_size(size, UINT64_C(4) * width * height));
	if (chosen_is_there(app))
		snprintf(facts->zoom, sizeof(facts->zoom), "%.4g %%",
			100 * view_get_zoom(app->view));
}

static void find_channel_facts(const struct producer *app, struct facts *facts)
{
	const struct link_look *look = &app->look;
	char size[TEXT_SIZE_MAX], all[TEXT_SIZE_MAX];
	char producers[PRESENCE_MAX];

	presence_channel(facts->channel, &look->info);
	if (look->snapshot.slot_count > 0) {
		presence_slots(facts->slots, look);
		snprintf(facts->here, sizeof(facts->here), "%s, %s",
			presence_producers(producers, look), app->presence);
	}
	text_print(facts->memory, sizeof(facts->memory), _("%s of at most %s"),
		text_size(size, tray_bytes(app->tray)),
		text_size(all, app->arguments->common.memory));
}

static const char *unless_empty(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static void draw_information(struct producer *app, struct draw *draw, SDL_Rect area)
{
	const struct tray_item *item = monitor_is_shown(app) ? NULL : tray_chosen(app->tray);
	char stream[VITRINE_NAME_MAX + BROADCAST_TEXT_MAX] = "", state[BROADCAST_TEXT_MAX];
	struct facts facts = {0};
	char path[PATH_SHOWN_MAX];
	char renderer[TEXT_MAX];

	if (item != NULL)
		find_item_facts(app, item, &facts);
	find_channel_facts(app, &facts);
	snprintf(renderer, sizeof(renderer), "%s", window_renderer_name(app->window));
	if (app->monitor.broadcast != NULL)
		snprintf(stream, sizeof(stream), "%s: %s", app->monitor.look.name,
			monitor_status(app, state));
	const struct information_row rows[] = {
		{_("Stream"), unless_empty(stream)},
		{_("File"), item != NULL ? text_printable(path, sizeof(path), item->path) : NULL},
		{_("Size"), unless_empty(facts.size)},
		{_("File size"), unless_empty(facts.file)},
		{_("Modified"), unless_empty(facts.modified)},
		{_("Note"), item != NULL && item->thumbnail != NULL
				    ? unless_empty(item->thumbnail->note)
				    : NULL},
		{_("Zoom"), unless_empty(facts.zoom)},
		{_("Pixel"), unless_empty(find_pixel(app, facts.pixel))},
		{_("Published"), unless_empty(facts.published)},
		{_("Channel"), facts.channel},
		{_("Owner"), unless_empty(app->look.owner)},
		{_("Slots"), unless_empty(facts.slots)},
		{_("Programs"), unless_empty(facts.here)},
		{_("Memory"), facts.memory},
		{_("Renderer"), renderer},
	};
	information_draw(&app->information, draw, area, rows, sizeof(rows) / sizeof(rows[0]));
}

/* ---- the status bar ------------------------------------------------------------------------ */

/* The status bar of the stream, while it is shown above the tray. */
static void draw_stream_bar(struct producer *app, struct draw *draw, SDL_Rect bar)
{
	const struct broadcast_look *look = &app->monitor.look;
	char pixels[TEXT_MAX] = "", zoom[TEXT_MAX] = "", state[BROADCAST_TEXT_MAX];
	enum commands_space space = !monitor_can_pause(app)  ? COMMANDS_PUBLISHES
				    : app->monitor.is_paused ? COMMANDS_GOES_ON
							     : COMMANDS_PAUSES;
	struct producer_commands_now now;

	producer_commands_now(&now, space);
	if (look->width > 0)
		snprintf(pixels, sizeof(pixels), "%u × %u", look->width, look->height);
	if (chosen_is_there(app) && !view_is_fitted(app->view))
		snprintf(zoom, sizeof(zoom), "%.4g %%", 100 * view_get_zoom(app->view));
	const char *const texts[] = {
		look->name, monitor_status(app, state), pixels, zoom, app->presence};
	statusbar_draw(&app->statusbar, draw, bar, texts, sizeof(texts) / sizeof(texts[0]),
		&now.table);
}

/* What Space does now; an animation that is being sent counts as a stream. */
static enum commands_space space_of(const struct producer *app, const struct tray_item *item)
{
	if (!player_sends(app, item))
		return COMMANDS_PUBLISHES;
	return player_is_running(app) ? COMMANDS_PAUSES : COMMANDS_GOES_ON;
}

/*
 * After V: draws a status bar in which the pixel's value does not move. False: there is no picture.
 */
static bool draw_pixel_bar(struct producer *app, struct draw *draw, SDL_Rect bar)
{
	const struct tray_item *item = tray_chosen(app->tray);
	const char *stream = monitor_is_shown(app) ? app->monitor.look.name : NULL;
	char zoom[TEXT_MAX], pixel[PROBE_TEXT_MAX];

	app->statusbar.favours_texts = app->probe.is_on && find_pixel(app, pixel)[0] != '\0';
	if (!app->statusbar.favours_texts)
		return false;
	snprintf(zoom, sizeof(zoom), "%.4g %%", 100 * view_get_zoom(app->view));
	const char *const texts[] = {stream != NULL ? stream
				     : item != NULL ? item->name
						    : NULL,
		pixel, zoom};
	statusbar_draw(&app->statusbar, draw, bar, texts, sizeof(texts) / sizeof(texts[0]),
		&producer_commands);
	return true;
}

static void draw_statusbar(struct producer *app, struct draw *draw, SDL_Rect bar,
	struct loader_progress progress)
{
	const struct tray_item *item = tray_chosen(app->tray);
	const struct picture *picture = item != NULL ? item->thumbnail : NULL;
	char pixels[TEXT_MAX] = "", size[TEXT_SIZE_MAX] = "", place[TEXT_MAX] = "";
	char state[BROADCAST_TEXT_MAX];
	char slides[SLIDESHOW_TEXT_MAX], playing[BROADCAST_TEXT_MAX], frames[TEXT_MAX];
	const char *note = picture != NULL ? picture->note : NULL;
	struct producer_commands_now now;
	char zoom[TEXT_MAX] = "", decoding[TEXT_MAX] = "", stream[BROADCAST_TEXT_MAX + 16] = "";

	if (draw_pixel_bar(app, draw, bar))
		return;
	if (monitor_is_shown(app)) {
		draw_stream_bar(app, draw, bar);
		return;
	}
	if (app->monitor.broadcast != NULL)
		text_print(stream, sizeof(stream), _("stream: %s"), monitor_status(app, state));
	if (item != NULL)
		text_print(place, sizeof(place), _("%zu of %zu"), tray_chosen_place(app->tray) + 1,
			tray_count(app->tray));
	if (tray_selected(app->tray) > 0)
		text_append(place, sizeof(place), _(", %zu selected"), tray_selected(app->tray));
	if (picture != NULL) {
		uint32_t width, height;

		find_size(item, &width, &height);
		snprintf(pixels, sizeof(pixels), "%u × %u", width, height);
		text_size(size, UINT64_C(4) * width * height);
	} else if (item != NULL && tray_is_file(item)) {
		snprintf(pixels, sizeof(pixels), "%s", item->file.type);
		text_size(size, item->file.size);
	}
	if (chosen_is_there(app) && !view_is_fitted(app->view))
		snprintf(zoom, sizeof(zoom), "%.4g %%", 100 * view_get_zoom(app->view));
	if (progress.total > 1)
		text_print(decoding, sizeof(decoding), _("decoding %u of %u"), progress.done + 1,
			progress.total);
	if (player_status(app, playing)[0] != '\0' && picture != NULL) {
		text_print(frames, sizeof(frames),
			ngettext("%u frame", "%u frames", picture->frames), picture->frames);
		note = frames; /* the frame shown is no longer the first one */
	}
	producer_commands_now(&now, space_of(app, item));
	const char *const texts[] = {item != NULL ? item->name : NULL, playing,
		slideshow_text(slides, &app->slideshow), pixels, note, stream, size, place, zoom,
		app->presence, decoding};
	statusbar_draw(&app->statusbar, draw, bar, texts, sizeof(texts) / sizeof(texts[0]),
		&now.table);
}

/* ---- the tray ------------------------------------------------------------------------------ */

/* The item whose tooltip is shown; NULL: none. */
static const struct tray_item *tip_of(const struct producer *app)
{
	return app->mouse.has_tip && !app->mouse.drags && !app->menu.is_open
		       ? tray_find(app->tray, app->mouse.hovered)
		       : NULL;
}

static void draw_tray(const struct producer *app, struct loader_progress progress)
{
	const struct tray_view_state state = {
		.done = progress.total > 1 ? (double)progress.done / progress.total : 1,
		.is_hovered = window_is_hovered(app->window),
		.gap = app->mouse.drags ? app->mouse.target : TRAY_NONE,
	};

	tray_view_draw(app->tray_view, &state);
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void set_title(const struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);
	const char *picture = item != NULL ? item->name : NULL;
	const char *state = app->waiting.subject != NULL ? _("waiting") : NULL;

	if (monitor_is_shown(app)) {
		picture = app->monitor.look.name;
		state = app->monitor.is_paused ? _("paused") : _("live");
	}
	program_title(app->program, app->window, picture, state);
}

void screen_draw(struct producer *app, int64_t now)
{
	struct draw *draw = window_draw(app->window);
	struct panes panes = debugger_panes(app->debugger, parts(app));
	struct loader_progress progress = loader_progress(app->loader);
	SDL_Rect above_bar;

	SDL_UnionRect(&panes.picture, &panes.tray, &above_bar);
	if (notices_expire(app->notices, now))
		window_touch(app->window);
	screen_place(app);
	if (!window_begin(app->window))
		return;
	set_title(app);
	draw_picture(app, draw, panes.picture);
	if (panes.tray.w > 0)
		draw_tray(app, progress);
	debugger_draw(app->debugger, now);
	if (app->has_information) /* it may be taller than the picture */
		draw_information(app, draw, debugger_free(app->debugger, above_bar));
	char pixel[PROBE_TEXT_MAX];
	if (panes.bar.w == 0 && app->probe.is_on && find_pixel(app, pixel)[0] != '\0')
		probe_draw(draw, panes.picture, pixel);
	app->statusbar.hides_hints = window_is_lecture(app->window);
	if (panes.bar.w > 0)
		draw_statusbar(app, draw, panes.bar, progress);
	notices_draw(app->notices, draw, debugger_notices(app->debugger, panes.picture));
	if (panes.tray.w > 0 && tip_of(app) != NULL)
		tray_view_draw_tip(app->tray_view, tip_of(app));
	debugger_draw_question(app->debugger);
	gallery_draw(&app->gallery, draw, window_rect(app->window), app->tray, app->tray_view);
	help_draw(&app->help, draw, window_rect(app->window), _("Vitrine producer"),
		&producer_commands);
	menu_draw(&app->menu, draw, window_rect(app->window), &producer_commands);
	leaving_draw(&app->leaving, draw, window_rect(app->window));
	window_present(app->window);
}
