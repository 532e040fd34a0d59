/* stepcard.c - see stepcard.h. */
#include "stepcard.h"

#include <stdio.h>

#include "panes.h"
#include "predict.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

enum { WIDTH_MOST = 720, PAD = 14 };

/* The position of the next item; while `draws` is false, items are only measured. */
struct pen {
	struct draw *draw;
	SDL_Rect inner; /* y moves down */
	bool draws;
	bool is_brief;
};

static void put_line(struct pen *pen, struct font_style style, SDL_Color colour, const char *text)
{
	size_t lines = font_wrap(draw_fonts(pen->draw), style, pen->inner.w, text, NULL, 0);

	if (pen->draws)
		draw_text_wrapped(pen->draw, pen->inner, style, colour, DRAW_LEFT, text);
	pen->inner.y +=
		(int)lines * font_height(draw_fonts(pen->draw), style) + draw_px(pen->draw, 3);
}

/* Puts the title next to the pill, or below it if there is too little room. */
static void put_head(struct pen *pen, const char *pill, const char *title)
{
	struct draw *draw = pen->draw;
	int gap = draw_px(draw, 10);
	int beside = draw_pill_width(draw, pill) + gap;
	bool fits = beside + font_width(draw_fonts(draw), THEME_HEAD, title) <= pen->inner.w;
	SDL_Rect row = {
		pen->inner.x + beside, pen->inner.y, pen->inner.w - beside, draw_px(draw, 18)};

	if (pen->draws)
		draw_pill(draw, pen->inner.x, pen->inner.y, THEME_AMBER, pill);
	if (pen->draws && fits)
		draw_text_in(draw, row, THEME_HEAD, THEME_TEXT, DRAW_LEFT, FONT_CUT_END, title);
	pen->inner.y += draw_px(draw, 25);
	if (!fits)
		put_line(pen, THEME_HEAD, THEME_TEXT, title);
}

/* Puts "empty 4 → 3" on small cards, side by side; a value that does not change is dimmed. */
static void put_values(struct pen *pen, const struct xray_step *step)
{
	struct draw *draw = pen->draw;
	int height = draw_px(draw, 24);
	int gap = draw_px(draw, 6);
	int pad = draw_px(draw, 8);
	SDL_Rect chip = {pen->inner.x, pen->inner.y, 0, height};

	for (uint32_t i = 0; i < step->value_count; i++) {
		bool changes = step->values[i].before != step->values[i].after;
		char text[80];

		if (changes)
			snprintf(text, sizeof(text), "%s %d → %d", step->values[i].label,
				step->values[i].before, step->values[i].after);
		else
			snprintf(text, sizeof(text), "%s %d", step->values[i].label,
				step->values[i].before);
		chip.w = font_width(draw_fonts(draw), THEME_MONO, text) + 2 * pad;
		if (chip.x > pen->inner.x && chip.x + chip.w > pen->inner.x + pen->inner.w) {
			chip.x = pen->inner.x;
			chip.y += height + gap;
		}
		if (pen->draws) {
			draw_card(draw, chip, draw_px(draw, 5), draw_px(draw, 1), THEME_BACKGROUND,
				changes ? THEME_TEXT_DIM : THEME_OUTLINE);
			draw_text_in(draw, chip, THEME_MONO, changes ? THEME_TEXT : THEME_TEXT_DIM,
				DRAW_CENTRE, FONT_CUT_END, text);
		}
		chip.x += chip.w + gap;
	}
	pen->inner.y = chip.y + height + draw_px(draw, 8);
}

static SDL_Color verdict_colour(uint32_t outcome)
{
	switch (outcome) {
	case PREDICT_DONE: return THEME_TEAL;
	case PREDICT_SLEEPS: return THEME_AMBER;
	default: return THEME_RED;
	}
}

static void put_step(struct pen *pen, const struct xray_step *step, const char *undo,
	const char *pill)
{
	char title[64];

	snprintf(title, sizeof(title), "%s", step->name);
	put_head(pen, pill, title);
	if (!pen->is_brief)
		put_line(pen, THEME_MONO_SMALL, THEME_TEXT_DIM, step->array);
	pen->inner.y += draw_px(pen->draw, 3);
	put_values(pen, step);
	put_line(pen, THEME_BODY, verdict_colour(step->outcome), step->verdict);
	if (step->holds_mutex)
		put_line(pen, THEME_BODY, THEME_AMBER,
			_("this program holds the mutex: a program that needs it must wait"));
	if (undo[0] != '\0')
		put_line(pen, THEME_LABEL, THEME_TEXT_DIM, undo);
}

