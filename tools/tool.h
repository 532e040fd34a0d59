/*
 * tool.h - what every subcommand needs: the log, the key, and a clean end on a signal. SIGINT,
 * SIGTERM and SIGHUP set a flag and make a descriptor readable, so a sleep on a descriptor ends at
 * once, and a sleep in the channel after its nap. Nothing is interrupted half-way.
 */
#ifndef VITRINE_TOOLS_TOOL_H
#define VITRINE_TOOLS_TOOL_H

#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "log.h"
#include "options.h"
#include "semop_log.h"
#include "signals.h"
#include "vitrine.h"

struct tool {
	struct log log;
	struct vitrine_key key;
	struct vitrine_options channel; /* for vitrine_open() and link_create(); set the role */
	struct trace trace;
	struct signals *signals;
	int woken; /* readable once a signal has arrived */
};

/*
 * Initialises it from the parsed options, or from NULL for a command without a channel, which needs
 * no key; `name` is "vitrine send" and must outlive it. Returns COMMAND_OK, or the exit code after
 * printing the reason. tool_end() is safe in both cases.
 */
int tool_start(struct tool *tool, const char *name, const struct common_options *options);
void tool_end(struct tool *tool);

/* True if a signal has asked the program to end. */
bool tool_interrupted(const struct tool *tool);

/* Sleeps until `fd` is ready for `events` (POLLIN, POLLOUT). false: a signal arrived first. */
bool tool_ready(const struct tool *tool, int fd, short events);

/* The same, but for at most `ns`, which may be VITRINE_FOREVER. */
bool tool_ready_within(const struct tool *tool, int fd, short events, int64_t ns);

/* Sleeps for `ns`; false: a signal arrived first. */
bool tool_sleep(const struct tool *tool, int64_t ns);

/* Opens the link. NULL: failed; the reason has been printed. */
struct link *tool_open(struct tool *tool, enum vitrine_role role);

/* The same for the channel with this key. */
struct link *tool_open_key(struct tool *tool, const struct vitrine_key *key,
	enum vitrine_role role);

/* Leaves the channel; logs "closed" if images still wait in it. NULL is allowed. */
void tool_close(struct tool *tool, struct link *link);

/*
 * Handles `error` of the link: opens the channel again if it was removed. Returns 0, or an error
 * with its reason (room for 512 bytes).
 */
int tool_recover(struct link *link, int error, char reason[512]);

/* ---- time: CLOCK_MONOTONIC, ns --------------------------------------------------------------- */

/* Parses seconds such as "2" or "0.5"; false: not a time. For options. */
bool tool_seconds(const char *text, int64_t *ns);

/* The time at which `timeout_ns` expires; VITRINE_FOREVER: never. */
int64_t tool_deadline(int64_t timeout_ns);
bool tool_is_over(int64_t deadline);

/* How long to sleep in the channel: short enough that a signal is noticed soon. */
int64_t tool_nap(int64_t deadline);

/*
 * posix_spawnp() of a program with default signal handling, because ours are blocked and ignored.
 * `actions` may be NULL; `flags` is 0 or POSIX_SPAWN_SETSID. Returns 0 or errno.
 */
int tool_spawn(pid_t *pid, const char *path, char *const argv[],
	const posix_spawn_file_actions_t *actions, short flags);

#endif
