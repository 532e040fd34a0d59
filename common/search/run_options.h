/*
 * run_options.h - the options that decide how the programs behave in a run, as an argp child like
 * those in options.h. A replay needs the same ones as the search, otherwise the programs may leave
 * the schedule. The input is a struct run_options. `vitrine check` and `vitrine xray` use it.
 */
#ifndef VITRINE_SEARCH_RUN_OPTIONS_H
#define VITRINE_SEARCH_RUN_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include "search/execution.h"

enum { RUN_OPTIONS = 5 };

struct run_options {
	struct execution_options *execution; /* receives the options, first the defaults */
	char *given[RUN_OPTIONS];            /* their arguments, or NULL; they point into argv */
};

extern const struct argp run_options_argp;

/*
 * Appends the options that were given to *count words, for another program that has them, too. The
 * words are never freed. False: no memory.
 */
bool run_options_hand_on(const struct run_options *options, char **words, int *count);

/* A whole number up to `most`; anything else is a usage error. `option` is its name. */
uint32_t run_options_number(const char *option, const char *text, uint32_t most,
	const struct argp_state *state);

#endif
