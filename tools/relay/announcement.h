/*
 * announcement.h - what a sending relay tells on TOPIC/status, kept by the broker: one word for people
 * and programs, with who says it and which picture is the newest as properties. Pure.
 */
#ifndef VITRINE_TOOLS_ANNOUNCEMENT_H
#define VITRINE_TOOLS_ANNOUNCEMENT_H

#include <stddef.h>
#include <stdint.h>

#define ANNOUNCEMENT_EVERY_NS INT64_C(5000000000) /* a sender that is here says so so often */
#define ANNOUNCEMENT_DEAD_NS                                                                       \
	(4 * ANNOUNCEMENT_EVERY_NS) /* who was silent for so long is not here */

enum announcement {
	ANNOUNCEMENT_UNKNOWN, /* none of ours: to be passed over */
	ANNOUNCEMENT_HERE,
	ANNOUNCEMENT_LEFT, /* it ended as it should */
	ANNOUNCEMENT_LOST, /* its connection broke: the broker says so in its place */
};

/* "here", "left", "lost". */
const char *announcement_word(enum announcement announcement);

enum announcement announcement_of_word(const void *word, size_t size);

/* The time of day in ms since 1970, as the property `published` has it. */
uint64_t announcement_now_ms(void);

#endif
