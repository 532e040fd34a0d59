/*
 * app_draw.c - the whole window: objects on the left, processes on the right, below them the
 * verdict and the contents of a segment, and the status bar.
 */

#include "app.h"
#include "commands.h"
#include "curves_draw.h"
#include "lines.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

static SDL_Rect cut_bottom(SDL_Rect *area, int height)
{
	height = SDL_clamp(height, 0, area->h);
	area->h -= height;
	return (SDL_Rect){area->x, area->y + area->h, area->w, height};
}

static void clip(struct app *app, const SDL_Rect *area)
{
	SDL_RenderSetClipRect(draw_renderer(app->draw), area);
}

static int limited(int scroll, int height, int room)
{
	return SDL_clamp(scroll, 0, SDL_max(height - room, 0));
}

/* ---- parts ---------------------------------------------------------------------------------- */

static void paint_bar(struct app *app, SDL_Rect area)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;
	char objects[80], pace[48] = "", steps[48] = "";
	const char *texts[] = {_("X-ray"), objects, steps, pace};
	size_t sets = 0;

	for (size_t i = 0; i < snapshot->set_count; i++)
		sets += objects_shows_set(app, &snapshot->sets[i]);
	text_print(objects, sizeof(objects),
		ngettext("%zu semaphore set", "%zu semaphore sets", sets), sets);
	if (app->control != NULL) {
		if (app->pace == APP_SLOW)
			text_print(pace, sizeof(pace), _("slow: %lld ms"),
				(long long)(app->slow_ns / 1000000));
		else
			text_print(pace, sizeof(pace), "%s",
				app->pace == APP_RUNS ? _("running") : _("stopped"));
		if (app->replay == NULL)
			text_print(steps, sizeof(steps), _("step %zu"),
				control_steps(app->control));
		else
			text_print(steps, sizeof(steps),
				replay_has_left(app->replay) ? _("after step %zu of %zu")
							     : _("schedule: step %zu of %zu"),
				replay_at(app->replay), replay_length(app->replay));
	}
	app->bar.hides_hints = window_is_lecture(app->window);
	statusbar_draw(&app->bar, app->draw, area, texts, SDL_arraysize(texts),
		commands_table(app->control != NULL));
}

static void paint_verdict(struct app *app, SDL_Rect *area)
{
	int inset = draw_px(app->draw, THEME_GAP), width = area->w - 2 * inset;
	char text[VERDICT_TEXT];
	struct fonts *fonts = draw_fonts(app->draw);
	SDL_Rect band;

	if (app->verdict.kind == VERDICT_NONE)
		return;
	text_printable(text, sizeof(text), app->verdict.text);
	band = cut_bottom(area, (int)font_wrap(fonts, THEME_HEAD, width, text, NULL, 0) *
						font_height(fonts, THEME_HEAD) +
					2 * inset);
	draw_fill(app->draw, band, THEME_RAISED);
	draw_fill(app->draw, (SDL_Rect){band.x, band.y, band.w, draw_px(app->draw, 2)}, THEME_RED);
	draw_text_wrapped(app->draw, panes_inset(band, inset), THEME_HEAD, THEME_RED, DRAW_LEFT,
		text);
}

static void paint_memory(struct app *app, SDL_Rect *area)
{
	SDL_Rect pane;

	if (!app->shows_memory)
		return;
	pane = cut_bottom(area, area->h * 2 / 5);
	draw_fill(app->draw, pane, THEME_TRAY);
	draw_fill(app->draw, (SDL_Rect){pane.x, pane.y, pane.w, draw_px(app->draw, 1)}, THEME_EDGE);
	clip(app, &pane);
	memory_draw(&app->memory, app->draw, panes_inset(pane, draw_px(app->draw, THEME_GAP)));
	clip(app, NULL);
}

/* In lecture mode, as in the textbooks: `empty` falls while `full` rises. */
static void paint_history(struct app *app, SDL_Rect *area)
{
	const struct font_style style = THEME_HEAD;
	SDL_Rect pane;

	if (!window_is_lecture(app->window) || semaphore_history_is_empty(&app->history))
		return;
	pane = cut_bottom(area, area->h / 4);
	draw_fill(app->draw, pane, THEME_PANEL);
	draw_fill(app->draw, (SDL_Rect){pane.x, pane.y, pane.w, draw_px(app->draw, 1)}, THEME_EDGE);
	curves_draw(&app->history.curves, app->draw,
		panes_inset(pane, draw_px(app->draw, THEME_GAP)), style);
}

static bool has_anything(const struct app *app)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;

	return app->control != NULL || snapshot->set_count + snapshot->segments.count +
						       snapshot->queues.count +
						       snapshot->nameds.count >
					       0;
}

static void paint_nothing(struct app *app, SDL_Rect area)
{
	const struct lines_line lines[] = {
		{THEME_HEAD, THEME_TEXT,
			app->scope.snapshot.choice_count > 0
				? _("These objects do not exist yet")
				: _("There is no System V object, and no POSIX named semaphore"),
			0},
		{THEME_BODY, THEME_TEXT_DIM,
			_("An object appears here as soon as a program creates it. To stop "
			  "programs at each call: vitrine xray -- ./producer -- ./consumer"),
			8},
	};

	lines_draw_middle(app->draw, area, lines, SDL_arraysize(lines));
}

/*
 * Objects take the height that they need, up to three fifths; arrows use the gutter between the
 * parts.
 */
static void divide(struct app *app, SDL_Rect area)
{
	int margin = draw_px(app->draw, THEME_GAP), gutter = draw_px(app->draw, 48);
	int width = (area.w - 2 * margin - gutter) * 11 / 20;

	area = panes_inset(area, margin);
	app->left = (SDL_Rect){area.x, area.y, width, area.h};
	app->right = (SDL_Rect){area.x + width + gutter, area.y, area.w - width - gutter, area.h};
}

static void paint_columns(struct app *app)
{
	SDL_Rect both = app->left;

	clip(app, &app->left);
	app->left_height = objects_draw(app, app->left, app->left.y - app->left_scroll);
	draw_scrollbar(app->draw, app->left, app->left_scroll, app->left_height);
	clip(app, &app->right);
	app->right_height = processes_draw(app, app->right, app->right.y - app->right_scroll);
	draw_scrollbar(app->draw, app->right, app->right_scroll, app->right_height);
	both.w = app->right.x + app->right.w - app->left.x;
	clip(app, &both);
	arrows_draw(app);
	clip(app, NULL);
}

void app_draw(struct app *app)
{
	struct panes panes = window_panes(app->window,
		window_is_full_screen(app->window) ? 0 : (unsigned)PANES_BAR);
	SDL_Rect area = panes.picture;

	paint_verdict(app, &area);
	paint_memory(app, &area);
	paint_history(app, &area);
	if (has_anything(app)) {
		divide(app, area);
		app->left_scroll = limited(app->left_scroll, app->left_height, app->left.h);
		app->right_scroll = limited(app->right_scroll, app->right_height, app->right.h);
		paint_columns(app);
	} else {
		paint_nothing(app, area);
	}
	if (panes.bar.w > 0)
		paint_bar(app, panes.bar);
	notices_draw(app->notices, app->draw, area);
	help_draw(&app->help, app->draw, window_rect(app->window), _("Vitrine X-ray"),
		commands_table(app->control != NULL));
}
