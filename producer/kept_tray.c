/*
 * kept_tray.c - the tray outlives the program: its list is written some seconds after each change and
 * at the end, so that a killed program loses little. Only a tray that the user has filled is kept:
 * what stood on the command line is there again with the same command, and a script that starts a
 * producer must not replace the user's tray.
 */
#include "monotonic.h"
#include "producer.h"
#include "translate.h"

#define DELAY_NS INT64_C(3000000000)

void kept_tray_begin(struct producer *app)
{
	struct kept_tray *kept = &app->kept;
	char reason[TEXT_REASON_MAX];

	if (!session_file(kept->file))
		kept->file[0] = '\0';
	else if (!session_load(&kept->last, kept->file, reason))
		intake_refuse(app, kept->file, reason);
}

void kept_tray_open(struct producer *app)
{
	struct session *last = &app->kept.last;
	struct tray_item *first = NULL;

	if (last->count == 0)
		notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, NULL,
			_("No tray of last time is kept."));
	for (size_t i = 0; i < last->count; i++) {
		struct tray_item *item = intake_put_back(app, last->paths[i], SIZE_MAX);

		if (item == NULL)
			break;
		item->by_hand = true;
		if (first == NULL)
			first = item;
	}
	if (first != NULL) {
		monitor_choose(app, false);
		tray_choose(app->tray, first->place);
	}
	session_free(last);
	window_touch(app->window);
}

static void save(struct producer *app)
{
	struct kept_tray *kept = &app->kept;
	char reason[TEXT_REASON_MAX];

	kept->due = 0;
	kept->version = tray_version(app->tray);
	if (session_save(kept->file, app->tray, reason))
		return;
	log_error(app->log, kept->file, reason);
	kept->file[0] = '\0'; /* once is enough */
}

/* An empty tray does not replace one that may still be wanted. */
static bool has_news(const struct producer *app)
{
	return app->kept.file[0] != '\0' && app->kept.version != tray_version(app->tray) &&
	       tray_by_hand(app->tray) > 0;
}

void kept_tray_work(struct producer *app, int64_t now)
{
	struct kept_tray *kept = &app->kept;

	if (kept->due != 0 ? now < kept->due : kept->version == tray_version(app->tray))
		return;
	if (!has_news(app))
		kept->version = tray_version(app->tray);
	else if (kept->due == 0)
		kept->due = now + DELAY_NS;
	else
		save(app);
}

int64_t kept_tray_deadline(const struct producer *app)
{
	return app->kept.due != 0 ? app->kept.due : WINDOW_FOREVER;
}

void kept_tray_end(struct producer *app)
{
	if (app->tray != NULL && has_news(app))
		save(app);
	session_free(&app->kept.last);
}
