/* timeline_draw.c - see timeline_draw.h. */
#include "timeline_draw.h"

#include "panes.h"
#include "text.h"
#include "theme.h"
#include "translate.h"
#include "xray.h"

enum {
	PAD = 14,
	HEAD = 22,
	LABEL = 128,
	LANE = 17,
	LANE_LEAST = 3,
	LANES_HIGH = 220 /* all lanes together, at most */
};

struct chart {
	const struct timeline *timeline;
	struct draw *draw;
	SDL_Rect area; /* of the lanes, without their labels */
	int64_t now;
	int lane; /* height */
};

static int lane_count(const struct timeline *timeline)
{
	return (int)(timeline->slot_count + timeline->process_count);
}

static int lane_height(const struct timeline *timeline, const struct draw *draw)
{
	int lanes = SDL_max(lane_count(timeline), 1);

	return draw_px(draw, SDL_clamp(LANES_HIGH / lanes, LANE_LEAST, LANE));
}

int timeline_height(const struct timeline *timeline, const struct draw *draw)
{
	return draw_px(draw, 2 * PAD + HEAD) +
	       SDL_max(lane_count(timeline), 1) * lane_height(timeline, draw);
}

static SDL_Color colour_of_process(unsigned doing)
{
	switch (doing) {
	case TIMELINE_ASLEEP: return THEME_TEXT_DIM;
	case TIMELINE_WRITING: return THEME_AMBER;
	case TIMELINE_READING: return THEME_TEAL;
	case TIMELINE_HOLDS_MUTEX: return THEME_RED;
	default: return THEME_OUTLINE;
	}
}

static int x_at(const struct chart *chart, int64_t time)
{
	int64_t age = chart->now - time;

	return chart->area.x + chart->area.w - (int)(age * chart->area.w / TIMELINE_NS);
}

/* The state that lane `lane` of a sample shows; slots come first, then processes. -1: none. */
static int value_in(const struct chart *chart, const struct timeline_sample *sample, uint32_t lane)
{
	uint32_t slots = chart->timeline->slot_count;

	if (lane < slots)
		return sample->slots[lane];
	return sample->processes[lane - slots] == TIMELINE_AWAY ? -1
								: sample->processes[lane - slots];
}

static void draw_run(const struct chart *chart, uint32_t lane, int value, int from, int to)
{
	bool is_slot = lane < chart->timeline->slot_count;
	bool is_thin = is_slot ? value == VITRINE_SLOT_EMPTY : value == TIMELINE_AWAKE;
	int gap = chart->lane > 8 ? draw_px(chart->draw, 2) : chart->lane > 4 ? 1 : 0;
	SDL_Rect rect = {SDL_max(from, chart->area.x),
		chart->area.y + (int)lane * chart->lane + gap, 0,
		SDL_max(chart->lane - SDL_max(2 * gap, 1), 1)};

	rect.w = to - rect.x;
	if (value < 0 || rect.w <= 0)
		return;
	if (is_thin) {
		rect.y += rect.h / 2;
		rect.h = 1;
	}
	if (!is_slot && value == TIMELINE_ASLEEP)
		draw_hatched(chart->draw, rect, colour_of_process(TIMELINE_ASLEEP));
	else
		draw_fill(chart->draw, rect,
			is_slot ? xray_state_colour((uint32_t)value)
				: colour_of_process((unsigned)value));
}

