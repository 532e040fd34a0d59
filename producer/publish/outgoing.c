/*
 * outgoing.c - publishes images. The outbox has their order; the first one is decoded if necessary
 * and passed to the publisher; the result is reported in the window.
 */
#include "monotonic.h"
#include "producer.h"
#include "text.h"
#include "translate.h"

#include <stdio.h>
#include <string.h>

/* Most images are published in less time than a frame takes to draw. */
#define PATIENCE_NS INT64_C(20000000)

/* ---- into the outbox ----------------------------------------------------------------------- */

static void push(struct producer *app, const struct tray_item *item, bool as_bytes)
{
	if (!outbox_push(&app->outbox, item->id, as_bytes))
		intake_refuse(app, item->path, _("cannot be published: not enough memory"));
}

void outgoing_publish(struct producer *app, const struct tray_item *item)
{
	push(app, item, false);
}

void outgoing_publish_bytes(struct producer *app, const struct tray_item *item)
{
	push(app, item, true);
}

void outgoing_publish_frame(struct producer *app, const struct tray_item *item,
	struct picture *frame)
{
	if (!outbox_push_frame(&app->outbox, item->id, frame))
		intake_refuse(app, item->path, _("cannot be published: not enough memory"));
}

/* How many items of the outbox the publisher has; these cannot be changed any more. */
static size_t in_hand(struct producer *app)
{
	return publisher_is_free(app->publisher) ? 0 : 1;
}

void outgoing_publish_changed(struct producer *app, const struct tray_item *item)
{
	if (!outbox_has(&app->outbox, in_hand(app), item->id))
		outgoing_publish(app, item);
}

void outgoing_publish_all(struct producer *app)
{
	for (size_t i = 0; i < tray_count(app->tray); i++)
		outgoing_publish(app, tray_at(app->tray, i));
}

/* ---- out of the outbox --------------------------------------------------------------------- */

bool outgoing_give_up(struct producer *app)
{
	if (outbox_count(&app->outbox) == 0)
		return false;
	if (publisher_is_free(app->publisher)) {
		const struct tray_item *item = tray_find(app->tray, outbox_at(&app->outbox, 0));

		log_event(app->log, "gave-up", LOG_STR("name", item != NULL ? item->name : ""));
		outbox_pop(&app->outbox);
	} else {
		publisher_give_up(app->publisher);
	}
	window_touch(app->window);
	return true;
}

void outgoing_forget(struct producer *app, uint64_t id)
{
	outbox_remove(&app->outbox, in_hand(app), id);
	if (outbox_at(&app->outbox, 0) == id)
		publisher_give_up(app->publisher);
	if (app->players.sent.id == id)
		player_make_way(app, NULL);
}

/* ---- results ------------------------------------------------------------------------------- */

static void take_published(struct producer *app, struct tray_item *item,
	const struct publisher_result *result)
{
	char reason[160];

	if (item != NULL) {
		item->published = result->sequence;
		app->announced = item->id;
	}
	if (result->dropped == 0)
		return;
	text_print(reason, sizeof(reason),
		_("image #%llu was dropped without being shown, to make "
		  "room for #%llu"),
		(unsigned long long)result->dropped, (unsigned long long)result->sequence);
	notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, _("The buffer was full"), reason);
}

static void take_result(struct producer *app, const struct publisher_result *result)
{
	struct tray_item *item = tray_find(app->tray, result->id);
	const char *name = item != NULL ? item->name : _("an image removed from the tray");

	if (app->is_changing_role && result->outcome == PUBLISHER_GAVE_UP)
		return; /* it stays in the outbox and goes to the consumer with it */
	outbox_pop(&app->outbox);
	switch (result->outcome) {
	case PUBLISHER_PUBLISHED: take_published(app, item, result); break;
	case PUBLISHER_GAVE_UP: log_event(app->log, "gave-up", LOG_STR("name", name)); break;
	case PUBLISHER_FAILED:
		log_error(app->log, item != NULL ? item->path : name, result->reason);
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, name, result->reason);
		break;
	}
	producer_look_soon(app);
	window_touch(app->window);
}

/* ---- at work ------------------------------------------------------------------------------- */

/* True if the entry is an animation to be sent as a stream: it is the last one in the outbox. */
static bool is_stream(const struct producer *app, const struct outbox_entry *entry,
	const struct tray_item *item)
{
	return !entry->as_bytes && entry->frame == NULL && !app->arguments->still &&
	       player_can_play(item) && outbox_count(&app->outbox) == 1;
}

/* Passes the item to the publisher; false: it cannot be published yet. */
static bool hand_over(struct producer *app, struct tray_item *item, struct outbox_entry entry)
{
	struct publication publication;
	bool streams = is_stream(app, &entry, item);

	if (!player_make_way(app, streams ? item : NULL))
		return false;
	if (streams) {
		outbox_pop(&app->outbox);
		player_send(app, item);
		return true;
	}
	if (entry.frame != NULL) {
		publication_of_picture(&publication, entry.frame, 1);
	} else if (entry.as_bytes || tray_is_file(item)) {
		if (!publication_of_file(&publication, item->path)) {
			outbox_pop(&app->outbox);
			intake_refuse(app, item->path, _("cannot be published: not enough memory"));
			return true;
		}
	} else if (item->pixels == NULL) {
		intake_request(app, item);
		return false;
	} else {
		publication_of_picture(&publication, item->pixels, item->orientation);
	}
	tray_use(app->tray, item);
	publisher_publish(app->publisher, item->id, &publication);
	app->handed_over = monotonic_ns();
	producer_look_soon(app);
	return true;
}

