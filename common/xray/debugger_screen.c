/*
 * debugger_screen.c - see debugger.h: places and draws the panel, the timeline, and the card of
 * step mode.
 */
#include "debugger_state.h"
#include "lecture.h"
#include "stepcard.h"
#include "theme.h"
#include "timeline_draw.h"
#include "translate.h"

/* Below a picture narrower than this, there is no room for a chart. */
enum { CHART_LEAST = 420 };
/* The minimum width of the panel of lecture mode next to a picture. */
enum { LECTURE_LEAST = 260 };
/* The minimum height for a notice. */
enum { NOTICES_LEAST = 96 };
/* Beside a panel that covers the picture, a picture narrower than this is not shown. */
enum { STRIP_LEAST = 80 };
/*
 * The minimum heights of such a panel, for its numbers and sentences, and of the timeline below it.
 */
enum { PANEL_LEAST = 204, CHART_HEIGHT_LEAST = 90 };

/* The upper edge of a panel that covers the picture: below the card of step mode. */
static int panel_top(const struct debugger *debugger)
{
	return debugger->card.h > 0 ? debugger->card.y + debugger->card.h + debugger->card.y : 0;
}

/* The timeline lies below the picture; in a narrow window, below picture and panel. In
 * a low one it gives way to the panel. */
static void place_chart(struct debugger *debugger, unsigned parts, struct panes *panes)
{
	const struct draw *draw = window_draw(debugger->window);
	SDL_Rect all = window_rect(debugger->window);
	SDL_Rect *picture = &panes->picture;
	int height = timeline_height(debugger->timeline, draw);

	if (debugger->covers || (debugger->has_xray && picture->w < draw_px(draw, CHART_LEAST))) {
		int top = debugger->covers ? panel_top(debugger) : 0;
		int free = all.h - panes->bar.h - top - draw_px(draw, PANEL_LEAST);

		height = SDL_min(SDL_min(height, all.h / 3), free);
		if (height < draw_px(draw, CHART_HEIGHT_LEAST))
			return;
		*panes = panes_make(all.w, all.h - height, draw_scale(draw), parts);
		panes->bar.y += height;
		debugger->chart = (SDL_Rect){0, all.h - panes->bar.h - height, all.w, height};
	} else {
		int free = picture->h -
			   (debugger->card.h > 0 ? debugger->card.y + debugger->card.h : 0);

		height = SDL_min(height, SDL_max(free, picture->h / 3));
		height = SDL_min(height, picture->h * 2 / 3);
		picture->h -= height;
		debugger->chart =
			(SDL_Rect){picture->x, picture->y + picture->h, picture->w, height};
	}
}

/*
 * The panel covers the right part of the picture and the tray, below the card of step mode; or all
 * of them, where too little would remain.
 */
static void cover(struct debugger *debugger, SDL_Rect all, struct panes *panes)
{
	const struct draw *draw = window_draw(debugger->window);
	int width = draw_px(draw, THEME_PANEL_WIDTH);
	int top = panel_top(debugger);
	int bottom = debugger->chart.h > 0 ? debugger->chart.y
		     : panes->bar.h > 0    ? panes->bar.y
					   : all.h;

	if (all.w - width < draw_px(draw, STRIP_LEAST))
		width = all.w;
	debugger->panel = (SDL_Rect){all.w - width, top, width, SDL_max(bottom - top, 0)};
	if (width == all.w)
		return;
	bottom = panes->picture.y + panes->picture.h;
	panes->picture =
		(SDL_Rect){0, SDL_min(top, bottom), all.w - width, SDL_max(bottom - top, 0)};
	panes->tray.w = SDL_min(panes->tray.w, panes->picture.w);
}

/*
 * Lecture mode: the panel is next to the picture, or below it in a window that is not much wider
 * than high. There is no tray.
 */
static struct panes lecture_panes(struct debugger *debugger, unsigned parts)
{
	struct draw *draw = window_draw(debugger->window);
	struct panes panes = window_panes(debugger->window, parts & ~(unsigned)PANES_TRAY);
	SDL_Rect *picture = &panes.picture, panel = *picture;

	bool is_beside = panel.w * 4 > panel.h * 5;

