/* producer.c - see producer.h: the loop, and the regular look at the state of the channel. */
#include "producer.h"
#include "monotonic.h"
#include "text.h"
#include "translate.h"

#include <stdio.h>
#include <string.h>

#define EVENTS_NS    INT64_C(8000000)   /* how long events are handled before drawing */
#define LOOK_BUSY_NS INT64_C(250000000) /* while images wait to be published */
#define LOOK_SOON_NS INT64_C(50000000)

/* ---- the channel, as it is now ------------------------------------------------------------- */

void producer_state(struct producer *app, struct state_line *line, const char *subject,
	const char *reason)
{
	if (reason == NULL)
		subject = NULL;
	if (subject == line->subject && (subject == NULL || strcmp(reason, line->reason) == 0))
		return;
	if (line->subject != NULL)
		notices_withdraw(app->notices, NOTICE_STATE, line->subject);
	line->subject = subject;
	if (subject != NULL) {
		snprintf(line->reason, sizeof(line->reason), "%s", reason);
		notices_add(app->notices, monotonic_ns(), NOTICE_STATE, subject, reason);
	}
	window_touch(app->window);
}

void producer_look_soon(struct producer *app)
{
	app->look_next = 0;
}

/* The channel could not be opened: ends the program. */
static void fail(struct producer *app)
{
	char what[VITRINE_NAME_MAX + 16];

	text_print(what, sizeof(what), _("channel %s"), app->key->text);
	log_error(app->log, what, app->look.message);
	app->status = 1;
	app->is_quitting = true;
}

static void look(struct producer *app, int64_t now)
{
	char presence[PRESENCE_MAX] = "";
	bool is_busy = outbox_count(&app->outbox) > 0;

	link_look(app->link, &app->look);
	app->looked = now;
	app->look_next = now + (is_busy ? LOOK_BUSY_NS : link_look_ns(&app->calm));
	if (app->look.state == LINK_FAILED && !app->was_open)
		fail(app);
	if (app->look.state == LINK_OPEN)
		app->was_open = true;
	app->had_consumer |= app->look.snapshot.consumers.value > 0;
	if (app->look.snapshot.slot_count > 0)
		presence_consumers(presence, &app->look, app->had_consumer);
	else if (app->look.state == LINK_OPENING)
		text_print(presence, sizeof(presence), _("opening the channel …"));
	if (strcmp(presence, app->presence) != 0) {
		snprintf(app->presence, sizeof(app->presence), "%s", presence);
		window_touch(app->window);
	}
	if (app->has_information)
		window_touch(app->window);
	outgoing_tell(app, now);
}

/* ---- the loop ------------------------------------------------------------------------------ */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When one of the parts has something to do, even if nothing happens until then. */
static int64_t next_deadline(const struct producer *app)
{
	const int64_t deadlines[] = {
		debugger_deadline(app->debugger),
		notices_deadline(app->notices),
		chosen_deadline(app),
		kept_tray_deadline(&app->kept),
		slideshow_deadline(&app->slideshow),
		mouse_deadline(app),
		intake_deadline(app),
		outgoing_deadline(app, monotonic_ns()),
	};
	int64_t deadline = app->look_next;

	for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++)
		deadline = least(deadline, deadlines[i]);
	return deadline;
}

static void forget_textures(struct producer *app)
{
	chosen_forget(app);
	debugger_forget(app->debugger);
}

static void wait_for_events(struct producer *app, bool is_busy)
{
	int64_t deadline = is_busy ? 0 : next_deadline(app);
	int64_t start = 0;
	enum window_news news;
	SDL_Event event;

	/* The first call may sleep; the others only fetch pending events. */
	while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
		deadline = 0;
		app->calm = 0;
		screen_place(app);
		if (news == WINDOW_EVENT)
			actions_event(app, &event);
		else if (news == WINDOW_LOST)
			forget_textures(app);
		else
			app->look_next = least(app->look_next, app->looked + LOOK_SOON_NS);
		if (start == 0)
			start = monotonic_ns();
		if (monotonic_ns() - start > EVENTS_NS)
			break;
	}
}

int producer_run(struct producer *app)
{
	bool is_busy = true;

	while (!app->is_quitting) {
		int64_t now;

		wait_for_events(app, is_busy);
		sources_work(app);
		is_busy = intake_work(app);
		now = monotonic_ns();
		slides_work(app, now);
		outgoing_work(app);
		if (app->leaving.asks)
			app->is_quitting |= leaving_follow(&app->leaving,
				outbox_count(&app->outbox), tray_by_hand(app->tray));
		is_busy |= chosen_work(app, now);
		kept_tray_work(&app->kept, app->tray, now, app->log);
		mouse_work(app, now);
		debugger_work(app->debugger, now);
		publisher_set_quiet(app->publisher, debugger_is_open(app->debugger));
		chosen_expect(app);
		if (now >= app->look_next)
			look(app, now);
		if (signals_came(app->signals)) {
			app->is_changing_role = false;
			app->is_quitting = true;
		}
		window_set_moving(app->window, app->monitor.look.state == BROADCAST_RUNS);
		if (outgoing_deadline(app, now) == WINDOW_FOREVER) {
			screen_draw(app, now);
			player_presented(app);
		}
	}
	producer_prepare_change(app);
	return app->status;
}
