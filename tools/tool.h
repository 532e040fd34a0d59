/*
 * tool.h - what every subcommand stands on: its log, its key, and the end that a signal asks for.
 * SIGINT, SIGTERM and SIGHUP set a flag and make a descriptor readable; so a sleep on a descriptor
 * ends at once, and one in the channel with its nap. Nothing is ever cut off half-way.
 */
#ifndef VITRINE_TOOLS_TOOL_H
#define VITRINE_TOOLS_TOOL_H

#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "log.h"
#include "options.h"
#include "signals.h"
#include "trace.h"
#include "vitrine.h"

struct tool {
	struct log log;
	struct vitrine_key key;
	struct vitrine_options channel; /* for vitrine_open() and link_create(); set the role */
	struct trace trace;
	struct signals *signals;
	int woken; /* readable once a signal came */
};

/*
 * Starts it, by the parsed options; `name` is "vitrine send" and must outlive it. Returns
 * COMMAND_OK, or the exit code after it has said why. tool_end() is safe either way.
 */
int tool_start(struct tool *tool, const char *name, const struct common_options *options);
void tool_end(struct tool *tool);

/* Whether a signal asked for the end. */
bool tool_interrupted(const struct tool *tool);

/* Sleeps until `fd` is ready for `events` (POLLIN, POLLOUT). false: a signal came first. */
bool tool_ready(const struct tool *tool, int fd, short events);

/* The same for `ns` at most, or VITRINE_FOREVER. */
bool tool_ready_within(const struct tool *tool, int fd, short events, int64_t ns);

/* Sleeps so long; false: a signal came first. */
bool tool_sleep(const struct tool *tool, int64_t ns);

/* Opens the link, and prints why if that fails. NULL: it did. */
struct link *tool_open(struct tool *tool, enum vitrine_role role);

/* Leaves the channel; logs "closed" if images wait in it for somebody. NULL is allowed. */
void tool_close(struct tool *tool, struct link *link);

/*
 * After `error` on the link: opens the channel anew if that was its removal. Returns 0, or an error
 * with its reason (room for 512 bytes).
 */
int tool_recover(struct link *link, int error, char reason[512]);

/* ---- time: CLOCK_MONOTONIC, ns --------------------------------------------------------------- */

int64_t tool_now(void);

/* "2", "0.5" seconds; false: that is no time. For options. */
bool tool_seconds(const char *text, int64_t *ns);

/* When `timeout_ns` will be over; VITRINE_FOREVER: never. */
int64_t tool_deadline(int64_t timeout_ns);
bool tool_is_over(int64_t deadline);

/* How long a sleep in the channel may be: never so long that a signal would wait. */
int64_t tool_nap(int64_t deadline);

/*
 * posix_spawnp() of a program that has the usual signals: not ours, which are blocked and ignored.
 * `actions` may be NULL; `flags` is 0 or POSIX_SPAWN_SETSID. Returns 0 or errno.
 */
int tool_spawn(pid_t *pid, const char *path, char *const argv[],
	const posix_spawn_file_actions_t *actions, short flags);

#endif