	if (is_beside) {
		panel.w = SDL_max(panel.w * 2 / 5,
			SDL_min(panel.w / 2, draw_px(draw, LECTURE_LEAST)));
		picture->w -= panel.w;
		panel.x += picture->w;
	}
	debugger->card = stepcard_place(draw, *picture, debugger->model,
		stepper_mode(debugger->stepper), stepper_slow(debugger->stepper), true);
	if (!is_beside) {
		int above = SDL_max(panel.h / 3, debugger->card.y + debugger->card.h);

		picture->h = SDL_min(above, panel.h);
		panel.y += picture->h;
		panel.h -= picture->h;
	}
	debugger->panel = panel;
	debugger->covers = false;
	debugger->chart = (SDL_Rect){0};
	return panes;
}

static bool is_lecturing(const struct debugger *debugger)
{
	return debugger->is_lecture && debugger->has_xray;
}

struct panes debugger_panes(struct debugger *debugger, unsigned parts)
{
	struct draw *draw = window_draw(debugger->window);
	SDL_Rect all = window_rect(debugger->window);
	struct panes panes;

	if (is_lecturing(debugger))
		return lecture_panes(debugger, parts);
	parts |= debugger->has_xray ? PANES_PANEL : 0;
	panes = window_panes(debugger->window, parts);
	/* If there is no room for the panel next to the picture, it covers the picture. */
	debugger->covers = debugger->has_xray && panes.panel.w == 0;
	debugger->card =
		stepcard_place(draw, debugger->covers ? all : panes.picture, debugger->model,
			stepper_mode(debugger->stepper), stepper_slow(debugger->stepper), false);
	debugger->chart = (SDL_Rect){0};
	if (debugger->has_timeline)
		place_chart(debugger, parts, &panes);
	debugger->panel = panes.panel;
	if (debugger->covers)
		cover(debugger, all, &panes);
	if (debugger->has_xray)
		xray_place(debugger->xray, debugger->panel);
	return panes;
}

SDL_Rect debugger_free(const struct debugger *debugger, SDL_Rect picture)
{
	int top = SDL_clamp(debugger->card.y + debugger->card.h, picture.y, picture.y + picture.h);
	int width = debugger->covers ? window_rect(debugger->window).w : picture.w;

	return (SDL_Rect){picture.x, top, width, picture.y + picture.h - top};
}

SDL_Rect debugger_notices(const struct debugger *debugger, SDL_Rect picture)
{
	const struct draw *draw = window_draw(debugger->window);
	SDL_Rect all = window_rect(debugger->window);
	int least = draw_px(draw, NOTICES_LEAST), bar = draw_px(draw, THEME_BAR_HEIGHT);

	if (!debugger->covers)
		return debugger_free(debugger, picture);
	int top = xray_get_layout(debugger->xray)->body.y;
	int height = debugger->panel.y + debugger->panel.h - top;
	if (height < (debugger->chart.h > 0 ? 2 : 1) * least)
		return (SDL_Rect){0, all.h - bar, all.w, bar};
	return (SDL_Rect){0, top, all.w, height};
}

struct dialog debugger_question(void)
{
	return (struct dialog){
		.title = _("Kill this program with SIGKILL?"),
		.lines = {_("The kernel then undoes the program's changes: watch the other "
			    "window.")},
		.buttons = {[DEBUGGER_KILLS] = _("K  kill"), [DEBUGGER_SPARES] = _("Esc  cancel")},
		.border = THEME_RED,
	};
}

void debugger_draw(struct debugger *debugger, int64_t now)
{
	struct draw *draw = window_draw(debugger->window);

	if (debugger->has_timeline || is_lecturing(debugger))
		sampler_timeline(debugger->sampler, debugger->timeline);
	if (is_lecturing(debugger)) {
		curves_of_timeline(&debugger->curves, debugger->timeline, now);
		lecture_draw(draw, debugger->panel, debugger->model, &debugger->curves, NULL);
	} else if (debugger->has_xray) {
		xray_draw(debugger->xray);
	}
	if (debugger->has_timeline && !is_lecturing(debugger)) {
		timeline_draw(debugger->timeline, draw, debugger->chart, now);
	}
	stepcard_draw(draw, debugger->card, debugger->model, stepper_mode(debugger->stepper),
		stepper_slow(debugger->stepper), is_lecturing(debugger));
}

void debugger_draw_question(const struct debugger *debugger)
{
	const struct dialog question = debugger_question();

	if (debugger->asks_to_kill)
		dialog_draw(&question, window_draw(debugger->window),
			window_rect(debugger->window));
}
