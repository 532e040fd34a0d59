/* tool.c - see tool.h. */
#include "tool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "monotonic.h"
#include "startup.h"
#include "timespec.h"
#include "translate.h"

static void wake(void *data)
{
	const struct tool *tool = data;

	eventfd_write(tool->woken, 1);
}

int tool_spawn(pid_t *pid, const char *path, char *const argv[],
	const posix_spawn_file_actions_t *actions, short flags)
{
	posix_spawnattr_t attributes;
	sigset_t none, ignored;
	int rc;

	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
		(short)(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	rc = posix_spawnp(pid, path, actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

int tool_start(struct tool *tool, const char *name, const struct common_options *options)
{
	int rc = COMMAND_OK;

	*tool = (struct tool){.woken = -1};
	log_start(&tool->log, name);
	signal(SIGXFSZ, SIG_IGN); /* a file that grows too large is an error, not a crash */
	tool->trace.log = &tool->log;
	if (options != NULL) {
		rc = startup_key(&tool->key, options, &tool->log);
		tool->channel =
			startup_channel(options, VITRINE_PRODUCER, &tool->key, &tool->trace);
	}
	if (rc != COMMAND_OK)
		return rc;
	tool->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (tool->woken >= 0)
		tool->signals = signals_create(wake, tool);
	if (tool->signals == NULL) {
		log_error(&tool->log, _("cannot wait for signals"), strerror(errno));
		return COMMAND_FAILED;
	}
	return COMMAND_OK;
}

void tool_end(struct tool *tool)
{
	signals_destroy(tool->signals);
	tool->signals = NULL;
	if (tool->woken >= 0)
		close(tool->woken);
	tool->woken = -1;
}

bool tool_interrupted(const struct tool *tool)
{
	return signals_came(tool->signals);
}

/* Sleeps until the descriptor is ready, a signal arrives, or the timeout expires. */
static void wait_for(const struct tool *tool, int fd, short events, int64_t ns)
{
	struct pollfd polled[] = {
		{.fd = tool->woken, .events = POLLIN}, {.fd = fd, .events = events}};
	const struct timespec timeout = timespec_of(ns);

	while (ppoll(polled, fd >= 0 ? 2 : 1, ns >= 0 ? &timeout : NULL, NULL) < 0 &&
		errno == EINTR)
		continue;
}

bool tool_ready(const struct tool *tool, int fd, short events)
{
	return tool_ready_within(tool, fd, events, VITRINE_FOREVER);
}

bool tool_ready_within(const struct tool *tool, int fd, short events, int64_t ns)
{
	wait_for(tool, fd, events, ns);
	return !tool_interrupted(tool);
}

bool tool_sleep(const struct tool *tool, int64_t ns)
{
	wait_for(tool, -1, 0, ns);
	return !tool_interrupted(tool);
}

/* ---- the channel --------------------------------------------------------------------------- */

struct link *tool_open_key(struct tool *tool, const struct vitrine_key *key, enum vitrine_role role)
{
	struct vitrine_options options = tool->channel;
	struct link_look look;
	struct link *link;

	options.key = key;
	link = link_create(&options, &tool->log, NULL, NULL);
	if (link == NULL) {
		log_error(&tool->log, _("cannot open the channel"), _("not enough memory"));
		return NULL;
	}
	if (link_open(link, role) == VITRINE_OK)
		return link;
	link_look(link, &look);
	log_error(&tool->log, _("cannot open the channel"), look.message);
	link_destroy(link);
	return NULL;
}

struct link *tool_open(struct tool *tool, enum vitrine_role role)
{
	return tool_open_key(tool, &tool->key, role);
}

void tool_close(struct tool *tool, struct link *link)
{
	int waiting;

	if (link == NULL)
		return;
	waiting = link_close(link);
	if (waiting > 0)
		log_event(&tool->log, "closed", LOG_I64("waiting", waiting));
	link_destroy(link);
}

int tool_recover(struct link *link, int error, char reason[512])
{
	struct link_look look;
	int rc = link_recover(link, error);

	if (rc == VITRINE_OK)
		return rc;
	if (link_channel(link) != NULL) {
		snprintf(reason, 512, "%s", vitrine_message(link_channel(link)));
	} else {
		link_look(link, &look);
		snprintf(reason, 512, "%s", look.message);
	}
	return rc;
}

/* ---- time ---------------------------------------------------------------------------------- */

bool tool_seconds(const char *text, int64_t *ns)
{
	char *end;
	double seconds;

	if (*text == '\0' || strspn(text, "0123456789.") != strlen(text))
		return false;
	seconds = strtod(text, &end);
	if (*end != '\0' || seconds > 1e9)
		return false;
	*ns = (int64_t)(seconds * 1e9);
	return true;
}

int64_t tool_deadline(int64_t timeout_ns)
{
	return timeout_ns < 0 ? VITRINE_FOREVER : monotonic_ns() + timeout_ns;
}

bool tool_is_over(int64_t deadline)
{
	return deadline >= 0 && monotonic_ns() >= deadline;
}

int64_t tool_nap(int64_t deadline)
{
	int64_t left = deadline < 0 ? LINK_NAP_NS : deadline - monotonic_ns();

	if (left < 0)
		return 0;
	return left < LINK_NAP_NS ? left : LINK_NAP_NS;
}
