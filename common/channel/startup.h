/*
 * startup.h - from the command line to what vitrine_open() takes, the same for all programs. It opens
 * nothing. Called from main.
 */
#ifndef VITRINE_CHANNEL_STARTUP_H
#define VITRINE_CHANNEL_STARTUP_H

#include <stdbool.h>

#include "log.h"
#include "options.h"
#include "trace.h"
#include "vitrine.h"

/*
 * Finds the key: --key, $VITRINE_KEY, or a file shared_memory.key here or beside the program. Returns
 * 0, or the program's exit status after the log has said which one was refused, and why.
 */
int startup_key(struct vitrine_key *key, const struct common_options *options,
	const struct log *log);

/*
 * What the link opens. `key` and `trace` must outlive the result; `trace` is used only with
 * --verbose.
 */
struct vitrine_options startup_channel(const struct common_options *options, enum vitrine_role role,
	const struct vitrine_key *key, struct trace *trace);

#endif
