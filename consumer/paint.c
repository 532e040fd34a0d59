/* paint.c - see consumer.h: draws the whole window from its current state. */
#include "card.h"
#include "consumer.h"
#include "consumer_commands.h"
#include "digest.h"
#include "information.h"
#include "lines.h"
#include "monotonic.h"
#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#define HEADLINE ((struct font_style){FONT_BOLD, 28})
#define ADVICE   ((struct font_style){FONT_SANS, 17})

enum { BUTTON_WIDTH = 260, BUTTON_HEIGHT = 40 };

/* Before the first image. */
static void draw_advice(struct consumer *app, SDL_Rect area)
{
	const struct summary *summary = &app->summary;
	bool is_failed = app->look.state == LINK_FAILED;
	const struct lines_line lines[] = {
		{HEADLINE, is_failed ? THEME_RED : THEME_TEXT, summary->headline, 0},
		{ADVICE, THEME_TEXT_DIM, summary->advice, 14},
		{ADVICE, THEME_TEXT_DIM, is_failed ? _("The program retries automatically.") : "",
			8},
		{THEME_MONO, THEME_TEXT_DIM, summary->channel, 34},
	};

	int margin = SDL_min(draw_px(app->draw, THEME_MARGIN), area.w / 10);

	lines_draw_middle(app->draw, panes_inset(area, margin), lines,
		sizeof(lines) / sizeof(lines[0]));
}

/* Draws a file that is neither an image nor a text. */
static void draw_file(struct consumer *app, SDL_Rect area)
{
	const struct viewer_image *shown = &app->viewer.shown;
	const struct vitrine_image *image = &shown->image;
	char digits[DIGEST_TEXT_MAX];
	char more[DIGEST_TEXT_MAX + TEXT_REASON_MAX + 32];
	bool has_digest = image->checksum != VITRINE_NO_CHECKSUM;

	text_print(more, sizeof(more), "%s%s%s%s%s%s",
		has_digest ? digest_name(image->checksum) : "", has_digest ? " " : "",
		has_digest ? digest_text(digits, image->checksum, image->digest) : "",
		has_digest ? (shown->content.is_checked ? " ✓" : _(", not checked")) : "",
		has_digest && shown->content.note[0] != '\0' ? "\n" : "", shown->content.note);
	card_draw(app->draw, area,
		&(struct card){
			.name = image->name,
			.type = image->media_type,
			.size = image->size,
			.more = more,
			.hint = shown->content.bytes != NULL ? _("S saves it unchanged") : NULL,
		});
}

static void draw_image(struct consumer *app, SDL_Rect area)
{
	const struct viewer_image *shown = &app->viewer.shown;

	if (shown->number == 0)
		draw_advice(app, area);
	else if (shown->content.kind == CONTENT_PIXELS)
		view_draw(app->view);
	else if (page_is_open(&app->shown_text.page))
		page_draw(&app->shown_text.page, app->draw);
	else
		draw_file(app, area);
}

static void draw_facts(struct consumer *app, SDL_Rect area)
{
	struct information_row rows[SUMMARY_FACTS];

	for (size_t i = 0; i < app->summary.fact_count; i++)
		rows[i] = (struct information_row){
			app->summary.facts[i].label, app->summary.facts[i].value};
	information_draw(&app->information, app->draw, area, rows, app->summary.fact_count);
}

static void draw_bar(struct consumer *app, SDL_Rect area)
{
	const char *texts[SUMMARY_TEXTS + 1] = {app->summary.name};
	struct consumer_commands_now now;

	for (size_t i = 0; i < app->summary.text_count; i++)
		texts[i + 1] = app->summary.texts[i];
	consumer_commands_now(&now,
		(struct commands_state){
			.is_paused = app->is_paused || viewer_looks_back(&app->viewer),
			.is_mirror = app->is_mirror,
			.is_manual = app->is_manual && app->is_paused,
		});
	app->bar.hides_hints = window_is_lecture(app->window);
	app->bar.favours_texts = app->probe.is_on && app->summary.pixel[0] != '\0';
	statusbar_draw(&app->bar, app->draw, area, texts, app->summary.text_count + 1, &now.table);
}

