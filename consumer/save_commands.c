/*
 * save_commands.c - the part of consumer.h for three keys: S and Ctrl+S save the shown image,
 * Ctrl+C copies it. All of them need the history's copy, which comes a moment after the image is on
 * the screen.
 */
#include "consumer.h"
#include "monotonic.h"

#include <SDL_clipboard.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "save.h"
#include "text.h"
#include "translate.h"
#include "turned.h"

/* How often the progress is updated, and after which time it is shown. */
#define PROGRESS_NS INT64_C(100000000)

/* "not saved: REASON". */
static const char *const undone[] = {[SAVER_SAVE] = N_("not saved: %s"),
	[SAVER_SAVE_AS] = N_("not saved: %s"),
	[SAVER_COPY] = N_("not copied: %s")};

/* ---- the three keys ------------------------------------------------------------------------ */

/* Asks where to save; keeps the entry and its reference until the answer. */
static void ask(struct consumer *app, const struct history_entry *entry)
{
	const struct vitrine_image *image = &entry->image;
	char name[SAFENAME_MAX], folder[PATH_MAX], path[2 * PATH_MAX];
	const char *reason;

	if (realpath(app->arguments->save_to, folder) == NULL)
		snprintf(folder, sizeof(folder), "%s", app->arguments->save_to);
	if (image->kind == VITRINE_FILE)
		safename_make(name, image->name, NULL);
	else
		save_name(name, image->name, image->sequence);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	switch (chooser_save(app->chooser, _("Save the image"), path)) {
	case CHOOSER_STARTED:
		picture_unref(app->saving.asked.picture);
		app->saving.asked = *entry;
		picture_ref(entry->picture);
		return;
	case CHOOSER_MISSING:
		reason = _(
			"neither zenity nor kdialog is installed: sudo apt install zenity; or press "
			"S to save without being asked");
		break;
	case CHOOSER_FAILED: reason = strerror(errno); break;
	case CHOOSER_IS_OPEN:
	default: return;
	}
	consumer_tell(app, NOTICE_ERROR, _("no file chooser"), reason);
}

static void queue(struct consumer *app, enum saver_kind kind, const struct history_entry *entry,
	const char *path)
{
	char reason[160];

	if (saver_add(app->saver, kind, entry, path))
		return;
	text_print(reason, sizeof(reason), gettext(undone[kind]),
		_("too many images are being saved"));
	consumer_tell(app, NOTICE_WARNING, entry->image.name, reason);
}

static void copy_text(struct consumer *app, const struct history_entry *entry)
{
	char *text = strndup((const char *)entry->content.bytes, (size_t)entry->image.size);
	bool is_copied = text != NULL && SDL_SetClipboardText(text) == 0;

	free(text);
	consumer_tell(app, is_copied ? NOTICE_NEWS : NOTICE_ERROR, entry->image.name,
		is_copied ? _("copied as text") : _("not copied"));
}

static void obey(struct consumer *app, enum saver_kind kind, const struct history_entry *entry)
{
	if (kind == SAVER_SAVE_AS)
		ask(app, entry);
	else if (kind == SAVER_SAVE || entry->content.kind == CONTENT_PIXELS)
		queue(app, kind, entry, NULL);
	else if (entry->content.kind == CONTENT_TEXT)
		copy_text(app, entry);
	else
		consumer_tell(app, NOTICE_WARNING, entry->image.name,
			_("not copied: only images and texts can be copied; S saves it"));
}

static void begin(struct consumer *app, enum saver_kind kind, uint64_t number)
{
	struct history_entry entry;
	char reason[160];

	app->saving.number = 0;
	if (number == 0) {
		consumer_tell(app, NOTICE_NEWS, NULL, _("There is no image yet."));
	} else if (history_get(app->history, HISTORY_THIS, number, &entry)) {
		obey(app, kind, &entry);
		picture_unref(entry.picture);
	} else if (receiver_has(app->receiver, number)) {
		app->saving.kind = kind;
		app->saving.number = number;
	} else if (app->viewer.stream.is_on && number != app->viewer.shown.number) {
		begin(app, kind, app->viewer.shown.number); /* the next frame has arrived */
	} else {
		text_print(reason, sizeof(reason), gettext(undone[kind]),
			_("it is larger than --memory, so no copy was kept"));
		consumer_tell(app, NOTICE_WARNING, app->viewer.shown.image.name, reason);
	}
}

