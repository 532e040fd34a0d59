/*
 * processes_draw.c - the right part of the window: a card for each process under control, with what
 * it does, why it sleeps, its source line, what the kernel would undo, and its timeline; or,
 * without programs under control, the processes that sleep in a System V call.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base/monotonic.h"
#include "scope_text.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

enum { INSET = 10, CARD_GAP = 10, LANE_HEIGHT = 14, LANE_STEP = 6 };

/* ---- cards --------------------------------------------------------------------------------- */

struct sheet {
	struct draw *draw;
	SDL_Rect rect; /* of the card; its height is known when all lines are in it */
	int y;
	bool is_drawn; /* false: only measure */
};

static void sheet_line(struct sheet *sheet, struct font_style style, SDL_Color colour,
	const char *text)
{
	int inset = draw_px(sheet->draw, INSET);
	SDL_Rect line = {sheet->rect.x + inset, sheet->y, sheet->rect.w - 2 * inset, 0};
	struct fonts *fonts = draw_fonts(sheet->draw);

	if (text[0] == '\0')
		return;
	if (sheet->is_drawn)
		draw_text_wrapped(sheet->draw, line, style, colour, DRAW_LEFT, text);
	sheet->y += (int)font_wrap(fonts, style, line.w, text, NULL, 0) * font_height(fonts, style);
}

/* ---- under control --------------------------------------------------------------------------- */

static bool is_in_cycle(const struct app *app, unsigned number)
{
	for (size_t i = 0; i < app->verdict.count; i++)
		if (app->verdict.kind != VERDICT_NONE && app->verdict.edges[i].waiter == number)
			return true;
	return false;
}

static SDL_Color colour_of(const struct app *app, const struct control_actor *actor)
{
	if (is_in_cycle(app, actor->task->number))
		return THEME_RED;
	switch (actor->doing) {
	case CONTROL_SLEEPS: return THEME_AMBER;
	case CONTROL_ENDED: return THEME_TEXT_DIM;
	case CONTROL_RUNS:
	case CONTROL_ELSEWHERE: return THEME_TEAL;
	default: return THEME_BLUE;
	}
}

/* Draws the last steps of all actors in a row: marks those of this actor, and where it died. */
static void draw_lane(const struct app *app, unsigned number, SDL_Rect lane, SDL_Color colour)
{
	int step = draw_px(app->draw, LANE_STEP);
	size_t count, room = lane.w > 0 ? (size_t)(lane.w / step) : 0;
	const int *schedule = control_schedule(app->control, &count);
	size_t first = count > room ? count - room : 0;

	draw_fill(app->draw, (SDL_Rect){lane.x, lane.y + lane.h / 2, lane.w, draw_px(app->draw, 1)},
		THEME_OUTLINE);
	for (size_t i = first; i < count; i++) {
		SDL_Rect cell = {lane.x + (int)(i - first) * step, lane.y, step - 1, lane.h};

		if (schedule[i] == (int)number)
			draw_fill(app->draw, cell, colour);
		else if (schedule[i] == -(int)number)
			draw_fill(app->draw, cell, THEME_RED);
	}
}

static void write_actor(struct app *app, struct control_actor *actor, struct sheet *sheet)
{
	char name[2 * CONTROL_NAME_MAX], text[2 * SCOPE_TEXT_MAX], words[SCOPE_TEXT_MAX],
		call[CALL_TEXT_MAX];
	SDL_Color colour = colour_of(app, actor);
	char since[24];

	text_print(text, sizeof(text),
		actor->task->is_thread ? _("P%u  %s  %d  thread") : "P%u  %s  %d",
		actor->task->number, text_printable(name, sizeof(name), actor->name),
		(int)actor->task->tid);
	if (actor->doing == CONTROL_SLEEPS || actor->doing == CONTROL_ELSEWHERE)
		text_append(text, sizeof(text), _("  for %s"),
			scope_text_duration(monotonic_ns() - actor->since_ns, since));
	sheet_line(sheet, THEME_BODY_BOLD, THEME_TEXT, text);
	if (scope_text_has_call(actor))
		snprintf(text, sizeof(text), "%s %s", scope_text_state(actor),
			call_text(&actor->task->call, scope_name, &app->scope, call));
	else
		snprintf(text, sizeof(text), "%s", scope_text_other(actor, words));
	sheet_line(sheet, THEME_BODY, colour, text);
	sheet_line(sheet, THEME_BODY, THEME_AMBER, scope_text_hidden(actor));
	if (scope_text_why(actor, &app->scope, words)[0] != '\0') {
		text_print(text, sizeof(text), _("because %s"), words);
		sheet_line(sheet, THEME_BODY, THEME_RED, text);
	}
	if (scope_text_has_call(actor))
		sheet_line(sheet, THEME_MONO, THEME_TEXT,
			scope_text_place(app->control, actor, words));
	if (!window_is_lecture(app->window) &&
		scope_text_undo(app->control, actor, &app->scope, words)[0] != '\0') {
		text_print(text, sizeof(text), _("if it died now: %s"), words);
		sheet_line(sheet, THEME_BODY, THEME_TEXT_DIM, text);
	}
}

