/*
 * debug_options.h - the options of both windows that show how the semaphores work, as an argp child
 * like options.h's. Its input is a struct debug_options.
 */
#ifndef VITRINE_WATCH_DEBUG_OPTIONS_H
#define VITRINE_WATCH_DEBUG_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "stepper.h"

struct debug_options {
	bool xray;              /* --xray */
	bool timeline;          /* --timeline */
	enum stepper_mode step; /* --step */
	int64_t slow_ns;        /* --slow; 0: not given */
	const char *trace;      /* --record, --trace: a file; NULL: none. Points into argv */
	bool records;           /* --record: the program neither prepares nor trims slots */
};

extern const struct argp debug_options_argp;
#define DEBUG_OPTIONS_CHILD                                                                        \
	{                                                                                          \
		&debug_options_argp, 0, NULL, 0                                                    \
	}

/* "500ms", "0.5s", "2s", "500" (milliseconds); up to 8 s. False: it is none of these. */
bool debug_options_duration(const char *text, int64_t *ns);

#endif
