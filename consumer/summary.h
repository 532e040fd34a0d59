/*
 * status.h - the consumer's state in words: for the bar below, for the page before the first image,
 * and for the overlay of the key I. Nothing is drawn; a state that reads the same need not be drawn
 * again. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_STATUS_H
#define VITRINE_CONSUMER_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

enum { STATUS_TEXTS = 10, STATUS_TEXT_MAX = 96 };
enum { STATUS_FACTS = 20, STATUS_FACT_MAX = 320 };

/* All zero where there is nothing to say, so that two can be compared byte by byte. */
struct status {
	char name[VITRINE_NAME_MAX];
	char texts[STATUS_TEXTS][STATUS_TEXT_MAX]; /* behind the name, the most important first */
	size_t text_count;
	char mode[STATUS_TEXT_MAX]; /* "paused: 3 wait": for full screen, where there is no bar */

	/* while no picture is shown */
	char headline[STATUS_TEXT_MAX];
	char advice[512];
	char channel[STATUS_FACT_MAX];

	struct {
		const char *label;
		char value[STATUS_FACT_MAX];
	} facts[STATUS_FACTS]; /* only while they are shown */
	size_t fact_count;
};

struct app;

/* Looks at `app` and finds the words. */
void status_make(struct status *status, const struct app *app, uint64_t newer);

/* "just now", "7 s ago", "20 s ago", "3 min ago": the older, the coarser. Returns `text`. */
char *status_age(char text[STATUS_TEXT_MAX], int64_t age_ns);

/* "1.3 ms", "2.0 s". Returns `text`. */
char *status_delay(char text[STATUS_TEXT_MAX], double ms);

#endif
