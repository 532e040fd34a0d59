/*
 * shown_text.h - the text on the screen, if a text is shown: a page that displays the history's
 * copy and keeps a reference to it. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_SHOWN_TEXT_H
#define VITRINE_CONSUMER_SHOWN_TEXT_H

#include "page.h"
#include "viewer.h"

/* All zeros: no text. */
struct shown_text {
	struct page page;
	struct picture *holder; /* a reference, which keeps the bytes */
	uint64_t number;        /* of the image shown */
};

/* Opens or closes the page to match what is shown now. Call whenever that may have changed. */
void shown_text_follow(struct shown_text *text, const struct viewer_image *shown,
	struct history *history);
void shown_text_end(struct shown_text *text);

#endif
