/*
 * objects_draw.c - the left part of the window: semaphore sets with their values, POSIX semaphores,
 * segments and message queues. What is scrolled out of view takes up space, but is not drawn.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "scope_text.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

#define HEAD_MAX       (200 + SCOPE_ORIGIN_MAX)
#define LECTURE_FIGURE ((struct font_style){FONT_MONO_BOLD, 56})

enum {
	CARD_WIDTH = 112,  /* logical pixels */
	CARD_WIDEST = 176, /* if a row has room for it */
	CARD_HEIGHT = 74,
	LECTURE_WIDTH = 100,
	LECTURE_HEIGHT = 92,
	CHIP_WIDTH = 56, /* for sets with many semaphores */
	CHIP_HEIGHT = 34,
	CHIPS_FROM = 25, /* semaphores */
	GAP = 10,
	ROW_GAP = 24,       /* below cards: room for arrows */
	WRAPPED_MOST = 500, /* objects: measuring the lines of more takes too long */
};

/* An area that is filled from the top. */
struct pour {
	struct app *app;
	struct draw *draw;
	SDL_Rect area;
	int y;
	bool wraps; /* lines that are too long; false: there are so many that they are cut */
};

static bool is_visible(const struct pour *pour, int height)
{
	return pour->y + height > pour->area.y && pour->y < pour->area.y + pour->area.h;
}

static void pour_line(struct pour *pour, struct font_style style, SDL_Color colour,
	const char *text)
{
	struct fonts *fonts = draw_fonts(pour->draw);
	size_t lines = pour->wraps ? font_wrap(fonts, style, pour->area.w, text, NULL, 0) : 1;
	int height = (int)lines * font_height(fonts, style) + draw_px(pour->draw, 4);
	SDL_Rect rect = {pour->area.x, pour->y, pour->area.w, height};

	if (is_visible(pour, height) && lines == 1)
		draw_text_in(pour->draw, rect, style, colour, DRAW_LEFT, FONT_CUT_MIDDLE, text);
	else if (is_visible(pour, height))
		draw_text_wrapped(pour->draw, rect, style, colour, DRAW_LEFT, text);
	pour->y += height;
}

/* ---- ownership ------------------------------------------------------------------------------ */

static unsigned actor_of_pid(const struct app *app, pid_t pid)
{
	for (unsigned i = 1; app->control != NULL && i <= control_count(app->control); i++) {
		const struct control_actor *actor = control_actor(app->control, i);

		if (actor != NULL && actor->task->pid == pid)
			return i;
	}
	return 0;
}

bool objects_shows_set(const struct app *app, const struct snapshot_set *set)
{
	const struct ledger *ledger;

	if (app->control == NULL || app->scope.snapshot.choice_count > 0)
		return true;
	ledger = control_ledger(app->control);
	for (size_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].set == set->object.id)
			return true;
	for (uint32_t i = 0; i < set->count; i++)
		if (actor_of_pid(app, set->semaphores[i].waiters.last) != 0)
			return true;
	return false;
}

bool objects_shows_segment(const struct app *app, const struct sysv_object *segment)
{
	const struct sysv_mapping *mapping;
	size_t count = sysv_processes_of(&app->scope.snapshot.users, segment->id,
		(ino_t)segment->id, &mapping);

	if (app->control == NULL || app->scope.snapshot.choice_count > 0 ||
		actor_of_pid(app, segment->creator) != 0)
		return true;
	for (; count > 0; count--, mapping++)
		if (actor_of_pid(app, mapping->pid) != 0)
			return true;
	return false;
}

static bool shows_queue(const struct app *app, const struct sysv_object *queue)
{
	return app->control == NULL || app->scope.snapshot.choice_count > 0 ||
	       actor_of_pid(app, queue->last) != 0 || actor_of_pid(app, queue->reader) != 0;
}

/* "P1", or "worker 4035". */
static const char *label_of(const struct app *app, pid_t pid, char text[64])
{
	unsigned number = actor_of_pid(app, pid);

	if (number != 0)
		snprintf(text, 64, "P%u", number);
	else
		scope_text_process(pid, text);
	return text;
}

/* ---- semaphores ----------------------------------------------------------------------------- */

