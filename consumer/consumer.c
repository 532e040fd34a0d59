/* app.c - see app.h: the loop, and what it looks at. */
#include "app.h"

#include <string.h>

/* How often the channel is looked at: images that are taken wake, those that wait do not. */
#define LOOK_NS         INT64_C(500000000)
#define LOOK_WAITING_NS INT64_C(250000000)

/* A stream's numbers change with each frame; nobody reads them so fast. */
#define STATUS_NS INT64_C(250000000)

/* The time to upload before events are looked at again: while there are some, and while not. */
#define UPLOAD_BUSY_NS  UINT64_C(4000000)
#define UPLOAD_QUIET_NS UINT64_C(16000000)

void app_tell(struct app *app, enum notice_kind kind, const char *subject, const char *reason)
{
	if (kind == NOTICE_ERROR)
		log_error(app->log, subject, reason);
	notices_add(app->notices, window_now(), kind, subject, reason);
	window_touch(app->window);
}

static uint64_t newest_sequence(const struct vitrine_snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		if (snapshot->slots[i].latest && snapshot->slots[i].has_image)
			return snapshot->slots[i].image.sequence;
	return 0;
}

uint64_t app_waiting(const struct app *app)
{
	uint64_t newest;

	if (app->look.state != LINK_OPEN)
		return 0;
	if (!app->is_mirror)
		return (uint64_t)app->look.snapshot.full.value;
	newest = newest_sequence(&app->look.snapshot);
	return newest > app->exhibition.newest_sequence ? newest - app->exhibition.newest_sequence
							: 0;
}

/* ---- what happened ------------------------------------------------------------------------- */

static void look_at_mutex(struct app *app)
{
	int32_t holder = presence_mutex_holder(&app->mutex, &app->look, window_now());
	char text[PRESENCE_MAX];

	if (holder == app->mutex_holder)
		return;
	app->mutex_holder = holder;
	notices_withdraw(app->notices, "mutex");
	window_touch(app->window);
	if (holder == 0)
		return;
	app_tell(app, NOTICE_STATE, "mutex", presence_holder(text, holder));
}

/* Whether each image is taken as it comes. */
static bool follows(const struct app *app)
{
	return !app->is_paused && !exhibition_looks_back(&app->exhibition);
}

static void look_at_link(struct app *app)
{
	bool had_failed = app->look.state == LINK_FAILED;

	link_look(app->link, &app->look);
	app->next_look = window_now() + (follows(app) ? LOOK_NS : LOOK_WAITING_NS);
	if (app->look.reopened) {
		exhibition_mark_former(&app->exhibition);
		app_tell(app, NOTICE_WARNING, NULL,
			"The channel was removed; a fresh one is open.");
	}
	if (app->look.state == LINK_OPEN)
		app->was_open = true;
	app->exhibition.is_shared = !app->is_mirror && app->look.snapshot.consumers.value > 1;
	if (had_failed && app->look.state == LINK_OPEN)
		notices_withdraw(app->notices, "channel");
	if (app->look.state != LINK_FAILED || had_failed)
		return;
	log_error(app->log, "channel", app->look.message);
	if (!app->was_open) {
		app->exit_code = 1;
		app->quits = true;
	} else if (app->exhibition.shown.number != 0) {
		notices_add(app->notices, window_now(), NOTICE_STATE, "channel", app->look.message);
	}
	window_touch(app->window);
}

static void look_at_saver(struct app *app)
{
	struct saved saved;

	while (saver_pop(app->saver, &saved)) {
		notices_add(app->notices, window_now(), saved.is_saved ? NOTICE_NEWS : NOTICE_ERROR,
			saved.path, saved.is_saved ? "saved" : saved.reason);
		window_touch(app->window);
	}
	control_save_later(app);
}

/* A better version of a picture that is shown small: asked for, and put in when it comes. */
static void look_at_reducer(struct app *app)
{
	struct reduced reduced;
	struct history_entry entry;
	uint32_t width, height;

	if (reducer_pop(app->reducer, &reduced)) {
		view_set_reduced(app->view, reduced.id, &reduced.pixels);
		reduced_free(&reduced);
	}
	if (app->exhibition.playing.is_on && follows(app))
		return; /* the next frame would be there before it */
	if (view_uploading(app->view) || !view_wants_reduced(app->view, &width, &height) ||
		!history_get(app->history, HISTORY_THIS, app->exhibition.shown.number, &entry))
		return;
	reducer_ask(app->reducer, view_shown(app->view), entry.picture, width, height);
	picture_unref(entry.picture);
}

