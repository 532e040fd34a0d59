/*
 * role.h - a program that becomes the other one: vitrine-producer and vitrine-consumer lie side by
 * side, and each can take the other's place, at its start (--role) or while it runs (the key R). It
 * is an exec: the process stays, all else is new. Called from main, when there are no threads.
 */
#ifndef VITRINE_PROGRAM_ROLE_H
#define VITRINE_PROGRAM_ROLE_H

#include <SDL_rect.h>
#include <limits.h>
#include <stdbool.h>

#include "debug_options.h"
#include "log.h"
#include "luggage.h"
#include "options.h"
#include "vitrine.h"

enum role { ROLE_PRODUCER, ROLE_CONSUMER };

const char *role_name(enum role role);    /* "producer", "consumer" */
const char *role_program(enum role role); /* "vitrine-producer", "vitrine-consumer" */

/*
 * Obeys --role before the options are parsed, since all others are the other program's then. Returns
 * if there is nothing to do; ends the program with status 1 if the other one cannot be started.
 */
void role_obey(enum role own, char **argv, const struct log *log);

/* With what the other program begins. */
struct role_change {
	enum role to;
	const struct common_options *common;
	struct debug_options debugger;
	const struct vitrine_key *key;
	SDL_Rect place; /* of the window when it is not full screen, as --geometry takes it */
	bool full_screen;
	const struct luggage *luggage;
};

/* Becomes the other program. Returns only if that fails: 1, and standard error has said why. */
int role_change(const struct role_change *change, const struct log *log);

/* --luggage: unpacks what the program before has left. False: the log has said why. */
bool role_unpack(struct luggage *luggage, const struct common_options *common,
	const struct log *log);

#endif
