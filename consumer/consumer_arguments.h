/*
 * arguments.h - the consumer's command line: what both programs share (options.h of common/base) and
 * what is its own. It parses and checks; nothing is opened here. Called by main.
 */
#ifndef VITRINE_CONSUMER_ARGUMENTS_H
#define VITRINE_CONSUMER_ARGUMENTS_H

#include "lab_options.h"
#include "options.h"

#include <stdbool.h>

struct arguments {
	struct common_options common;
	struct lab_options lab;
	bool mirror;         /* --mirror */
	bool manual;         /* --manual */
	bool paused;         /* --paused */
	const char *save_to; /* --save-to: a folder; "." if not given. Points into argv */
};

/*
 * Ends the program with status 2 on a usage error, with 0 after --help and --version. Returns 0 or
 * errno. argv must outlive *arguments.
 */
int arguments_parse(struct arguments *arguments, int argc, char **argv);

#endif
