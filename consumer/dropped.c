/*
 * dropped.c - the part of consumer.h that handles drops. Images belong on a producer, but both
 * windows look alike, so what is dropped here is handed to a producer of the channel. If there is
 * none, it is kept for the producer that this window becomes with key R.
 */
#include "consumer.h"
#include "handover.h"
#include "text.h"
#include "translate.h"

static void refuse(void *data, const char *what, const char *reason)
{
	consumer_tell(data, NOTICE_ERROR, what, reason);
}

/* Keeps the paths for R. False: no memory. */
static bool keep(struct consumer *app)
{
	bool is_kept = true;

	for (size_t i = 0; is_kept && i < app->drop.count; i++)
		is_kept = role_state_add(&app->dropped, ROLE_STATE_DROPPED, app->drop.paths[i]);
	return is_kept;
}

static void answer(struct consumer *app)
{
	struct drop *drop = &app->drop;
	const char *reason;
	bool is_handed_over;
	char subject[VITRINE_NAME_MAX], what[32];

	if (drop->count == 0) {
		if (!drop->was_refused)
			consumer_tell(app, NOTICE_WARNING, NULL, _("The drop contained no files."));
		return;
	}
	is_handed_over = handover_send(app->program->key.value, drop->paths, drop->count);
	text_print(what, sizeof(what), ngettext("%zu file", "%zu files", drop->count), drop->count);
	text_printable(subject, sizeof(subject),
		drop->count == 1 ? text_base_name(drop->paths[0]) : what);
	log_event(app->log, "dropped", LOG_U64("files", drop->count),
		LOG_BOOL("handed_over", is_handed_over));
	if (is_handed_over)
		reason = drop->count == 1
				 ? _("was passed to the producer, and is in the producer's tray")
				 : _("were passed to the producer, and are in the "
				     "producer's tray");
	else if (keep(app))
		reason = _("This window only shows images. Press R to turn it into the "
			   "producer, which opens the dropped files; or drop them on a "
			   "producer's window.");
	else
		reason = _("There is not enough memory to keep the paths.");
	consumer_tell(app, is_handed_over ? NOTICE_NEWS : NOTICE_WARNING, subject, reason);
	drop_forget(drop);
}

bool dropped_event(struct consumer *app, const SDL_Event *event)
{
	enum drop_news news = drop_event(&app->drop, event, refuse, app);

	if (news == DROP_WHOLE)
		answer(app);
	return news != DROP_NOTHING;
}

void dropped_nothing(struct consumer *app)
{
	consumer_tell(app, NOTICE_WARNING, NULL,
		_("This window only shows images. Open or paste them in a producer's window, or press "
		  "R: this window becomes the producer."));
}
