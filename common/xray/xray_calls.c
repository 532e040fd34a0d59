/* xray_calls.c - see xray_state.h: this program's own semop calls, newest first. */
#include "panes.h"
#include "theme.h"
#include "xray_state.h"

/* The words of an array, in as many lines as they need; returns their height. */
static int draw_words(struct xray *xray, const struct xray_call *call, SDL_Rect row)
{
	struct draw *draw = xray->draw;
	int gap = draw_px(draw, 8);
	int left = row.x;
	int height = row.h;

	for (uint32_t i = 0; i < call->word_count; i++) {
		const struct arraytext_word *word = &call->words[i];
		int width = font_width(draw_fonts(draw), THEME_MONO_SMALL, word->text);

		if (left > row.x && left + width > row.x + row.w) {
			left = row.x;
			row.y += row.h;
			height += row.h;
		}
		draw_text(draw, THEME_MONO_SMALL,
			word->is_quiet ? THEME_RGB(0x5a5e66) : THEME_TEXT_DIM, left, row.y,
			word->text);
		left += width + gap;
	}
	return height;
}

static int draw_call(struct xray *xray, const struct xray_call *call, SDL_Rect row)
{
	struct draw *draw = xray->draw;
	SDL_Rect head = {row.x, row.y, row.w, draw_px(draw, 16)};
	SDL_Rect name = head;

	name.x += draw_text_in(draw, head, THEME_MONO, xray->accent, DRAW_LEFT, FONT_CUT_END,
			  call->time) +
		  draw_px(draw, 12);
	name.w -= name.x - head.x;
	name.w -= draw_text_in(draw, head, THEME_LABEL,
			  call->is_asleep ? THEME_AMBER : THEME_TEXT_DIM, DRAW_RIGHT, FONT_CUT_END,
			  call->slept) +
		  draw_px(draw, 8);
	draw_text_in(draw, name, THEME_MONO, call->is_refused ? THEME_TEXT_DIM : THEME_TEXT,
		DRAW_LEFT, FONT_CUT_END, call->name);
	row.y += head.h;
	row.h = font_height(draw_fonts(draw), THEME_MONO_SMALL) + draw_px(draw, 1);
	return head.h + draw_words(xray, call, row) + draw_px(draw, 5);
}

int xray_draw_calls(struct xray *xray, int y)
{
	struct draw *draw = xray->draw;
	SDL_Rect body = xray->layout.body;
	SDL_Rect row = {body.x, y, body.w, draw_px(draw, 20)};
	bool has_calls = xray->model.call_count > 0;

	draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END,
		has_calls ? "semop calls of this program, newest first"
			  : "no semop call of this program yet");
	row.y += row.h;
	for (uint32_t i = 0; i < xray->model.call_count; i++)
		row.y += draw_call(xray, &xray->model.calls[i], row);
	return row.y - y + draw_px(draw, 6);
}