/* All that other threads have to tell; the channel itself only when it is time for it. */
static void look_around(struct app *app, bool was_woken)
{
	struct trouble trouble;

	if (was_woken || window_now() >= app->next_look) {
		look_at_link(app);
		look_at_mutex(app);
	}
	if (receiver_trouble(app->receiver, &trouble)) {
		notices_add(app->notices, window_now(), NOTICE_ERROR, trouble.subject,
			trouble.reason);
		window_touch(app->window);
	}
	look_at_saver(app);
	look_at_reducer(app);
	playing_follow(&app->exhibition.playing, follows(app), window_now());
	playing_end(&app->exhibition.playing, window_now(), app->log);
	if (notices_expire(app->notices, window_now()))
		window_touch(app->window);
	if (signals_came(app->signals)) {
		app->changes_role = false;
		app->quits = true;
	}
}

/* Finds the words for the state as it is now; others than before are to be drawn. */
static void update_status(struct app *app, bool is_busy)
{
	struct status status;

	if (!is_busy && app->exhibition.playing.is_on && window_now() < app->next_status)
		return;
	app->next_status = window_now() + STATUS_NS;
	uint64_t newer = exhibition_count_newer(&app->exhibition, app_waiting(app));

	status_make(&status, app, newer);
	if (memcmp(&status, &app->status, sizeof(status)) == 0)
		return;
	app->status = status;
	window_touch(app->window);
}

/* ---- the loop ------------------------------------------------------------------------------ */

/* Sleeps until `deadline` and obeys all events; true: there were some of the user's. */
static bool obey_events(struct app *app, int64_t deadline, bool *was_woken)
{
	SDL_Event event;
	enum window_news news;
	bool is_busy = false;

	while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
		deadline = 0;
		if (news == WINDOW_WOKEN)
			*was_woken = true;
		if (news == WINDOW_LOST) {
			exhibition_lost(&app->exhibition);
			lab_forget(app->lab);
		}
		if (news != WINDOW_EVENT)
			continue;
		is_busy = true;
		control_event(app, &event);
	}
	return is_busy;
}

static void show(struct app *app, bool is_busy, bool *goes_on)
{
	uint64_t budget_ns = is_busy ? UPLOAD_BUSY_NS : UPLOAD_QUIET_NS;
	struct exhibition *exhibition = &app->exhibition;
	enum exhibit_progress progress = exhibition_step(exhibition, budget_ns);

	receiver_set(app->receiver, exhibition_pace(exhibition, app->is_paused), app->is_mirror);
	if (progress == EXHIBIT_CHANGED)
		window_touch(app->window);
	if (progress == EXHIBIT_REFUSED)
		app_tell(app, NOTICE_ERROR, exhibition->refused, exhibition->reason);
	*goes_on = progress != EXHIBIT_RESTS;
	reading_follow(&app->reading, &exhibition->shown, app->history);
	update_status(app, is_busy);
	paint(app);
	exhibition_presented(exhibition, window_now());
}

static void run(struct app *app)
{
	bool goes_on = true;

	while (!app->quits) {
		int64_t expiry = notices_deadline(app->notices);
		int64_t deadline = expiry < app->next_look ? expiry : app->next_look;
		int64_t next_frame = lab_deadline(app->lab);
		bool was_woken = false;
		bool is_busy = obey_events(app,
			goes_on                 ? 0
			: next_frame < deadline ? next_frame
						: deadline,
			&was_woken);

		lab_work(app->lab, window_now());
		show(app, is_busy, &goes_on);
		look_around(app, was_woken);
	}
}

int app_run(const struct arguments *arguments, const struct vitrine_options *channel,
	struct program *program)
{
	struct app app = {
		.arguments = arguments,
		.program = program,
		.luggage = &program->luggage,
		.log = &program->log,
		.is_mirror = arguments->mirror,
		.is_paused = arguments->manual || arguments->paused,
		.is_manual = arguments->manual,
	};

	if (life_open(&app, channel)) {
		run(&app);
		life_pack(&app);
	} else {
		app.exit_code = 1;
	}
	life_close(&app);
	return app.exit_code;
}
