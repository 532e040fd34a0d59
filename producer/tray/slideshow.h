/*
 * slideshow.h - the slide show: when the next image is due, and which one it is. A model: the
 * caller chooses and publishes. For one thread. Times are CLOCK_MONOTONIC in nanoseconds.
 */
#ifndef VITRINE_PRODUCER_SLIDESHOW_H
#define VITRINE_PRODUCER_SLIDESHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tray.h"

#define SLIDESHOW_EVERY_NS    INT64_C(5000000000) /* unless --every says otherwise */
#define SLIDESHOW_QUICKEST_NS INT64_C(100000000)
#define SLIDESHOW_SLOWEST_NS  INT64_C(3600000000000)
#define SLIDESHOW_NEVER       INT64_MAX

enum slideshow_state { SLIDESHOW_OFF, SLIDESHOW_RUNS, SLIDESHOW_PAUSED };

/* All zeros, except the options: off. */
struct slideshow {
	int64_t every_ns;
	bool shuffles;   /* random order, each image once per round; false: the tray's order */
	bool once;       /* ends after the last one; false: begins again */
	bool is_filling; /* files are still being added to the tray: do not end yet */

	enum slideshow_state state;
	bool has_begun; /* the first image was due */
	bool waits;     /* the next image is due, but cannot be published yet */
	int64_t next;   /* when the next image is due */
	uint64_t *left; /* shuffles: the ids that are left in this round */
	size_t left_count;
	uint64_t newest; /* the highest id of the tray that was seen */
	uint64_t seed;
};

/* Starts with the chosen image. `seed` determines a random order. */
void slideshow_start(struct slideshow *slideshow, int64_t now, uint64_t seed);
/* Pauses it, or resumes it: the next image is then due after the full interval. */
void slideshow_pause(struct slideshow *slideshow, int64_t now);
void slideshow_end(struct slideshow *slideshow); /* turns it off; safe to call twice */

/*
 * The place of the image that is due; TRAY_NONE: none is yet. `is_busy`: the previous image still
 * waits for its publication, so the next one is not due yet. Images that were added to the tray in
 * the meantime take part. Turns the show off after the last image.
 */
size_t slideshow_work(struct slideshow *slideshow, const struct tray *tray, bool is_busy,
	int64_t now);
/* When slideshow_work() has something to do; SLIDESHOW_NEVER: not by itself. */
int64_t slideshow_deadline(const struct slideshow *slideshow);

#define SLIDESHOW_TEXT_MAX 64
/* "slide show, every 5 s", or "": it is off. Returns `text`. */
char *slideshow_text(char text[SLIDESHOW_TEXT_MAX], const struct slideshow *slideshow);

#endif
