/* slideshow.c - see slideshow.h. */
#include "slideshow.h"
#include "text.h"

#include <stdlib.h>

#include "translate.h"

void slideshow_start(struct slideshow *slideshow, int64_t now, uint64_t seed)
{
	slideshow_end(slideshow);
	slideshow->state = SLIDESHOW_RUNS;
	slideshow->next = now;
	slideshow->seed = seed;
}

void slideshow_pause(struct slideshow *slideshow, int64_t now)
{
	bool runs = slideshow->state == SLIDESHOW_RUNS;

	slideshow->state = runs ? SLIDESHOW_PAUSED : SLIDESHOW_RUNS;
	slideshow->next = now + slideshow->every_ns;
}

void slideshow_end(struct slideshow *slideshow)
{
	free(slideshow->left);
	slideshow->left = NULL;
	slideshow->left_count = 0;
	slideshow->state = SLIDESHOW_OFF;
	slideshow->has_begun = false;
	slideshow->waits = false;
}

/* ---- the order ----------------------------------------------------------------------------- */

/* A random number from 0 to limit - 1, by xorshift64*. */
static size_t draw_number(struct slideshow *slideshow, size_t limit)
{
	uint64_t x = slideshow->seed | 1;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	slideshow->seed = x;
	return (size_t)((x * UINT64_C(2685821657736338717)) >> 33) % limit;
}

/*
 * Adds to the round the images that were added to the tray since the last call, except `without`.
 */
static void join(struct slideshow *slideshow, const struct tray *tray, size_t without)
{
	const size_t count = tray_count(tray);
	uint64_t *left;

	if (slideshow->newest == tray_last_id(tray))
		return;
	left = reallocarray(slideshow->left, slideshow->left_count + count, sizeof(*left));
	if (left == NULL)
		return; /* no memory: try again at the next call */
	slideshow->left = left;
	for (size_t i = 0; i < count; i++)
		if (i != without && tray_at(tray, i)->id > slideshow->newest)
			left[slideshow->left_count++] = tray_at(tray, i)->id;
	slideshow->newest = tray_last_id(tray);
}

/* Starts a round with all images except the one that is shown now. */
static void fill(struct slideshow *slideshow, const struct tray *tray)
{
	slideshow->left_count = 0;
	slideshow->newest = 0;
	join(slideshow, tray, tray_chosen_place(tray));
}

/* Draws the next image; skips images that were removed from the tray in the meantime. */
static size_t draw_from_round(struct slideshow *slideshow, const struct tray *tray)
{
	join(slideshow, tray, TRAY_NONE);
	while (slideshow->left_count > 0) {
		size_t drawn = draw_number(slideshow, slideshow->left_count);
		uint64_t id = slideshow->left[drawn];

		slideshow->left[drawn] = slideshow->left[--slideshow->left_count];
		if (tray_place(tray, id) != TRAY_NONE)
			return tray_place(tray, id);
	}
	return TRAY_NONE;
}

static size_t next_of_row(const struct slideshow *slideshow, const struct tray *tray)
{
	size_t place = tray_chosen_place(tray) + 1;

	return place < tray_count(tray) ? place : slideshow->once ? TRAY_NONE : 0;
}

static size_t next_at_random(struct slideshow *slideshow, const struct tray *tray)
{
	size_t place = draw_from_round(slideshow, tray);

	if (place != TRAY_NONE || slideshow->once)
		return place;
	fill(slideshow, tray);
	place = draw_from_round(slideshow, tray);
	return place != TRAY_NONE ? place : tray_chosen_place(tray); /* it is the only one */
}

static size_t next_place(struct slideshow *slideshow, const struct tray *tray)
{
	if (!slideshow->has_begun) {
		slideshow->has_begun = true;
		if (slideshow->shuffles)
			fill(slideshow, tray);
		return tray_chosen_place(tray);
	}
	return slideshow->shuffles ? next_at_random(slideshow, tray) : next_of_row(slideshow, tray);
}

/* ---- when ---------------------------------------------------------------------------------- */

size_t slideshow_work(struct slideshow *slideshow, const struct tray *tray, bool is_busy,
	int64_t now)
{
	size_t place;

	if (slideshow->state != SLIDESHOW_RUNS || now < slideshow->next)
		return TRAY_NONE;
	if (is_busy || tray_count(tray) == 0) {
		slideshow->waits = true;
		return TRAY_NONE;
	}
	slideshow->waits = false;
	place = next_place(slideshow, tray);
	if (place == TRAY_NONE && slideshow->is_filling) {
		slideshow->waits = true;
		return TRAY_NONE;
	}
	slideshow->next += slideshow->every_ns;
	if (slideshow->next <= now)
		slideshow->next = now + slideshow->every_ns;
	if (place == TRAY_NONE)
		slideshow_end(slideshow);
	return place;
}

int64_t slideshow_deadline(const struct slideshow *slideshow)
{
	if (slideshow->state != SLIDESHOW_RUNS || slideshow->waits)
		return SLIDESHOW_NEVER;
	return slideshow->next;
}

char *slideshow_text(char text[SLIDESHOW_TEXT_MAX], const struct slideshow *slideshow)
{
	text[0] = '\0';
	if (slideshow->state == SLIDESHOW_PAUSED)
		text_print(text, SLIDESHOW_TEXT_MAX, "%s", _("slide show paused"));
	else if (slideshow->state == SLIDESHOW_RUNS)
		text_print(text, SLIDESHOW_TEXT_MAX, _("slide show, every %g s"),
			(double)slideshow->every_ns / 1e9);
	return text;
}
