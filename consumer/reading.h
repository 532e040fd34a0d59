/*
 * reading.h - the text on the screen, if a text is shown: a page that displays the history's copy
 * and keeps a reference to it. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_READING_H
#define VITRINE_CONSUMER_READING_H

#include "page.h"
#include "viewer.h"

/* All zeros: no text. */
struct reading {
	struct page page;
	struct picture *holder; /* a reference, which keeps the bytes */
	uint64_t number;        /* of the image shown */
};

/* Opens or closes the page to match what is shown now. Call whenever that may have changed. */
void reading_follow(struct reading *reading, const struct viewer_image *shown,
	struct history *history);
void reading_end(struct reading *reading);

#endif