static void draw_lane(const struct chart *chart, uint32_t lane, uint64_t first)
{
	const struct timeline *timeline = chart->timeline;
	int from = 0, value = -1;
	int64_t before = 0;

	for (uint64_t n = first; n < timeline->count; n++) {
		const struct timeline_sample *sample = &timeline->samples[n % TIMELINE_SAMPLES];
		bool is_blind = sample->time - before > TIMELINE_BLIND_NS;
		int x = x_at(chart, sample->time);
		int next = value_in(chart, sample, lane);

		if (next != value || is_blind) {
			draw_run(chart, lane, value, from,
				is_blind ? x_at(chart, before + TIMELINE_BLIND_NS / 8) : x);
			from = x;
			value = next;
		}
		before = sample->time;
	}
	draw_run(chart, lane, value, from,
		SDL_min(x_at(chart, before + TIMELINE_BLIND_NS / 8),
			chart->area.x + chart->area.w));
	if (lane >= timeline->slot_count)
		return;
	for (uint64_t n = first; n < timeline->count; n++) {
		const struct timeline_sample *sample = &timeline->samples[n % TIMELINE_SAMPLES];

		if (sample->fresh >> lane & 1)
			draw_fill(chart->draw,
				(SDL_Rect){SDL_max(x_at(chart, sample->time), chart->area.x),
					chart->area.y + (int)lane * chart->lane + 1,
					draw_px(chart->draw, 2), chart->lane - 2},
				THEME_AMBER);
	}
}

/* Marks a period without snapshots, in which neither panel nor timeline was open. */
static void draw_blind(const struct chart *chart, int from, int to)
{
	const char *text = _("not observed");
	struct draw *draw = chart->draw;
	int height = font_height(draw_fonts(draw), THEME_LABEL);
	SDL_Rect row = {SDL_max(from, chart->area.x), chart->area.y, 0, height};

	row.w = to - row.x;
	int width = font_width(draw_fonts(draw), THEME_LABEL, text) + height;
	if (row.w <= width)
		return;
	row.x += (row.w - width) / 2;
	row.w = width;
	draw_fill(draw, row, THEME_TRAY); /* no line of the grid goes through the words */
	draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_CENTRE, FONT_CUT_END, text);
}

static void draw_blinds(const struct chart *chart, uint64_t first)
{
	const struct timeline *timeline = chart->timeline;
	int64_t before = chart->now - TIMELINE_NS;

	for (uint64_t n = first; n < timeline->count; n++) {
		int64_t time = timeline->samples[n % TIMELINE_SAMPLES].time;

		if (time - before > TIMELINE_BLIND_NS)
			draw_blind(chart, x_at(chart, before), x_at(chart, time));
		before = SDL_max(before, time);
	}
}

static void draw_label(const struct chart *chart, uint32_t lane, int width)
{
	const struct timeline *timeline = chart->timeline;
	uint32_t process = lane - timeline->slot_count;
	SDL_Rect row = {chart->area.x - width, chart->area.y + (int)lane * chart->lane,
		width - draw_px(chart->draw, 8), chart->lane};
	char text[64];

	if (lane < timeline->slot_count)
		text_print(text, sizeof(text), _("slot %u"), lane);
	else
		text_print(text, sizeof(text), "%s %d", gettext(timeline->processes[process].name),
			(int)timeline->processes[process].pid);
	/* If lanes are lower than the type, labels only one lane of several. */
	int each = (font_height(draw_fonts(chart->draw), THEME_MONO_SMALL) + chart->lane - 1) /
		   SDL_max(chart->lane, 1);
	if (each <= 1 || lane % (uint32_t)SDL_max(each, 1) == 0)
		draw_text_in(chart->draw, row, THEME_MONO_SMALL, THEME_TEXT_DIM, DRAW_RIGHT,
			FONT_CUT_MIDDLE, text); /* the pid stays */
}

/* The legend: each entry is drawn as in a lane. */
static const struct {
	const char *word;
	enum theme_colour colour;
	void (*fill)(struct draw *draw, SDL_Rect rect, SDL_Color colour);
} legend[] = {
	{N_("writing"), COLOUR_AMBER, draw_fill},
	{N_("ready"), COLOUR_BLUE, draw_fill},
	{N_("reading"), COLOUR_TEAL, draw_fill},
	{N_("kept"), COLOUR_VIOLET, draw_fill},
	{N_("asleep"), COLOUR_TEXT_DIM, draw_hatched},
	{"mutex", COLOUR_RED, draw_fill},
};

/*
 * In the legend: the side of a square, the space between it and its word, and between two entries.
 */
enum { SQUARE = 10, WORD_GAP = 5, ENTRY_GAP = 14 };

