/*
 * startup.h - turns command-line options into the arguments of vitrine_open(), the same for all
 * programs. It opens nothing. Called from main.
 */
#ifndef VITRINE_CHANNEL_STARTUP_H
#define VITRINE_CHANNEL_STARTUP_H

#include <stdbool.h>

#include "log.h"
#include "options.h"
#include "semop_log.h"
#include "vitrine.h"

/*
 * Finds the key: --key, $VITRINE_KEY, or a file shared_memory.key in the current folder or beside
 * the program. Returns 0; otherwise the program's exit status, after logging which key was refused
 * and why.
 */
int startup_key(struct vitrine_key *key, const struct common_options *options,
	const struct log *log);

/*
 * The options with which the link opens the channel. `key` and `trace` must outlive the result;
 * `trace` is used only with --verbose.
 */
struct vitrine_options startup_channel(const struct common_options *options, enum vitrine_role role,
	const struct vitrine_key *key, struct trace *trace);

#endif