static void describe_waiters(const struct sysv_waiters *waiters, char text[64])
{
	text[0] = '\0';
	if (waiters->for_more > 0)
		text_print(text, 64,
			ngettext("%d waits", "%d wait", (unsigned long)waiters->for_more),
			waiters->for_more);
	if (waiters->for_zero > 0)
		text_append(text, 64, text[0] != '\0' ? _(", %d until 0") : _("%d until 0"),
			waiters->for_zero);
}

/*
 * In lecture mode: draws the value as large as possible, and below it the number of waiting
 * processes, or the name.
 */
static void draw_large(struct pour *pour, SDL_Rect card, const char *name, uint32_t value,
	const char *waits)
{
	struct draw *draw = pour->draw;
	int label = draw_px(draw, 24);
	SDL_Rect inner = panes_inset(card, draw_px(draw, 4));
	SDL_Rect figure = {inner.x, inner.y, inner.w, inner.h - label};
	SDL_Rect row = {inner.x, inner.y + figure.h, inner.w, label};
	bool is_awaited = waits[0] != '\0';
	char text[160];

	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, is_awaited ? 4 : 2),
		THEME_PANEL, is_awaited ? THEME_RED : THEME_OUTLINE);
	snprintf(text, sizeof(text), "%u", value);
	draw_text_in(draw, figure,
		font_width(draw_fonts(draw), LECTURE_FIGURE, text) <= figure.w ? LECTURE_FIGURE
									       : THEME_FIGURE,
		value == 0 ? THEME_RED : THEME_TEXT, DRAW_CENTRE, FONT_CUT_END, text);
	snprintf(text, sizeof(text), "%s%s%s", name, is_awaited ? ": " : "", waits);
	draw_text_in(draw, row,
		font_width(draw_fonts(draw), THEME_HEAD, text) <= row.w ? THEME_HEAD : THEME_LABEL,
		is_awaited ? THEME_RED : THEME_TEXT, DRAW_CENTRE, FONT_CUT_END, text);
}

static void draw_semaphore(struct pour *pour, SDL_Rect card, const char *name, uint32_t value,
	const char *waits, const char *last)
{
	struct draw *draw = pour->draw;
	int inset = draw_px(draw, 8), line = draw_px(draw, 15);
	SDL_Rect row = {card.x + inset, card.y + draw_px(draw, 5), card.w - 2 * inset, line};
	SDL_Color border = waits[0] != '\0' ? THEME_RED : THEME_OUTLINE;

	draw_card(draw, card, draw_px(draw, THEME_RADIUS), draw_px(draw, THEME_LINE), THEME_PANEL,
		border);
	draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END, name);
	if (waits[0] != '\0')
		draw_text_in(draw, row, THEME_LABEL, THEME_RED, DRAW_RIGHT, FONT_CUT_END, waits);
	row.y += line;
	row.h = draw_px(draw, 32);
	draw_text_in(draw, row, THEME_FIGURE, value == 0 ? THEME_RED : THEME_TEXT, DRAW_LEFT,
		FONT_CUT_END, SDL_itoa((int)value, (char[16]){0}, 10));
	row.y += row.h;
	row.h = line;
	draw_text_in(draw, row, THEME_LABEL, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END, last);
}

static void draw_chip(struct pour *pour, SDL_Rect chip, const char *name, uint32_t value,
	bool has_waiters)
{
	struct draw *draw = pour->draw;
	SDL_Rect text = panes_inset(chip, draw_px(draw, 5));
	char figure[16];

	draw_card(draw, chip, draw_px(draw, 4), draw_px(draw, 1), THEME_PANEL,
		has_waiters ? THEME_RED : THEME_OUTLINE);
	draw_text_in(draw, text, THEME_MONO_SMALL, THEME_TEXT_DIM, DRAW_LEFT, FONT_CUT_END, name);
	snprintf(figure, sizeof(figure), "%u", value);
	draw_text_in(draw, text, THEME_BODY_BOLD, value == 0 ? THEME_TEXT_DIM : THEME_TEXT,
		DRAW_RIGHT, FONT_CUT_END, figure);
}

