/*
 * bulletin.h - what a sending relay tells on TOPIC/status, kept by the broker: one word for people
 * and programs, with who says it and which picture is the newest as properties. Pure.
 */
#ifndef VITRINE_RELAY_BULLETIN_H
#define VITRINE_RELAY_BULLETIN_H

#include <stddef.h>
#include <stdint.h>

#define BULLETIN_EVERY_NS INT64_C(5000000000)     /* a sender that is here says so so often */
#define BULLETIN_DEAD_NS  (4 * BULLETIN_EVERY_NS) /* who was silent for so long is not here */

enum bulletin {
	BULLETIN_UNKNOWN, /* none of ours: to be passed over */
	BULLETIN_HERE,
	BULLETIN_LEFT, /* it ended as it should */
	BULLETIN_LOST, /* its connection broke: the broker says so in its place */
};

/* "here", "left", "lost". */
const char *bulletin_word(enum bulletin bulletin);

enum bulletin bulletin_of_word(const void *word, size_t size);

/* The time of day in ms since 1970, as the property `published` has it. */
uint64_t bulletin_now_ms(void);

#endif