struct key_word {
	const char *key, *word;
};

enum { KEYS = 3 };

static const struct key_word slow_keys[KEYS] = {
	{"[", N_("slower")}, {"]", N_("faster")}, {".", N_("step mode")}};
static const struct key_word step_keys[KEYS] = {
	{".", N_("do it")}, {N_("Esc"), N_("leave step mode")}, {"K", N_("kill this program")}};

/*
 * Puts each key in a box, followed by its purpose: without the box, a dot or a bracket would look
 * like punctuation.
 */
static void put_keys(struct pen *pen, const struct key_word keys[KEYS])
{
	struct draw *draw = pen->draw;
	struct fonts *fonts = draw_fonts(draw);
	int height = draw_px(draw, 20), gap = draw_px(draw, 6), apart = draw_px(draw, 16);
	SDL_Rect box = {pen->inner.x, pen->inner.y, 0, height};

	for (int i = 0; i < KEYS; i++) {
		const char *key = gettext(keys[i].key), *does = gettext(keys[i].word);
		int word = font_width(fonts, THEME_LABEL, does);

		box.w = SDL_max(font_width(fonts, THEME_BODY_BOLD, key) + 2 * gap, height);
		if (box.x > pen->inner.x &&
			box.x + box.w + gap + word > pen->inner.x + pen->inner.w) {
			box.x = pen->inner.x;
			box.y += height + gap;
		}
		SDL_Rect label = {box.x + box.w + gap, box.y, word, height};
		if (pen->draws) {
			draw_outline(draw, box, draw_px(draw, 4), draw_px(draw, 1), THEME_OUTLINE);
			draw_text_in(draw, box, THEME_BODY_BOLD, THEME_TEXT, DRAW_CENTRE,
				FONT_CUT_END, key);
			draw_text_in(draw, label, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT,
				FONT_CUT_END, does);
		}
		box.x = label.x + word + apart;
	}
	pen->inner.y = box.y + height + draw_px(draw, 3);
}

static void put_all(struct pen *pen, const struct xray_model *model, enum stepper_mode mode,
	int64_t slow_ns)
{
	const struct xray_call *last = model->call_count > 0 ? &model->calls[0] : NULL;
	char pill[48], title[96];

	if (mode == STEPPER_RUNS)
		text_print(pill, sizeof(pill), _("slow motion"));
	else
		text_print(pill, sizeof(pill), "%s",
			mode == STEPPER_ALL ? _("step mode: all") : _("step mode"));
	if (model->step.number != 0) {
		put_step(pen, &model->step, model->undo, pill);
	} else {
		if (last != NULL && last->is_asleep)
			text_print(title, sizeof(title), _("asleep in %s"), last->name);
		else
			text_print(title, sizeof(title), _("stops before the next semop"));
		if (mode == STEPPER_RUNS)
			text_print(title, sizeof(title), _("%lld ms each"),
				(long long)(slow_ns / 1000000));
		put_head(pen, pill, title);
		if (model->because[0] != '\0')
			put_line(pen, THEME_BODY, THEME_AMBER, model->because);
	}
	if (!pen->is_brief)
		put_keys(pen, mode == STEPPER_RUNS ? slow_keys : step_keys);
}

static struct pen pen_in(struct draw *draw, SDL_Rect card, bool draws, bool is_brief)
{
	int pad = draw_px(draw, PAD);

	return (struct pen){draw, {card.x + pad, card.y + pad, card.w - 2 * pad, card.h - 2 * pad},
		draws, is_brief};
}

SDL_Rect stepcard_place(struct draw *draw, SDL_Rect area, const struct xray_model *model,
	enum stepper_mode mode, int64_t slow_ns, bool is_brief)
{
	int margin = draw_px(draw, PAD);
	SDL_Rect card = {area.x + margin, area.y + margin,
		SDL_min(area.w - 2 * margin, draw_px(draw, WIDTH_MOST)), 0};
	struct pen pen = pen_in(draw, card, false, is_brief);

	if (mode == STEPPER_RUNS && slow_ns == 0)
		return (SDL_Rect){0};
	put_all(&pen, model, mode, slow_ns);
	card.h = pen.inner.y - card.y + margin - draw_px(draw, 3);
	return card;
}

void stepcard_draw(struct draw *draw, SDL_Rect card, const struct xray_model *model,
	enum stepper_mode mode, int64_t slow_ns, bool is_brief)
{
	struct pen pen = pen_in(draw, card, true, is_brief);

	if (card.h == 0)
		return;
	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE), THEME_RAISED,
		THEME_AMBER);
	put_all(&pen, model, mode, slow_ns);
}
