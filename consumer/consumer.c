/* consumer.c - see consumer.h: the loop, and what it looks at. */
#include "consumer.h"
#include "facts.h"
#include "monotonic.h"
#include "translate.h"

#include <string.h>

/*
 * How often the channel is inspected while images wait: one that is taken wakes the window, one
 * that waits does not.
 */
#define LOOK_WAITING_NS INT64_C(250000000)

/* A stream's figures change with each frame; nobody can read them at that rate. */
#define SUMMARY_NS INT64_C(250000000)

/* Logical pixels: from this width on the status bar says more. */
enum { WIDE = 900 };

/*
 * How long to upload before handling events again: while there are events, and while there are
 * none.
 */
#define UPLOAD_BUSY_NS  UINT64_C(4000000)
#define UPLOAD_QUIET_NS UINT64_C(16000000)

void consumer_tell(struct consumer *app, enum notice_kind kind, const char *subject,
	const char *reason)
{
	if (kind == NOTICE_ERROR)
		log_error(app->log, subject, reason);
	notices_add(app->notices, monotonic_ns(), kind, subject, reason);
	window_touch(app->window);
}

/* ---- what happened ------------------------------------------------------------------------- */

static void look_at_mutex(struct consumer *app)
{
	int32_t holder = presence_mutex_holder(&app->mutex, &app->look, monotonic_ns());
	char text[PRESENCE_MAX];

	if (holder == app->mutex_holder)
		return;
	app->mutex_holder = holder;
	notices_withdraw(app->notices, NOTICE_STATE, "mutex");
	window_touch(app->window);
	if (holder == 0)
		return;
	consumer_tell(app, NOTICE_STATE, "mutex", presence_holder(text, holder));
}

/* True if each new image is shown as it arrives. */
static bool follows(const struct consumer *app)
{
	return !app->is_paused && !viewer_looks_back(&app->viewer);
}

static void look_at_link(struct consumer *app)
{
	bool had_failed = app->look.state == LINK_FAILED;

	link_look(app->link, &app->look);
	app->next_look =
		monotonic_ns() + (follows(app) ? link_look_ns(&app->calm) : LOOK_WAITING_NS);
	if (app->look.reopened) {
		viewer_mark_former(&app->viewer);
		consumer_tell(app, NOTICE_WARNING, PRESENCE_REMOVED, PRESENCE_REMOVED_REASON);
	}
	if (app->look.state == LINK_OPEN)
		app->was_open = true;
	app->viewer.is_shared = !app->is_mirror && app->look.snapshot.consumers.value > 1;
	if (had_failed && app->look.state == LINK_OPEN)
		notices_withdraw(app->notices, NOTICE_STATE, _("channel"));
	if (app->look.state != LINK_FAILED || had_failed)
		return;
	log_error(app->log, _("channel"), app->look.message);
	if (!app->was_open) {
		app->exit_code = 1;
		app->quits = true;
	} else if (app->viewer.shown.number != 0) {
		notices_add(app->notices, monotonic_ns(), NOTICE_STATE, _("channel"),
			app->look.message);
	}
	window_touch(app->window);
}

/*
 * While there is nothing else to do: makes smaller versions of the picture on the screen, once the
 * history has its copy. True: there is more to do.
 */
static bool refine(struct consumer *app)
{
	const struct viewer *viewer = &app->viewer;
	struct reduced reduced;
	struct history_entry entry;
	uint32_t width, height;
	bool goes_on = false;

	if (reducer_pop(app->reducer, &reduced)) {
		view_set_reduced(app->view, reduced.id, &reduced.pixels);
		reduced_free(&reduced);
	}
	if (viewer->stream.is_on && follows(app))
		return false; /* the next frame would arrive first */
	if (view_uploading(app->view) || viewer->shown.content.kind != CONTENT_PIXELS ||
		!history_get(app->history, HISTORY_THIS, viewer->shown.number, &entry))
		return false;
	if (view_wants_reduced(app->view, &width, &height))
		reducer_ask(app->reducer, view_shown(app->view), entry.picture, width, height);
	if (entry.content.kind == CONTENT_PIXELS)
		goes_on = view_refine(app->view, &entry.content.pixels, UPLOAD_BUSY_NS);
	picture_unref(entry.picture);
	return goes_on;
}

/* Collects the news of other threads; inspects the channel only when it is due. */
static void look_around(struct consumer *app, bool was_woken)
{
	struct trouble trouble;

	if (was_woken || monotonic_ns() >= app->next_look) {
		look_at_link(app);
		look_at_mutex(app);
	}
	if (receiver_trouble(app->receiver, &trouble)) {
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, trouble.subject,
			trouble.reason);
		window_touch(app->window);
	}
	save_commands_work(app);
	input_look_at_recording(app);
	stream_stats_follow(&app->viewer.stream, follows(app), monotonic_ns());
	stream_stats_end(&app->viewer.stream, monotonic_ns(), app->log);
	window_set_moving(app->window, app->viewer.stream.is_on && follows(app));
	if (notices_expire(app->notices, monotonic_ns()))
		window_touch(app->window);
	if (signals_came(app->signals)) {
		app->changes_role = false;
		app->quits = true;
	}
}

