/*
 * playback_draw.c - draws a step of a recording: the programs, the numbers, the slots, the curves,
 * and the sentence; next to them, if there is room, the X-ray as in a live window.
 */
#include <stdio.h>
#include <string.h>

#include "lecture.h"
#include "panes.h"
#include "playback_window.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#define ROLE ((struct font_style){FONT_BOLD, 15})

/* Logical pixels. */
enum { PAD = 12, GAP = 10, STRIP = 54 };

/* "asleep on empty", "writes slot 2" */
static void describe(const struct playback *playback, const struct playback_program *program,
	char text[64])
{
	const struct vitrine_snapshot *snapshot = playback_snapshot(playback);
	char label[SEMAPHORES_LABEL_MAX];

	text_print(text, 64, "%s", _("awake"));
	if (snapshot->mutex.value == 0 && snapshot->mutex.pid == program->pid)
		text_print(text, 64, "%s", _("holds the mutex"));
	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		if (snapshot->slots[i].holder == program->pid)
			text_print(text, 64,
				snapshot->slots[i].state == VITRINE_SLOT_WRITING
					? _("writes slot %u")
					: _("reads slot %u"),
				i);
	if (program->sleeps_on >= 0)
		text_print(text, 64, _("asleep on %s"),
			semaphores_label(label, (uint32_t)program->sleeps_on));
}

static void paint_program(struct playback_view *view, const struct playback_program *program,
	SDL_Rect card)
{
	const struct playback_step *step =
		playback_step(view->playback, playback_at(view->playback));
	bool is_acting = step->pid == program->pid, is_asleep = program->sleeps_on >= 0;
	SDL_Rect inner = panes_inset(card, draw_px(view->draw, 5));
	SDL_Rect row = {inner.x, inner.y, inner.w, inner.h / 2};
	char text[64];

	draw_card(view->draw, card, draw_px(view->draw, THEME_RADIUS),
		draw_px(view->draw, is_acting ? 4 : 1), THEME_BACKGROUND,
		is_acting ? (is_asleep ? THEME_AMBER : THEME_TEAL) : THEME_OUTLINE);
	snprintf(text, sizeof(text), "%s %d", program->role, (int)program->pid);
	draw_text_in(view->draw, row, ROLE, THEME_TEXT, DRAW_CENTRE, FONT_CUT_END, text);
	row.y += row.h;
	describe(view->playback, program, text);
	draw_text_in(view->draw, row, ROLE, is_asleep ? THEME_AMBER : THEME_TEXT_DIM, DRAW_CENTRE,
		FONT_CUT_END, text);
}

/* Paints the programs in the channel, side by side. */
static void paint_programs(struct playback_view *view, SDL_Rect strip)
{
	size_t all, here = 0, place = 0;
	const struct playback_program *programs = playback_programs(view->playback, &all);
	int gap = draw_px(view->draw, GAP);

	for (size_t i = 0; i < all; i++)
		here += programs[i].is_here;
	for (size_t i = 0; i < all; i++) {
		int width = here > 0 ? (strip.w + gap) / (int)here : strip.w;

		if (programs[i].is_here)
			paint_program(view, &programs[i],
				(SDL_Rect){strip.x + (int)place++ * width, strip.y, width - gap,
					strip.h});
	}
	if (here == 0)
		draw_text_in(view->draw, strip, ROLE, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END,
			_("no program is in the channel"));
}

void playback_draw(struct playback_view *view, SDL_Rect area)
{
	struct draw *draw = view->draw;
	int panel = draw_px(draw, THEME_PANEL_WIDTH), pad = draw_px(draw, PAD);
	size_t at = playback_at(view->playback);
	SDL_Rect strip;

	playback_model(view->playback, &view->model);
	playback_curves(view->playback, &view->curves);
	if (!view->is_lecture && area.w >= 2 * panel) {
		area.w -= panel;
		xray_set_model(view->xray, &view->model);
		xray_place(view->xray, (SDL_Rect){area.x + area.w, area.y, panel, area.h});
		xray_draw(view->xray);
	}
	strip = (SDL_Rect){area.x + pad, area.y + pad, area.w - 2 * pad, draw_px(draw, STRIP)};
	draw_fill(draw, area, THEME_PANEL);
	paint_programs(view, strip);
	area.y += strip.h + 2 * pad;
	area.h -= strip.h + 2 * pad;
	lecture_draw(draw, area, &view->model, &view->curves,
		playback_step(view->playback, at)->sentence);
}
