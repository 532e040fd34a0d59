/*
 * luggage.h - what a program passes on when it becomes the other one (role.h): the tray, the queue,
 * and the command-line arguments of both programs. It is stored in an anonymous file whose
 * descriptor the new program inherits, so it may be of any length. No threads.
 */
#ifndef VITRINE_PROGRAM_LUGGAGE_H
#define VITRINE_PROGRAM_LUGGAGE_H

#include <stdbool.h>
#include <stddef.h>

enum luggage_kind {
	LUGGAGE_TRAY = 't',         /* a path, in the tray's order */
	LUGGAGE_BY_HAND = 'h',      /* a path in the tray that the user dropped or opened */
	LUGGAGE_TURNED = 'o',       /* an orientation, one digit, and the path that has it */
	LUGGAGE_DROPPED = 'd',      /* a file or folder that was dropped on the consumer */
	LUGGAGE_CHOSEN = 'c',       /* the path of the chosen image */
	LUGGAGE_QUEUED = 'q',       /* a path queued for publication, in order … */
	LUGGAGE_QUEUED_BYTES = 'b', /* … to be published as the bytes of its file */
	LUGGAGE_PRODUCER = 'P',     /* an argument of the producer's own */
	LUGGAGE_CONSUMER = 'C',     /* an argument of the consumer's own */
};

struct luggage_item {
	enum luggage_kind kind;
	char *text;
};

/* All zeros: empty. */
struct luggage {
	struct luggage_item *items;
	size_t count;
};

/* Adds a copy of `text`. False: no memory. */
bool luggage_pack(struct luggage *luggage, enum luggage_kind kind, const char *text);
/* Adds the items of this kind from `from`. False: out of memory. */
bool luggage_pack_all(struct luggage *luggage, enum luggage_kind kind, const struct luggage *from);
size_t luggage_count(const struct luggage *luggage, enum luggage_kind kind);
void luggage_empty(struct luggage *luggage); /* frees its contents; safe to call twice */

/* Writes it to an anonymous file that stays open across exec. Returns the descriptor, or -errno. */
int luggage_send(const struct luggage *luggage);
/* Reads it from the descriptor and closes that. False: see errno. */
bool luggage_receive(struct luggage *luggage, int fd);

#endif
