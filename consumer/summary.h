/*
 * summary.h - the consumer's state in words: for the bar below, for the page before the first image,
 * and for the overlay of the key I. Nothing is drawn; a state that reads the same need not be drawn
 * again. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_SUMMARY_H
#define VITRINE_CONSUMER_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

enum { SUMMARY_TEXTS = 10, SUMMARY_TEXT_MAX = 96 };
enum { SUMMARY_FACTS = 20, SUMMARY_FACT_MAX = 320 };

/* All zero where there is nothing to say, so that two can be compared byte by byte. */
struct summary {
	char name[VITRINE_NAME_MAX];
	char texts[SUMMARY_TEXTS][SUMMARY_TEXT_MAX]; /* behind the name, the most important first */
	size_t text_count;
	char mode[SUMMARY_TEXT_MAX]; /* "paused: 3 wait": for full screen, where there is no bar */

	/* while no picture is shown */
	char headline[SUMMARY_TEXT_MAX];
	char advice[512];
	char channel[SUMMARY_FACT_MAX];

	struct {
		const char *label;
		char value[SUMMARY_FACT_MAX];
	} facts[SUMMARY_FACTS]; /* only while they are shown */
	size_t fact_count;
};

struct consumer;

/* Looks at `app` and finds the words. */
void summary_make(struct summary *summary, const struct consumer *app, uint64_t newer);

/* "just now", "7 s ago", "20 s ago", "3 min ago": the older, the coarser. Returns `text`. */
char *summary_age(char text[SUMMARY_TEXT_MAX], int64_t age_ns);

/* "1.3 ms", "2.0 s". Returns `text`. */
char *summary_delay(char text[SUMMARY_TEXT_MAX], double ms);

#endif
