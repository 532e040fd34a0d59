/*
 * dropped.c - the part of consumer.h that answers a drop. Images are dropped on a producer, but both
 * windows look alike: what is dropped here is kept, and R takes it along.
 */
#include "consumer.h"
#include "text.h"

#include <stdio.h>

static void refuse(void *data, const char *what, const char *reason)
{
	consumer_tell(data, NOTICE_ERROR, what, reason);
}

static void answer(struct consumer *app)
{
	struct drop *drop = &app->drop;
	bool is_kept = true;
	bool has_producer = app->look.state == LINK_OPEN && app->look.snapshot.producers.value > 0;
	char subject[VITRINE_NAME_MAX], what[32];

	if (drop->count == 0) {
		if (!drop->was_refused)
			consumer_tell(app, NOTICE_WARNING, NULL, "The drop contained no files.");
		return;
	}
	for (size_t i = 0; is_kept && i < drop->count; i++)
		is_kept = luggage_pack(&app->dropped, LUGGAGE_DROPPED, drop->paths[i]);
	snprintf(what, sizeof(what), "%zu files", drop->count);
	text_printable(subject, sizeof(subject),
		drop->count == 1 ? text_base_name(drop->paths[0]) : what);
	log_event(app->log, "dropped", LOG_U64("files", drop->count));
	consumer_tell(app, NOTICE_WARNING, subject,
		has_producer ? "This window only shows images: drop files on the producer's "
			       "window. Or press R: this window becomes a producer, too, and "
			       "opens them."
			     : "This window only shows images. Press R: it becomes the producer "
			       "and opens them.");
	drop_forget(drop);
}

bool dropped_event(struct consumer *app, const SDL_Event *event)
{
	enum drop_news news = drop_event(&app->drop, event, refuse, app);

	if (news == DROP_WHOLE)
		answer(app);
	return news != DROP_NOTHING;
}