void outgoing_work(struct producer *app)
{
	struct publisher_result result;
	struct tray_item *second;

	if (publisher_pop(app->publisher, &result))
		take_result(app, &result);
	if (app->is_changing_role) {
		if (publisher_is_free(app->publisher) && intake_is_idle(app))
			app->is_quitting = true;
		return;
	}
	while (publisher_is_free(app->publisher) && outbox_count(&app->outbox) > 0) {
		struct outbox_entry entry = outbox_entry(&app->outbox, 0);
		struct tray_item *item = tray_find(app->tray, entry.id);

		if (item == NULL)
			outbox_pop(&app->outbox);
		else if (!hand_over(app, item, entry))
			return;
	}
	/* Decode the next one while the first is being copied or waits. */
	second = tray_find(app->tray, outbox_at(&app->outbox, 1));
	if (second != NULL && !outbox_entry(&app->outbox, 1).as_bytes)
		intake_request(app, second);
}

int64_t outgoing_deadline(const struct producer *app, int64_t now)
{
	int64_t end = app->handed_over + PATIENCE_NS;

	if (now >= end || outbox_count(&app->outbox) != 1 || publisher_is_free(app->publisher))
		return WINDOW_FOREVER;
	return end;
}

/* ---- messages ------------------------------------------------------------------------------ */

/* ". “x” waits, 3 more behind it; Esc cancels it". */
static void add_who_waits(const struct producer *app, char *text, size_t size)
{
	const struct tray_item *item = tray_find(app->tray, outbox_at(&app->outbox, 0));
	size_t more = outbox_count(&app->outbox) - 1;
	size_t length = strlen(text);
	char name[64];

	text_printable(name, sizeof(name), item != NULL ? item->name : _("an image"));
	if (more > 0)
		text_print(text + length, size - length,
			_(". “%s” waits, %zu more behind it; Esc cancels it"), name, more);
	else
		text_print(text + length, size - length, _(". “%s” waits; Esc cancels it"), name);
}

static void tell_waiting(struct producer *app, int64_t now)
{
	struct state_line *line = &app->waiting;
	enum publisher_state state = publisher_state(app->publisher);
	bool is_busy = outbox_count(&app->outbox) > 0;
	int32_t holder = is_busy ? presence_mutex_holder(&app->mutex, &app->look, now) : 0;
	char text[sizeof(line->reason)];

	if (!is_busy)
		app->mutex = (struct presence_mutex){0};
	if (holder != 0) {
		producer_state(app, line, _("The mutex is held"), presence_holder(text, holder));
	} else if (is_busy && state == PUBLISHER_WAITS_SLOT && app->look.snapshot.slot_count > 0) {
		presence_full(text, &app->look);
		add_who_waits(app, text, sizeof(text));
		producer_state(app, line, _("The buffer is full"), text);
	} else if (app->was_open && app->look.state == LINK_FAILED) {
		producer_state(app, line, _("There is no channel"), app->look.message);
	} else {
		producer_state(app, line, NULL, NULL);
	}
}

/* Reports once, until a consumer joins, that a published image waits in the buffer. */
static void tell_alone(struct producer *app, int64_t now)
{
	const struct tray_item *item = tray_find(app->tray, app->announced);
	bool is_alone = app->look.snapshot.consumers.value == 0;
	char reason[VITRINE_NAME_MAX + 160];

	if (!is_alone && app->was_alone) {
		app->was_alone = false;
		if (notices_withdraw(app->notices, NOTICE_NEWS, app->alone))
			window_touch(app->window);
	} else if (is_alone && app->announced != 0 && !app->was_alone &&
		   app->look.snapshot.mirrors.value == 0) {
		bool has_key = app->key->source == VITRINE_KEY_ARGUMENT;

		text_print(reason, sizeof(reason),
			_("is published and waits in the buffer for a consumer: start vitrine-consumer%s%s"),
			has_key ? " --key " : "", has_key ? app->key->text : "");
		snprintf(app->alone, sizeof(app->alone), "%s", item != NULL ? item->name : "");
		notices_add(app->notices, now, NOTICE_NEWS, app->alone, reason);
		app->was_alone = true;
	}
	app->announced = 0;
}

void outgoing_tell(struct producer *app, int64_t now)
{
	if (app->look.reopened)
		notices_add(app->notices, now, NOTICE_WARNING, PRESENCE_REMOVED,
			PRESENCE_REMOVED_REASON);
	tell_waiting(app, now);
	if (app->look.state == LINK_OPEN && app->look.snapshot.slot_count > 0)
		tell_alone(app, now);
}
