/*
 * role.h - turns one program into the other: vitrine-producer and vitrine-consumer are in the same
 * folder, and each can replace the other, at its start (--role) or while it runs (key R). It is an
 * exec: the process stays, everything else is new. Called from main while there are no threads.
 */
#ifndef VITRINE_PROGRAM_ROLE_H
#define VITRINE_PROGRAM_ROLE_H

#include <SDL_rect.h>
#include <limits.h>
#include <stdbool.h>

#include "debug_options.h"
#include "log.h"
#include "options.h"
#include "role_state.h"
#include "vitrine.h"

enum role { ROLE_PRODUCER, ROLE_CONSUMER };

const char *role_program(enum role role); /* "vitrine-producer", "vitrine-consumer" */

/*
 * Handles --role before the options are parsed, because the other options belong to the other
 * program. Returns if there is nothing to do; exits with status 1 if the other program cannot be
 * started.
 */
void role_obey(enum role own, char **argv, const struct log *log);

/* What the other program gets. */
struct role_change {
	enum role to;
	const struct common_options *common;
	struct debug_options debugger;
	const struct vitrine_key *key;
	SDL_Rect place; /* of the window when not full screen, as for --geometry */
	bool full_screen;
	int text_size; /* percent, outside of lecture mode */
	bool lecture;
	const struct role_state *next;
};

/*
 * Becomes the other program. Returns only on failure: 1, after printing the reason on standard
 * error.
 */
int role_change(const struct role_change *change, const struct log *log);

/* --role-state: reads what the previous program passed on. False: the reason has been logged. */
bool role_receive(struct role_state *previous, const struct common_options *common,
	const struct log *log);

#endif
