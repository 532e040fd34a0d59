/*
 * leaving.h - the question before the producer's window closes, so that quitting does not lose
 * images that wait to be published, or the files that the user has collected in the tray. A model
 * and its drawing; for the window's thread.
 */
#ifndef VITRINE_PRODUCER_LEAVING_H
#define VITRINE_PRODUCER_LEAVING_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw.h"

/* All zeros: it does not ask. */
struct leaving {
	bool asks;
	size_t waiting; /* images that wait for their publication */
	size_t by_hand; /* files in the tray that the user dropped or opened */
};

/*
 * The user wants to quit. True: nothing would be lost, or the user insists. False: the question is
 * asked from now on.
 */
bool leaving_quit(struct leaving *leaving, size_t waiting, size_t by_hand);

/*
 * Updates what would be lost while the question is asked. True: nothing any more, so the question
 * is answered.
 */
bool leaving_follow(struct leaving *leaving, size_t waiting, size_t by_hand);

enum leaving_answer {
	LEAVING_NOTHING, /* it does not ask, or the event is not an answer */
	LEAVING_TAKEN,   /* it still asks */
	LEAVING_STAYS,
	LEAVING_QUITS,
};

/*
 * While it asks, it takes all keys and clicks: Q, Enter and another attempt to close the window
 * quit, Esc and everything else stay.
 */
enum leaving_answer leaving_event(struct leaving *leaving, const SDL_Event *event,
	struct draw *draw, SDL_Rect area);

void leaving_draw(const struct leaving *leaving, struct draw *draw, SDL_Rect area);

#endif
