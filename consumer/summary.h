/*
 * summary.h - the consumer's state in words: for the status bar, for the page before the first
 * image, and for the overlay of key I. Draws nothing; a state with the same words need not be
 * redrawn. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_SUMMARY_H
#define VITRINE_CONSUMER_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

enum { SUMMARY_TEXTS = 10, SUMMARY_TEXT_MAX = 128 };
enum { SUMMARY_FACTS = 20, SUMMARY_FACT_MAX = 512 };

/* Unused parts are all zeros, so that two can be compared byte by byte. */
struct summary {
	char name[VITRINE_NAME_MAX];
	char texts[SUMMARY_TEXTS][SUMMARY_TEXT_MAX]; /* after the name, most important first */
	size_t text_count;
	char mode
		[SUMMARY_TEXT_MAX]; /* "paused: 3 wait", for full screen, which has no status bar */

	char pixel[SUMMARY_TEXT_MAX]; /* under the mouse; "": not asked for */

	/* while no picture is shown */
	char headline[SUMMARY_TEXT_MAX];
	char advice[512];
	char channel[SUMMARY_FACT_MAX];

	struct {
		const char *label;
		char value[SUMMARY_FACT_MAX];
	} facts[SUMMARY_FACTS]; /* only while shown */
	size_t fact_count;
};

struct consumer;

/* Writes the texts for the state of `app`. */
void summary_make(struct summary *summary, const struct consumer *app, uint64_t newer);

/* "just now", "7 s ago", "20 s ago", "3 min ago": coarser with age. Returns `text`. */
char *summary_age(char text[SUMMARY_TEXT_MAX], int64_t age_ns);

/* "1.3 ms", "2.0 s". Returns `text`. */
char *summary_delay(char text[SUMMARY_TEXT_MAX], double ms);

#endif
