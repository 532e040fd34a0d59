/* notices.c - see notices.h. */
#include "notices.h"

#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEPT = 64,
	SHOWN = 4,
	SUBJECT_MAX = 256,
	REASON_MAX = 512,
	LINES_MAX = 64,
};

struct notice {
	enum notice_kind kind;
	int64_t until;
	unsigned times;
	char subject[SUBJECT_MAX];
	char reason[REASON_MAX];
	SDL_Rect rect; /* where it was last drawn; empty: it was not */
};

struct notices {
	struct notice list[KEPT]; /* oldest first */
	size_t count;
};

struct notices *notices_create(void)
{
	return calloc(1, sizeof(struct notices));
}

void notices_destroy(struct notices *notices)
{
	free(notices);
}

static int64_t until(int64_t now, enum notice_kind kind)
{
	const int64_t second = 1000000000;
	switch (kind) {
	case NOTICE_NEWS: return now + 4 * second;
	case NOTICE_WARNING: return now + 8 * second;
	case NOTICE_ERROR: return now + 10 * second;
	default: return NOTICES_NEVER;
	}
}

static void take_out(struct notices *notices, size_t number)
{
	notices->count--;
	memmove(&notices->list[number], &notices->list[number + 1],
		(notices->count - number) * sizeof(notices->list[0]));
}

/* Removes an equal notice from the list. Returns how often it had been added. */
static unsigned take_same(struct notices *notices, const struct notice *notice)
{
	for (size_t i = 0; i < notices->count; i++) {
		const struct notice *old = &notices->list[i];
		if (old->kind == notice->kind && strcmp(old->subject, notice->subject) == 0 &&
			strcmp(old->reason, notice->reason) == 0) {
			unsigned times = old->times;
			take_out(notices, i);
			return times;
		}
	}
	return 0;
}

void notices_add(struct notices *notices, int64_t now, enum notice_kind kind, const char *subject,
	const char *reason)
{
	struct notice notice = {.kind = kind, .until = until(now, kind)};

	SDL_strlcpy(notice.subject, subject != NULL ? subject : "", sizeof(notice.subject));
	SDL_strlcpy(notice.reason, reason, sizeof(notice.reason));
	notice.times = take_same(notices, &notice) + 1;
	if (notices->count == KEPT) {
		size_t oldest = 0;
		while (oldest < KEPT - 1 && notices->list[oldest].kind == NOTICE_STATE)
			oldest++;
		take_out(notices, oldest);
	}
	size_t place = notices->count++; /* states stay last, which is lowest */
	for (; kind != NOTICE_STATE && place > 0; place--) {
		if (notices->list[place - 1].kind != NOTICE_STATE)
			break;
		notices->list[place] = notices->list[place - 1];
	}
	notices->list[place] = notice;
}

bool notices_withdraw(struct notices *notices, enum notice_kind kind, const char *subject)
{
	size_t before = notices->count;
	for (size_t i = notices->count; i-- > 0;)
		if (notices->list[i].kind == kind && strcmp(notices->list[i].subject, subject) == 0)
			take_out(notices, i);
	return notices->count < before;
}

bool notices_expire(struct notices *notices, int64_t now)
{
	size_t before = notices->count;
	for (size_t i = notices->count; i-- > 0;)
		if (notices->list[i].until <= now)
			take_out(notices, i);
	return notices->count < before;
}

int64_t notices_deadline(const struct notices *notices)
{
	int64_t next = NOTICES_NEVER;
	for (size_t i = 0; i < notices->count; i++)
		next = SDL_min(next, notices->list[i].until);
	return next;
}

bool notices_dismiss(struct notices *notices)
{
	return notices_expire(notices, NOTICES_NEVER - 1);
}

bool notices_click(struct notices *notices, int x, int y)
{
	for (size_t i = 0; i < notices->count; i++)
		if (panes_inside(notices->list[i].rect, x, y)) {
			if (notices->list[i].kind != NOTICE_STATE)
				take_out(notices, i);
			return true;
		}
	return false;
}

size_t notices_count(const struct notices *notices)
{
	return notices->count;
}

static SDL_Color colour_of(enum notice_kind kind)
{
	switch (kind) {
	case NOTICE_ERROR: return THEME_RED;
	case NOTICE_WARNING: return THEME_AMBER;
	case NOTICE_STATE: return THEME_BLUE;
	default: return THEME_TEAL;
	}
}

/* Bytes of “17 times” in any language. */
enum { TIMES_MAX = 48 };

static void subject_of(const struct notice *notice, struct draw *draw, int width, char *out,
	size_t size)
{
	char times[TIMES_MAX] = "";
	char subject[SUBJECT_MAX];

	if (notice->times > 1)
		text_print(times, sizeof(times),
			notice->subject[0] != '\0' ? _("  %u times") : _("%u times"),
			notice->times);
	font_shorten(draw_fonts(draw), THEME_NOTICE_NAME, FONT_CUT_MIDDLE,
		width - font_width(draw_fonts(draw), THEME_NOTICE_NAME, times), notice->subject,
		subject, sizeof(subject));
	snprintf(out, size, "%s%s", subject, times);
}

struct measures {
	int pad, mark, gap, head, line;
	bool is_low; /* a notice has a single line */
};

static struct measures measures_of(struct draw *draw)
{
	return (struct measures){
		.pad = draw_px(draw, 11),
		.mark = draw_px(draw, 4),
		.gap = draw_px(draw, 8),
		.head = font_height(draw_fonts(draw), THEME_NOTICE_NAME) + draw_px(draw, 2),
		.line = font_height(draw_fonts(draw), THEME_NOTICE),
	};
}

