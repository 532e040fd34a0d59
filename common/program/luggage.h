/*
 * luggage.h - what a program takes along when it changes into the other one (role.h): the tray, what
 * was to be published, and what both were told on their command lines. It travels in an anonymous
 * file whose descriptor the new program gets, so it may be of any length. No threads.
 */
#ifndef VITRINE_PROGRAM_LUGGAGE_H
#define VITRINE_PROGRAM_LUGGAGE_H

#include <stdbool.h>
#include <stddef.h>

enum luggage_kind {
	LUGGAGE_TRAY = 't',         /* a path, in the tray's order */
	LUGGAGE_CHOSEN = 'c',       /* the path of the chosen one */
	LUGGAGE_QUEUED = 'q',       /* a path that was to be published, in order … */
	LUGGAGE_QUEUED_BYTES = 'b', /* … as the bytes of its file */
	LUGGAGE_PRODUCER = 'P',     /* an argument of the producer's own */
	LUGGAGE_CONSUMER = 'C',     /* an argument of the consumer's own */
};

struct luggage_item {
	enum luggage_kind kind;
	char *text;
};

/* All zero is empty. */
struct luggage {
	struct luggage_item *items;
	size_t count;
};

/* Adds a copy of `text`. False: no memory. */
bool luggage_pack(struct luggage *luggage, enum luggage_kind kind, const char *text);
/* Adds what is in `from` of this kind. False: no memory. */
bool luggage_pack_all(struct luggage *luggage, enum luggage_kind kind, const struct luggage *from);
size_t luggage_count(const struct luggage *luggage, enum luggage_kind kind);
void luggage_empty(struct luggage *luggage); /* frees what is in it; safe to call twice */

/* Puts it into a file without a name, which stays open over an exec. The descriptor, or -errno. */
int luggage_send(const struct luggage *luggage);
/* Reads it from there, and closes that. False: errno. */
bool luggage_receive(struct luggage *luggage, int fd);

#endif
