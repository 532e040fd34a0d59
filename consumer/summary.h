/*
 * summary.h - the consumer's state in words: for the status bar, and for the page before the first
 * image. facts.c adds the rows of the overlay of key I. Draws nothing; a state with the same words
 * need not be redrawn. Called on the window's thread.
 */
#ifndef VITRINE_CONSUMER_SUMMARY_H
#define VITRINE_CONSUMER_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "film_recording.h"
#include "link.h"
#include "viewer.h"
#include "vitrine.h"

enum { SUMMARY_TEXTS = 10, SUMMARY_TEXT_MAX = 128 };
enum { SUMMARY_FACTS = 20, SUMMARY_FACT_MAX = 512 };

/* Unused bytes are zeros, so that two summaries can be compared with memcmp(). */
struct summary {
	char name[VITRINE_NAME_MAX];
	char texts[SUMMARY_TEXTS][SUMMARY_TEXT_MAX]; /* after the name, most important first */
	size_t text_count;
	char mode
		[SUMMARY_TEXT_MAX]; /* "paused: 3 wait", for full screen, which has no status bar */

	char pixel[SUMMARY_TEXT_MAX]; /* under the mouse; "": not wanted */

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

/* The facts for the texts. */
struct summary_source {
	const struct link_look *look;
	const struct viewer *viewer;
	const struct recording *recording;
	bool is_paused, is_manual, is_mirror;
	uint64_t waiting;  /* images in the channel that the window has not received yet */
	uint64_t newer;    /* images that are newer than the one looked back at */
	double zoom;       /* screen pixels per image pixel */
	bool is_fitted;    /* the user has not zoomed */
	bool is_wide;      /* the status bar has room for whole sentences */
	bool has_probe;    /* key V: the status bar shows the pixel under the mouse */
	const char *pixel; /* under the mouse; "": there is none */
};

/* Writes all texts except the facts. */
void summary_make(struct summary *summary, const struct summary_source *source);

/* "just now", "5 s ago", "20 s ago", "3 min ago": coarser with age. Returns `text`. */
char *summary_age(char text[SUMMARY_TEXT_MAX], int64_t age_ns);

/* "1.3 ms", "2.0 s". Returns `text`. */
char *summary_delay(char text[SUMMARY_TEXT_MAX], double ms);

#endif