static void note_spot(struct app *app, int set, uint32_t semaphore, SDL_Rect rect)
{
	if (app->spot_count < APP_SPOTS)
		app->spots[app->spot_count++] = (struct app_spot){set, semaphore, rect};
}

static void draw_one(struct pour *pour, const struct snapshot_set *set, uint32_t number,
	SDL_Rect card, bool is_chip)
{
	const struct snapshot_semaphore *semaphore = &set->semaphores[number];
	char name[48], waits[64], last[64], text[80] = "";

	scope_name(&pour->app->scope, set->object.id, number, name, sizeof(name));
	note_spot(pour->app, set->object.id, number, card);
	describe_waiters(&semaphore->waiters, waits);
	if (is_chip) {
		draw_chip(pour, card, name, semaphore->value, waits[0] != '\0');
		return;
	}
	if (window_is_lecture(pour->app->window)) {
		draw_large(pour, card, name, semaphore->value, waits);
		return;
	}
	if (semaphore->waiters.last != 0)
		text_print(text, sizeof(text), _("last: %s"),
			label_of(pour->app, semaphore->waiters.last, last));
	draw_semaphore(pour, card, name, semaphore->value, waits, text);
}

/*
 * Cards are wider if they all fit in one row: the name and the pid of the last process need room.
 */
static int card_width(const struct pour *pour, uint32_t count)
{
	const int gap = draw_px(pour->draw, GAP);

	return SDL_clamp((pour->area.w + gap) / (int)SDL_max(count, 1) - gap,
		draw_px(pour->draw, CARD_WIDTH), draw_px(pour->draw, CARD_WIDEST));
}

static void pour_semaphores(struct pour *pour, const struct snapshot_set *set)
{
	bool are_chips = set->count >= CHIPS_FROM;
	bool is_lecture = window_is_lecture(pour->app->window);
	int width = are_chips    ? draw_px(pour->draw, CHIP_WIDTH)
		    : is_lecture ? draw_px(pour->draw, LECTURE_WIDTH)
				 : card_width(pour, set->count);
	int height = draw_px(pour->draw, are_chips    ? CHIP_HEIGHT
					 : is_lecture ? LECTURE_HEIGHT
						      : CARD_HEIGHT);
	int gap = draw_px(pour->draw, are_chips ? 4 : GAP);
	int down = height + (are_chips ? gap : draw_px(pour->draw, ROW_GAP));
	uint32_t columns = (uint32_t)SDL_max((pour->area.w + gap) / (width + gap), 1);

	for (uint32_t i = 0; i < set->count; i += columns, pour->y += down) {
		if (!is_visible(pour, down))
			continue;
		for (uint32_t j = i; j < set->count && j < i + columns; j++)
			draw_one(pour, set, j,
				(SDL_Rect){pour->area.x + (int)(j - i) * (width + gap), pour->y,
					width, height},
				are_chips);
	}
	if (are_chips)
		pour->y += draw_px(pour->draw, GAP);
}

static void print_head(const struct app *app, const char *what, const struct sysv_object *object,
	char text[HEAD_MAX])
{
	char owner[32], origin[SCOPE_ORIGIN_MAX];

	snprintf(text, HEAD_MAX, "%s %d", what, object->id);
	if (object->key == 0)
		text_append(text, HEAD_MAX, "%s", _("   private"));
	else
		text_append(text, HEAD_MAX, _("   key 0x%08x"), (unsigned)object->key);
	text_append(text, HEAD_MAX, "%s", scope_origin(&app->scope, object, origin));
	text_append(text, HEAD_MAX, "   %s   %03o", scope_text_owner(object->owner, owner),
		object->mode);
}

static const char *why_unreadable(int error)
{
	if (error == -EACCES)
		return _("   its owner or root may read it");
	return error == -EIDRM || error == -EINVAL ? _("   removed") : strerror(-error);
}

static void pour_set(struct pour *pour, const struct snapshot_set *set)
{
	char text[HEAD_MAX];

	print_head(pour->app, _("Semaphore set"), &set->object, text);
	if (set->error != 0)
		text_append(text, sizeof(text), "%s", why_unreadable(set->error));
	pour_line(pour, THEME_BODY, set->error != 0 ? THEME_TEXT_DIM : THEME_TEXT, text);
	if (set->error == 0)
		pour_semaphores(pour, set);
}

