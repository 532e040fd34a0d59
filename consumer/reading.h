/*
 * reading.h - the text that is shown, if what is shown is one: a page over the history's copy, which
 * stays for as long. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_READING_H
#define VITRINE_CONSUMER_READING_H

#include "page.h"
#include "viewer.h"

/* All zero: no text. */
struct reading {
	struct page page;
	struct picture *holder; /* a reference, which keeps the bytes */
	uint64_t number;        /* of the image shown */
};

/* Opens the page of what is shown now, or closes it. To be called whenever that may have changed. */
void reading_follow(struct reading *reading, const struct viewer_image *shown,
	struct history *history);
void reading_end(struct reading *reading);

#endif
