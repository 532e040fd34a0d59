/*
 * announcement.h - the message of a sending relay on TOPIC/status, which the broker retains: one
 * word for people and programs; the properties say who sends it and which picture is the newest.
 * Pure.
 */
#ifndef VITRINE_TOOLS_ANNOUNCEMENT_H
#define VITRINE_TOOLS_ANNOUNCEMENT_H

#include <stddef.h>
#include <stdint.h>

#define ANNOUNCEMENT_EVERY_NS INT64_C(5000000000) /* how often a sender announces itself */
/* a sender silent for this long is not here */
#define ANNOUNCEMENT_DEAD_NS  (4 * ANNOUNCEMENT_EVERY_NS)

enum announcement {
	ANNOUNCEMENT_UNKNOWN, /* not one of ours: ignore it */
	ANNOUNCEMENT_HERE,
	ANNOUNCEMENT_LEFT, /* the sender ended normally */
	ANNOUNCEMENT_LOST, /* its connection broke: the broker says so on its behalf */
};

/* "here", "left", "lost". */
const char *announcement_word(enum announcement announcement);

enum announcement announcement_of_word(const void *word, size_t size);

/* The wall-clock time in ms since 1970, as in the property `published`. */
uint64_t announcement_now_ms(void);

#endif