static void pour_nameds(struct pour *pour)
{
	const struct sysv_nameds *nameds = &pour->app->scope.snapshot.nameds;

	for (size_t i = 0; i < nameds->count; i++) {
		const struct sysv_named *semaphore = &nameds->semaphores[i];
		char text[400], name[300], owner[32];

		text_print(text, sizeof(text), _("POSIX semaphore %s   %s   "),
			text_printable(name, sizeof(name), semaphore->name),
			scope_text_owner(semaphore->owner, owner));
		if (semaphore->is_readable)
			text_append(text, sizeof(text),
				semaphore->waiters > 0 ? _("value %u   a process waits")
						       : _("value %u"),
				semaphore->value);
		else
			text_append(text, sizeof(text), _("its owner or root may read it"));
		pour_line(pour, THEME_BODY, semaphore->waiters > 0 ? THEME_RED : THEME_TEXT, text);
	}
}

/* ---- segments and queues --------------------------------------------------------------------- */

static void pour_segment(struct pour *pour, const struct sysv_object *segment)
{
	const struct sysv_processes *users = &pour->app->scope.snapshot.users;
	char text[HEAD_MAX + 300], size[TEXT_SIZE_MAX], label[64];
	const struct sysv_mapping *mapping;
	size_t count = sysv_processes_of(users, segment->id, (ino_t)segment->id, &mapping);
	bool is_shown = pour->app->shows_memory && pour->app->memory.segment == segment->id;

	print_head(pour->app, _("Segment"), segment, text);
	text_append(text, sizeof(text),
		ngettext("   %s   %" PRIu64 " mapping", "   %s   %" PRIu64 " mappings",
			(unsigned long)segment->count),
		text_size(size, segment->size), segment->count);
	for (size_t i = 0; i < count && i < 6; i++)
		text_append(text, sizeof(text), "%s%s%s", i == 0 ? ": " : ", ",
			label_of(pour->app, mapping[i].pid, label),
			mapping[i].writes ? "" : _(" (reads)"));
	pour_line(pour, THEME_BODY, is_shown ? THEME_AMBER : THEME_TEXT, text);
}

static void pour_queue(struct pour *pour, const struct sysv_object *queue)
{
	char text[HEAD_MAX + 200], label[64];

	print_head(pour->app, _("Message queue"), queue, text);
	text_append(text, sizeof(text),
		ngettext("   %" PRIu64 " message, ", "   %" PRIu64 " messages, ",
			(unsigned long)queue->count),
		queue->count);
	text_append(text, sizeof(text),
		ngettext("%" PRIu64 " byte", "%" PRIu64 " bytes", (unsigned long)queue->size),
		queue->size);
	if (queue->last != 0)
		text_append(text, sizeof(text), _("   last sender %s"),
			label_of(pour->app, queue->last, label));
	if (queue->reader != 0)
		text_append(text, sizeof(text), _("   last receiver %s"),
			label_of(pour->app, queue->reader, label));
	pour_line(pour, THEME_BODY, THEME_TEXT, text);
}

int objects_draw(struct app *app, SDL_Rect area, int top)
{
	const struct sysv_snapshot *snapshot = &app->scope.snapshot;
	struct pour pour = {app, app->draw, area, top,
		snapshot->set_count + snapshot->segments.count + snapshot->queues.count +
				snapshot->nameds.count <=
			WRAPPED_MOST};

	app->spot_count = 0;
	for (size_t i = 0; i < snapshot->set_count; i++)
		if (objects_shows_set(app, &snapshot->sets[i]))
			pour_set(&pour, &snapshot->sets[i]);
	if (app->control == NULL)
		pour_nameds(&pour);
	for (size_t i = 0; i < snapshot->segments.count; i++)
		if (objects_shows_segment(app, &snapshot->segments.objects[i]))
			pour_segment(&pour, &snapshot->segments.objects[i]);
	for (size_t i = 0; i < snapshot->queues.count; i++)
		if (shows_queue(app, &snapshot->queues.objects[i]))
			pour_queue(&pour, &snapshot->queues.objects[i]);
	return pour.y - top;
}