/* The width of an entry of the legend. */
static int legend_width(struct draw *draw, int entry)
{
	return draw_px(draw, SQUARE) + draw_px(draw, WORD_GAP) +
	       font_width(draw_fonts(draw), THEME_LABEL, gettext(legend[entry].word));
}

/* How many entries fit into `room`, from the first on; `width`: what they take. */
static int legend_fits(struct draw *draw, int room, int *width)
{
	int count = 0, next = legend_width(draw, 0);

	*width = 0;
	while (count < (int)SDL_arraysize(legend) && next <= room) {
		*width = next;
		if (++count < (int)SDL_arraysize(legend))
			next += draw_px(draw, ENTRY_GAP) + legend_width(draw, count);
	}
	return count;
}

/* Draws the first entries of the legend, at the right end of the row. */
static void draw_legend(struct draw *draw, SDL_Rect row, int count, int width)
{
	int side = draw_px(draw, SQUARE);
	int gap = draw_px(draw, WORD_GAP);
	int x = row.x + row.w - width;

	for (int i = 0; i < count; i++) {
		legend[i].fill(draw, (SDL_Rect){x, row.y + draw_px(draw, 4), side, side},
			theme_colour(legend[i].colour));
		draw_text(draw, THEME_LABEL, THEME_TEXT_DIM, x + side + gap, row.y,
			gettext(legend[i].word));
		x += legend_width(draw, i) + draw_px(draw, ENTRY_GAP);
	}
}

/* Draws the legend, and the heading and the period shown if there is room for them, too. */
static void draw_head(struct draw *draw, SDL_Rect row)
{
	const char *head = _("Timeline"), *tail = _("last 30 s");
	int head_width =
		SDL_max(font_width(draw_fonts(draw), THEME_BODY_BOLD, head) + draw_px(draw, 8),
			draw_px(draw, 70));
	int tail_width = font_width(draw_fonts(draw), THEME_LABEL, tail);
	int width, count = legend_fits(draw, row.w, &width);
	int left = row.w - width - draw_px(draw, ENTRY_GAP);

	if (head_width <= left)
		draw_text(draw, THEME_BODY_BOLD, THEME_TEXT, row.x, row.y, head);
	if (head_width + tail_width <= left)
		draw_text(draw, THEME_LABEL, THEME_TEXT_DIM, row.x + head_width, row.y, tail);
	draw_legend(draw, row, count, width);
}

/* Draws a line every five seconds. */
static void draw_grid(const struct chart *chart, int height)
{
	for (int i = 0; i <= 6; i++)
		draw_fill(chart->draw,
			(SDL_Rect){x_at(chart, chart->now - i * TIMELINE_NS / 6), chart->area.y, 1,
				height},
			THEME_EDGE);
}

void timeline_draw(const struct timeline *timeline, struct draw *draw, SDL_Rect area, int64_t now)
{
	SDL_Rect inner = panes_inset(area, draw_px(draw, PAD));
	int label = SDL_min(draw_px(draw, LABEL), inner.w / 3);
	int lanes = SDL_max(lane_count(timeline), 1);
	int room = (inner.h - draw_px(draw, HEAD)) / lanes;
	struct chart chart = {
		timeline, draw, inner, now, SDL_clamp(room, 1, lane_height(timeline, draw))};
	uint64_t first =
		timeline->count > TIMELINE_SAMPLES ? timeline->count - TIMELINE_SAMPLES : 0;

	draw_fill(draw, area, THEME_TRAY);
	draw_fill(draw, (SDL_Rect){area.x, area.y, area.w, 1}, THEME_EDGE);
	draw_head(draw, inner);
	chart.area.x += label;
	chart.area.w -= label;
	chart.area.y += draw_px(draw, HEAD);
	SDL_RenderSetClipRect(draw_renderer(draw), &area);
	draw_grid(&chart, lanes * chart.lane);
	draw_blinds(&chart, first);
	for (uint32_t lane = 0; lane < (uint32_t)lane_count(timeline); lane++) {
		draw_label(&chart, lane, label);
		draw_lane(&chart, lane, first);
	}
	SDL_RenderSetClipRect(draw_renderer(draw), NULL);
}
