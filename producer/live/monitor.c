/*
 * monitor.c - the stream in the window: which of its pictures is shown, whether the tray's chosen
 * image is shown instead, and the messages about it. The broadcast does the work.
 */
#include <string.h>

#include "live_source.h"
#include "monotonic.h"
#include "producer.h"
#include "text.h"
#include "translate.h"

/* ---- beginning and end ----------------------------------------------------------------------- */

static void wake(void *window)
{
	window_wake(window);
}

void monitor_start(struct producer *app, const char *path, const struct vitrine_options *channel)
{
	const struct producer_arguments *arguments = app->arguments;
	struct monitor *monitor = &app->monitor;

	if (monitor->path != NULL) {
		intake_refuse(app, path,
			_("is a second stream, but a program can send only one; "
			  "start another program"));
		return;
	}
	monitor->path = path;
	monitor->is_chosen = true;
	monitor->broadcast = broadcast_create(
		&(struct broadcast_options){
			.path = path,
			.choice = &arguments->live,
			.channel = channel,
			.when_full = arguments->has_when_full ? (int)arguments->when_full : -1,
			.checksum = arguments->common.checksum,
			.memory = arguments->common.memory,
			.log = app->log,
			.wake = wake,
			.wake_data = app->window,
		},
		monitor->look.reason);
	if (monitor->broadcast != NULL)
		return;
	monitor->look.name = live_source_name(path);
	log_error(app->log, monitor->look.name, monitor->look.reason);
	notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, monitor->look.name,
		monitor->look.reason);
	monitor->is_chosen = false;
	app->status = 1;
}

void monitor_end(struct producer *app)
{
	broadcast_destroy(app->monitor.broadcast);
	app->monitor.broadcast = NULL;
}

/* ---- what the user does ---------------------------------------------------------------------- */

static bool is_over(const struct monitor *monitor)
{
	return monitor->look.state == BROADCAST_ENDED || monitor->look.state == BROADCAST_FAILED;
}

bool monitor_is_shown(const struct producer *app)
{
	return app->monitor.broadcast != NULL && app->monitor.is_chosen;
}

bool monitor_can_pause(const struct producer *app)
{
	return monitor_is_shown(app) && !is_over(&app->monitor);
}

void monitor_choose(struct producer *app, bool is_chosen)
{
	struct monitor *monitor = &app->monitor;

	if (monitor->broadcast == NULL)
		return;
	monitor->is_chosen = is_chosen;
	monitor->shown_version = 0;
	broadcast_want(monitor->broadcast, is_chosen);
	window_touch(app->window);
}

void monitor_pause(struct producer *app)
{
	struct monitor *monitor = &app->monitor;

	monitor->is_paused = !monitor->is_paused;
	broadcast_pause(monitor->broadcast, monitor->is_paused);
	broadcast_look(monitor->broadcast, &monitor->look);
	log_event(app->log, monitor->is_paused ? "paused" : "resumed");
	window_touch(app->window);
}

/* ---- at work --------------------------------------------------------------------------------- */

static void tell_end(struct producer *app)
{
	const struct monitor *monitor = &app->monitor;
	char text[160];

	if (monitor->look.counts.sent == 0)
		app->status = 1;
	if (monitor->look.state == BROADCAST_FAILED) {
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, monitor->look.name,
			monitor->look.reason);
		return;
	}
	text_print(text, sizeof(text),
		ngettext("has ended: %llu frame sent, %llu dropped",
			"has ended: %llu frames sent, %llu dropped",
			(unsigned long)monitor->look.counts.sent),
		(unsigned long long)monitor->look.counts.sent,
		(unsigned long long)monitor->look.counts.dropped);
	notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, monitor->look.name, text);
}

struct picture *monitor_work(struct producer *app)
{
	struct monitor *monitor = &app->monitor;
	struct broadcast_look before = monitor->look;

	if (monitor->broadcast == NULL)
		return NULL;
	broadcast_look(monitor->broadcast, &monitor->look);
	/*
	 * memcmp may find a difference in padding or past the end of a string; at worst that causes
	 * one extra redraw.
	 */
	/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
	if (memcmp(&before, &monitor->look, sizeof(before)) != 0)
		window_touch(app->window);
	if (is_over(monitor) && !monitor->was_told) {
		monitor->was_told = true;
		tell_end(app);
	}
	if (!monitor->is_chosen || monitor->shown_version == monitor->look.version ||
		view_uploading(app->view))
		return NULL;
	monitor->shown_version = monitor->look.version;
	return broadcast_preview(monitor->broadcast);
}

char *monitor_status(const struct producer *app, char text[BROADCAST_TEXT_MAX])
{
	return broadcast_status(&app->monitor.look, text);
}