/* Full screen has no status bar: important states are drawn over the picture. */
static void draw_mode(struct consumer *app, SDL_Rect area)
{
	int margin = draw_px(app->draw, 16);
	SDL_Color colour =
		app->is_paused || viewer_looks_back(&app->viewer) ? THEME_AMBER : THEME_TEAL;
	int width = font_width(draw_fonts(app->draw), THEME_PILL, app->summary.mode);

	if (app->summary.mode[0] != '\0')
		draw_pill(app->draw, area.x + area.w - width - 2 * margin, area.y + margin, colour,
			app->summary.mode);
	if (app->probe.is_on && app->summary.pixel[0] != '\0')
		probe_draw(app->draw, area, app->summary.pixel);
}

/* With --manual: draws the button that takes the next image. *area becomes the area above it. */
static void draw_next_button(struct consumer *app, SDL_Rect *area)
{
	struct draw *draw = app->draw;
	uint64_t waiting = viewer_waiting(&app->viewer, &app->look, app->is_mirror);
	bool is_asked = app->viewer.is_stepping;
	int margin = draw_px(draw, THEME_GAP);
	SDL_Rect button = {0, 0, SDL_min(draw_px(draw, BUTTON_WIDTH), area->w - 2 * margin),
		draw_px(draw, BUTTON_HEIGHT)};
	char text[64];

	app->next_button = (SDL_Rect){0};
	if (!app->is_manual || !app->is_paused || app->look.state != LINK_OPEN)
		return;
	text_print(text, sizeof(text), "%s", _("Waiting for the next image …"));
	if (!is_asked && waiting > 0)
		text_print(text, sizeof(text), _("Take the next image (%llu)"),
			(unsigned long long)waiting);
	else if (!is_asked)
		text_print(text, sizeof(text), _("Take the next image"));
	button.x = area->x + (area->w - button.w) / 2;
	button.y = area->y + area->h - button.h - margin;
	draw_card(draw, button, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE),
		THEME_RAISED, !is_asked && waiting > 0 ? THEME_AMBER : THEME_OUTLINE);
	draw_text_in(draw, button, THEME_BODY_BOLD, is_asked ? THEME_TEXT_DIM : THEME_TEXT,
		DRAW_CENTRE, FONT_CUT_END, text);
	app->next_button = button;
	area->h = SDL_max(button.y - area->y, 0);
}

static void set_title(const struct consumer *app)
{
	const char *state = viewer_looks_back(&app->viewer)    ? _("looking back")
			    : app->is_manual && app->is_paused ? _("manual")
			    : app->is_mirror && app->is_paused ? _("mirror, paused")
			    : app->is_mirror                   ? _("mirror")
			    : app->is_paused                   ? _("paused")
							       : NULL;

	program_title(app->program, app->window, app->summary.name, state);
}

void paint(struct consumer *app)
{
	bool is_full_screen = window_is_full_screen(app->window);
	struct panes panes = debugger_panes(app->debugger, is_full_screen ? 0 : PANES_BAR);
	SDL_Rect free = debugger_free(app->debugger, panes.picture);
	SDL_Rect area = debugger_notices(app->debugger, panes.picture);

	view_place(app->view,
		is_full_screen || (view_shown(app->view) != 0 && !view_is_fitted(app->view))
			? panes.picture
			: panes_fitted(panes.picture, draw_scale(app->draw)));
	page_place(&app->shown_text.page, app->draw, panes.picture);
	if (view_changed(app->view))
		window_touch(app->window);
	if (!window_begin(app->window))
		return;
	set_title(app);
	draw_image(app, panes.picture);
	if (is_full_screen)
		draw_mode(app, free);
	debugger_draw(app->debugger, monotonic_ns());
	draw_next_button(app, &area);
	free.h = SDL_min(free.h, area.y + area.h - free.y); /* above the button */
	if (app->shows_information)
		draw_facts(app, free);
	if (!is_full_screen)
		draw_bar(app, panes.bar);
	notices_draw(app->notices, app->draw, area);
	debugger_draw_question(app->debugger);
	help_draw(&app->help, app->draw, window_rect(app->window), _("Vitrine consumer"),
		&consumer_commands);
	menu_draw(&app->menu, app->draw, window_rect(app->window), &consumer_commands);
	window_present(app->window);
}
