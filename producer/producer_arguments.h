/*
 * producer_arguments.h - the producer's command line: the options shared by both programs
 * (options.h of common/base) and its own. It parses and checks; it opens nothing. Called by main.
 */
#ifndef VITRINE_PRODUCER_PRODUCER_ARGUMENTS_H
#define VITRINE_PRODUCER_PRODUCER_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "debug_options.h"
#include "live_options.h"
#include "options.h"
#include "vitrine.h"

struct producer_arguments {
	struct common_options common;
	struct debug_options debugger;
	struct live_choice live;          /* --size, --format, --fps */
	const char *watch;                /* --watch FOLDER, or NULL */
	enum vitrine_when_full when_full; /* --when-full; VITRINE_WAIT if not given */
	bool has_when_full;               /* it was given, so it applies to streams as well */
	bool publish;                     /* --publish */
	bool still;                       /* --still */
	int64_t every_ns;                 /* --every; 0: no slide show */
	bool shuffles;                    /* --shuffle */
	bool once;                        /* --once */
	bool no_prepare;                  /* --no-prepare */
	char **paths;                     /* files, folders, streams; all texts point into argv */
	size_t path_count;
};

/*
 * Ends the program with status 2 on a usage error, with 0 after --help and --version. Returns 0 or
 * errno. argv must outlive *arguments.
 */
int producer_arguments_parse(struct producer_arguments *arguments, int argc, char **argv);

#endif
