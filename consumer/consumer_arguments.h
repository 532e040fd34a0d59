/*
 * consumer_arguments.h - the consumer's command line: the options shared by both programs
 * (options.h of common/base) and its own. It parses and checks; it opens nothing. Called by main.
 */
#ifndef VITRINE_CONSUMER_CONSUMER_ARGUMENTS_H
#define VITRINE_CONSUMER_CONSUMER_ARGUMENTS_H

#include "debug_options.h"
#include "options.h"

#include <stdbool.h>

struct consumer_arguments {
	struct common_options common;
	struct debug_options debugger;
	bool mirror;         /* --mirror */
	bool manual;         /* --manual */
	bool paused;         /* --paused */
	bool logs_input;     /* --log-input */
	const char *save_to; /* --save-to: a folder; "." if not given. Points into argv */
};

/*
 * Ends the program with status 2 on a usage error, with 0 after --help and --version. Returns 0 or
 * errno. argv must outlive *arguments.
 */
int consumer_arguments_parse(struct consumer_arguments *arguments, int argc, char **argv);

#endif