/* The pixel under the mouse, if it is shown; "": it is not. Returns `text`. */
static char *find_pixel(const struct consumer *app, char text[PROBE_TEXT_MAX])
{
	struct picture *picture = NULL;
	struct pixels pixels;
	bool has_pixels;

	text[0] = '\0';
	if (!(app->probe.is_on || app->shows_information) || app->viewer.shown.number == 0 ||
		app->viewer.shown.content.kind != CONTENT_PIXELS)
		return text;
	has_pixels = viewer_pixels(&app->viewer, &pixels, &picture);
	probe_text(text, &app->probe, app->view, has_pixels ? &pixels : NULL);
	picture_unref(picture);
	return text;
}

/* Updates the status texts; redraws if they changed. */
static void update_status(struct consumer *app, bool is_busy)
{
	struct summary summary;
	char pixel[PROBE_TEXT_MAX];

	if (!is_busy && app->viewer.stream.is_on && monotonic_ns() < app->next_summary)
		return;
	app->next_summary = monotonic_ns() + SUMMARY_NS;
	uint64_t waiting = viewer_waiting(&app->viewer, &app->look, app->is_mirror);

	summary_make(&summary,
		&(struct summary_source){
			.look = &app->look,
			.viewer = &app->viewer,
			.recording = &app->recording,
			.is_paused = app->is_paused,
			.is_manual = app->is_manual,
			.is_mirror = app->is_mirror,
			.waiting = waiting,
			.newer = viewer_count_newer(&app->viewer, waiting),
			.zoom = view_get_zoom(app->view),
			.is_fitted = view_is_fitted(app->view),
			.is_wide = window_rect(app->window).w >= draw_px(app->draw, WIDE),
			.has_probe = app->probe.is_on,
			.pixel = find_pixel(app, pixel),
		});
	if (app->shows_information)
		facts_make(&summary, app);
	if (memcmp(&summary, &app->summary, sizeof(summary)) == 0)
		return;
	app->summary = summary;
	window_touch(app->window);
}

/* ---- the loop ------------------------------------------------------------------------------ */

/* Sleeps until `deadline` and handles all events; true: there were user events. */
static bool obey_events(struct consumer *app, int64_t deadline, bool *was_woken)
{
	SDL_Event event;
	enum window_news news;
	bool is_busy = false;

	while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
		deadline = 0;
		if (news == WINDOW_WOKEN)
			*was_woken = true;
		if (news == WINDOW_LOST) {
			viewer_lost(&app->viewer);
			debugger_forget(app->debugger);
		}
		if (news != WINDOW_EVENT)
			continue;
		is_busy = true;
		input_event(app, &event);
	}
	return is_busy;
}

static void show(struct consumer *app, bool is_busy, bool *goes_on)
{
	uint64_t budget_ns = is_busy ? UPLOAD_BUSY_NS : UPLOAD_QUIET_NS;
	struct viewer *viewer = &app->viewer;
	enum viewer_progress progress = viewer_step(viewer, budget_ns);

	receiver_set(app->receiver, viewer_pace(viewer, app->is_paused), app->is_mirror);
	if (progress == VIEWER_CHANGED)
		window_touch(app->window);
	if (progress == VIEWER_REFUSED)
		consumer_tell(app, NOTICE_ERROR, viewer->refused, viewer->reason);
	*goes_on = progress != VIEWER_IDLE;
	shown_text_follow(&app->shown_text, &viewer->shown, app->history);
	update_status(app, is_busy);
	paint(app);
	viewer_presented(viewer, monotonic_ns());
}

static void run(struct consumer *app)
{
	bool goes_on = true;

	while (!app->quits) {
		int64_t expiry = notices_deadline(app->notices);
		int64_t deadline = expiry < app->next_look ? expiry : app->next_look;
		int64_t next_frame = debugger_deadline(app->debugger);
		int64_t next_progress = save_commands_deadline(app);
		bool was_woken = false;

		deadline = next_progress < deadline ? next_progress : deadline;
		bool is_busy = obey_events(app,
			goes_on                 ? 0
			: next_frame < deadline ? next_frame
						: deadline,
			&was_woken);

		if (is_busy || was_woken)
			app->calm = 0;
		debugger_work(app->debugger, monotonic_ns());
		show(app, is_busy, &goes_on);
		look_around(app, was_woken);
		goes_on |= refine(app);
	}
}

int consumer_run(const struct consumer_arguments *arguments, const struct vitrine_options *channel,
	struct program *program)
{
	struct consumer app = {
		.arguments = arguments,
		.program = program,
		.previous = &program->previous,
		.log = &program->log,
		.is_mirror = arguments->mirror,
		.is_paused = arguments->manual || arguments->paused,
		.is_manual = arguments->manual,
	};

	if (consumer_open(&app, channel)) {
		run(&app);
		input_end_recording(&app);
		consumer_leave_role(&app);
	} else {
		app.exit_code = 1;
	}
	consumer_close(&app);
	return app.exit_code;
}