static bool has_head(const struct notice *notice)
{
	return notice->subject[0] != '\0' || notice->times > 1;
}

static int head_height(const struct notice *notice, const struct measures *m)
{
	return has_head(notice) && !m->is_low ? m->head : 0;
}

static int height_of(const struct notice *notice, struct draw *draw, const struct measures *m,
	int width)
{
	size_t lines = m->is_low ? 1
				 : font_wrap(draw_fonts(draw), THEME_NOTICE, width, notice->reason,
					   NULL, 0);
	return 2 * m->pad + head_height(notice, m) + (int)lines * m->line;
}

/* Cuts `reason` to at most `most` lines. */
static void cut_to_lines(struct draw *draw, const char *reason, int width, size_t most,
	char cut[REASON_MAX])
{
	struct font_line lines[LINES_MAX];
	size_t count = font_wrap(draw_fonts(draw), THEME_NOTICE, width, reason, lines, LINES_MAX);
	size_t last;

	SDL_strlcpy(cut, reason, REASON_MAX);
	if (count <= most || most == 0 || most > LINES_MAX)
		return;
	last = lines[most - 1].start;
	font_shorten(draw_fonts(draw), THEME_NOTICE, FONT_CUT_END, width, reason + last, cut + last,
		REASON_MAX - last);
}

/* Draws the head of a notice, above the text or, in a single line, in front of it. */
static void draw_head(const struct notice *notice, struct draw *draw, const struct measures *m,
	SDL_Rect *text)
{
	char head[SUBJECT_MAX + TIMES_MAX];
	int used;

	subject_of(notice, draw, m->is_low ? text->w / 2 : text->w, head, sizeof(head));
	draw_text(draw, THEME_NOTICE_NAME, THEME_TEXT, text->x, text->y, head);
	if (m->is_low) {
		used = font_width(draw_fonts(draw), THEME_NOTICE_NAME, head) + m->gap;
		text->x += used;
		text->w -= used;
	} else {
		text->y += m->head;
		text->h -= m->head;
	}
}

static void draw_one(const struct notice *notice, struct draw *draw, const struct measures *m)
{
	SDL_Rect rect = notice->rect;
	SDL_Rect mark = {rect.x + m->pad, rect.y + m->pad, m->mark, rect.h - 2 * m->pad};
	SDL_Rect text = {mark.x + m->mark + m->pad, mark.y, rect.w - 3 * m->pad - m->mark, mark.h};
	char reason[REASON_MAX];

	draw_card(draw, rect, draw_px(draw, THEME_RADIUS), draw_px(draw, 1), THEME_RAISED,
		THEME_OUTLINE);
	draw_round(draw, mark, mark.w / 2, colour_of(notice->kind));
	if (has_head(notice))
		draw_head(notice, draw, m, &text);
	cut_to_lines(draw, notice->reason, text.w, (size_t)(text.h / m->line), reason);
	draw_text_wrapped(draw, text, THEME_NOTICE, has_head(notice) ? THEME_TEXT_DIM : THEME_TEXT,
		DRAW_LEFT, reason);
}

static void draw_rest(struct draw *draw, SDL_Rect row, size_t shown, size_t rest)
{
	char text[64];
	int pad = draw_px(draw, 10);

	if (shown > 0)
		text_print(text, sizeof(text), _("and %zu more"), rest);
	else
		text_print(text, sizeof(text), ngettext("%zu message", "%zu messages", rest), rest);
	SDL_Rect rect = {
		row.x, row.y, font_width(draw_fonts(draw), THEME_LABEL, text) + 2 * pad, row.h};
	draw_round(draw, rect, rect.h / 2, THEME_RAISED);
	draw_text_in(draw, rect, THEME_LABEL, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, text);
}

void notices_draw(struct notices *notices, struct draw *draw, SDL_Rect area)
{
	struct measures m = measures_of(draw);
	int line = 2 * m.pad + m.line, space = draw_px(draw, 16);
	SDL_Rect room = panes_inset(area, space);
	m.is_low = room.h < line + m.head;
	if (m.is_low) {
		space = SDL_clamp((area.h - line) / 2, 0, space);
		room.y = area.y + space;
		room.h = area.h - 2 * space;
	}
	int width = SDL_min(room.w, draw_px(draw, 460));
	SDL_Rect more = {room.x, room.y, width, draw_px(draw, 22)};
	int bottom = room.y + room.h;
	size_t shown = 0;

	for (size_t i = notices->count; i-- > 0;) {
		struct notice *notice = &notices->list[i];
		int height = height_of(notice, draw, &m, width - 3 * m.pad - m.mark);
		int least = line + head_height(notice, &m);
		int top = room.y + (i > 0 ? more.h + m.gap : 0);
		notice->rect = (SDL_Rect){0};
		if (shown == 0 && bottom - height < top) /* the newest is cut rather than omitted */
			height = SDL_max(bottom - top, 0);
		if (shown < notices->count - 1 - i || shown == SHOWN || height < least ||
			bottom - height < top)
			continue;
		notice->rect = (SDL_Rect){room.x, bottom - height, width, height};
		draw_one(notice, draw, &m);
		bottom -= height + m.gap;
		shown++;
	}
	if (shown < notices->count && bottom - more.h >= room.y) {
		more.y = bottom - more.h;
		draw_rest(draw, more, shown, notices->count - shown);
	}
}