void save_commands_begin(struct consumer *app, enum saver_kind kind)
{
	begin(app, kind, app->viewer.shown.number);
}

/* ---- results ------------------------------------------------------------------------------- */

static void take_place(struct consumer *app)
{
	struct history_entry *asked = &app->saving.asked;
	struct chosen chosen;
	char reason[128];

	if (!chooser_pop(app->chooser, &chosen))
		return;
	if (chosen.status > 1) {
		text_print(reason, sizeof(reason), _("the file chooser ended with status %d"),
			chosen.status);
		consumer_tell(app, NOTICE_ERROR, chosen.program, reason);
	}
	if (chosen.count > 0)
		queue(app, SAVER_SAVE_AS, asked, chosen.paths[0]);
	chosen_free(&chosen);
	picture_unref(asked->picture);
	*asked = (struct history_entry){0};
}

static void offer(struct consumer *app, const struct saved *saved)
{
	const char *reason;

	switch (clipboard_copy(app->clipboard, "image/png", saved->fd)) {
	case CLIPBOARD_STARTED:
		snprintf(app->saving.copied, sizeof(app->saving.copied), "%.255s", saved->path);
		return;
	case CLIPBOARD_MISSING: reason = clipboard_remedy(); break;
	case CLIPBOARD_FAILED:
	default: reason = strerror(errno); break;
	}
	consumer_tell(app, NOTICE_ERROR, _("not copied"), reason);
}

static void take_copied(struct consumer *app)
{
	struct clipboard_end end;
	char reason[160];

	if (!clipboard_pop(app->clipboard, &end))
		return;
	text_print(reason, sizeof(reason), _("not copied: %s ended with status %d"), end.program,
		end.status);
	if (end.status == 0)
		log_event(app->log, "copied", LOG_STR("name", app->saving.copied));
	consumer_tell(app, end.status == 0 ? NOTICE_NEWS : NOTICE_ERROR, app->saving.copied,
		end.status == 0 ? _("copied as an image") : reason);
	clipboard_end_free(&end);
}

static void take_saved(struct consumer *app)
{
	char reason[PATH_MAX + 64];
	struct saved saved;

	while (saver_pop(app->saver, &saved)) {
		if (!saved.is_saved) {
			notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, saved.path,
				saved.reason);
		} else if (saved.kind == SAVER_COPY) {
			offer(app, &saved);
			close(saved.fd);
		} else {
			text_print(reason, sizeof(reason), _("saved as %s"), saved.path);
			notices_add(app->notices, monotonic_ns(), NOTICE_NEWS,
				text_base_name(saved.path), reason);
		}
		window_touch(app->window);
	}
}

/* Shows the progress of an image that takes a while: "photo.jpg: saving, 45 %". */
static void show_progress(struct consumer *app)
{
	struct saving *saving = &app->saving;
	struct saver_progress progress;
	bool is_busy = saver_progress(app->saver, &progress);
	char reason[128];

	if (!is_busy || strcmp(progress.name, saving->progress.name) != 0) {
		if (saving->progress.name[0] != '\0' &&
			notices_withdraw(app->notices, NOTICE_STATE, saving->progress.name))
			window_touch(app->window);
		saving->progress = (struct saver_progress){.per_cent = UINT_MAX};
		saving->since = monotonic_ns();
		if (is_busy)
			memcpy(saving->progress.name, progress.name, sizeof(progress.name));
	}
	if (!is_busy || progress.per_cent == saving->progress.per_cent ||
		monotonic_ns() < saving->since + PROGRESS_NS)
		return;
	notices_withdraw(app->notices, NOTICE_STATE, progress.name);
	saving->progress = progress;
	text_print(reason, sizeof(reason),
		progress.kind == SAVER_COPY ? _("copying, %u %%") : _("saving, %u %%"),
		progress.per_cent);
	notices_add(app->notices, monotonic_ns(), NOTICE_STATE, progress.name, reason);
	window_touch(app->window);
}

int64_t save_commands_deadline(const struct consumer *app)
{
	struct saver_progress progress;

	return saver_progress(app->saver, &progress) ? monotonic_ns() + PROGRESS_NS
						     : WINDOW_FOREVER;
}

void save_commands_work(struct consumer *app)
{
	show_progress(app);
	take_saved(app);
	take_copied(app);
	take_place(app);
	if (app->saving.number != 0)
		begin(app, app->saving.kind, app->saving.number);
}

void save_commands_end(struct consumer *app)
{
	picture_unref(app->saving.asked.picture);
}