static int draw_actor(struct app *app, struct control_actor *actor, SDL_Rect rect)
{
	struct sheet sheet = {.draw = app->draw, .rect = rect};
	int inset = draw_px(app->draw, INSET), lane = draw_px(app->draw, LANE_HEIGHT);
	unsigned number = actor->task->number;
	bool is_chosen = number == app->chosen;

	sheet.y = rect.y + inset;
	write_actor(app, actor, &sheet);
	rect.h = sheet.y - rect.y + lane + 2 * inset;
	if (rect.y < app->right.y + app->right.h && rect.y + rect.h > app->right.y) {
		draw_card(app->draw, rect, draw_px(app->draw, THEME_RADIUS),
			draw_px(app->draw, THEME_LINE), THEME_PANEL,
			is_in_cycle(app, number) ? THEME_RED
			: is_chosen              ? THEME_AMBER
						 : THEME_OUTLINE);
		if (is_chosen)
			draw_fill(app->draw,
				(SDL_Rect){rect.x, rect.y + inset, draw_px(app->draw, 4),
					rect.h - 2 * inset},
				THEME_AMBER);
		sheet.y = rect.y + inset;
		sheet.is_drawn = true;
		write_actor(app, actor, &sheet);
		draw_lane(app, number,
			(SDL_Rect){rect.x + inset, sheet.y + inset / 2, rect.w - 2 * inset, lane},
			colour_of(app, actor));
		if (number <= TRACER_TASKS_MAX)
			app->actor_rects[number] = rect;
	}
	return rect.h;
}

/* ---- not under control ----------------------------------------------------------------------- */

static void write_sleeper(struct app *app, const struct sysv_sleeper *sleeper, struct sheet *sheet)
{
	static const char *const calls[] = {"semop", "msgsnd", "msgrcv"};
	char text[2 * SCOPE_TEXT_MAX], words[SCOPE_TEXT_MAX], name[64], since[24];

	text_print(text, sizeof(text), _("%s  %d  for %s"),
		text_printable(name, sizeof(name), sleeper->name), (int)sleeper->pid,
		scope_text_duration(monotonic_ns() - sleeper->since_ns, since));
	sheet_line(sheet, THEME_BODY_BOLD, THEME_TEXT, text);
	text_print(text, sizeof(text), _("sleeps in %s%s"), calls[sleeper->sleep],
		scope_text_sleeper(&app->scope, sleeper, words));
	sheet_line(sheet, THEME_BODY, THEME_AMBER, text);
}

static int draw_sleeper(struct app *app, const struct sysv_sleeper *sleeper, SDL_Rect rect)
{
	struct sheet sheet = {.draw = app->draw, .rect = rect};
	int inset = draw_px(app->draw, INSET);

	sheet.y = rect.y + inset;
	write_sleeper(app, sleeper, &sheet);
	rect.h = sheet.y - rect.y + inset;
	if (rect.y < app->right.y + app->right.h && rect.y + rect.h > app->right.y) {
		draw_card(app->draw, rect, draw_px(app->draw, THEME_RADIUS),
			draw_px(app->draw, THEME_LINE), THEME_PANEL, THEME_OUTLINE);
		sheet.y = rect.y + inset;
		sheet.is_drawn = true;
		write_sleeper(app, sleeper, &sheet);
	}
	return rect.h;
}

static int draw_sleepers(struct app *app, SDL_Rect rect)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;
	const int top = rect.y;

	for (size_t i = 0; i < snapshot->users.sleeper_count; i++)
		if (snapshot_has_sleeper(snapshot, &snapshot->users.sleepers[i]))
			rect.y += draw_sleeper(app, &snapshot->users.sleepers[i], rect) +
				  draw_px(app->draw, CARD_GAP);
	if (rect.y == top)
		rect.y += draw_text_wrapped(app->draw,
			(SDL_Rect){rect.x, rect.y, rect.w, app->right.h}, THEME_BODY,
			THEME_TEXT_DIM, DRAW_LEFT,
			_("No visible process sleeps in semop, msgsnd or msgrcv."));
	return rect.y - top;
}

int processes_draw(struct app *app, SDL_Rect area, int top)
{
	SDL_Rect rect = {area.x, top, area.w, 0};

	memset(app->actor_rects, 0, sizeof(app->actor_rects));
	if (app->control == NULL)
		return draw_sleepers(app, rect);
	for (unsigned i = 1; i <= control_count(app->control); i++) {
		struct control_actor *actor = control_actor(app->control, i);

		if (actor != NULL)
			rect.y += draw_actor(app, actor, rect) + draw_px(app->draw, CARD_GAP);
	}
	return rect.y - top;
}
