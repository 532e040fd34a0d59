/*
 * role_state.h - what a program passes on when it becomes the other one (role.h): the tray, the
 * queue, and the command-line arguments of both programs. It is stored in an anonymous file whose
 * descriptor the new program inherits, so it may be of any length. No threads.
 */
#ifndef VITRINE_PROGRAM_ROLE_STATE_H
#define VITRINE_PROGRAM_ROLE_STATE_H

#include <stdbool.h>
#include <stddef.h>

enum role_state_kind {
	ROLE_STATE_TRAY = 't',         /* a path, in the tray's order */
	ROLE_STATE_BY_HAND = 'h',      /* a path in the tray that the user dropped or opened */
	ROLE_STATE_TURNED = 'o',       /* an orientation, one digit, and the path that has it */
	ROLE_STATE_DROPPED = 'd',      /* a file or folder that was dropped on the consumer */
	ROLE_STATE_CHOSEN = 'c',       /* the path of the chosen image */
	ROLE_STATE_QUEUED = 'q',       /* a path queued for publication, in order … */
	ROLE_STATE_QUEUED_BYTES = 'b', /* … to be published as the bytes of its file */
	ROLE_STATE_PRODUCER = 'P',     /* an argument of the producer's own */
	ROLE_STATE_CONSUMER = 'C',     /* an argument of the consumer's own */
};

struct role_state_item {
	enum role_state_kind kind;
	char *text;
};

/* All zeros: empty. */
struct role_state {
	struct role_state_item *items;
	size_t count;
};

/* Adds a copy of `text`. False: no memory. */
bool role_state_add(struct role_state *state, enum role_state_kind kind, const char *text);
/* Adds the items of this kind from `from`. False: out of memory. */
bool role_state_add_all(struct role_state *state, enum role_state_kind kind,
	const struct role_state *from);
size_t role_state_count(const struct role_state *state, enum role_state_kind kind);
void role_state_clear(struct role_state *state); /* frees its contents; safe to call twice */

/* Writes it to an anonymous file that stays open across exec. Returns the descriptor, or -errno. */
int role_state_send(const struct role_state *state);
/* Reads it from the descriptor and closes that. False: see errno. */
bool role_state_receive(struct role_state *state, int fd);

#endif
