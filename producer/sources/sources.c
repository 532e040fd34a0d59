/*
 * sources.c - the sources of paths: drops on the window, the desktop's file chooser, the gallery,
 * and the watched folder. All pass them to intake.c.
 */
#include "producer.h"

#include <SDL_clipboard.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "executable.h"
#include "format.h"
#include "monotonic.h"
#include "pasted.h"
#include "text.h"
#include "translate.h"

/* ---- drops --------------------------------------------------------------------------------- */

static void refuse_dropped(void *data, const char *what, const char *reason)
{
	intake_refuse(data, what, reason);
}

/* `nothing`: the message if there was neither a file nor anything to refuse. */
static void finish_drop(struct producer *app, const char *nothing)
{
	struct drop *drop = &app->sources.drop;

	if (drop->count == 0 && !drop->was_refused)
		notices_add(app->notices, monotonic_ns(), NOTICE_WARNING, NULL, nothing);
	if (drop->count > 0)
		monitor_choose(app, false);
	intake_paths(app, (const char *const *)drop->paths, drop->count, INTAKE_BY_HAND);
	drop_forget(drop);
	window_touch(app->window);
}

bool sources_event(struct producer *app, const SDL_Event *event)
{
	enum drop_news news = drop_event(&app->sources.drop, event, refuse_dropped, app);

	if (news == DROP_WHOLE)
		finish_drop(app, _("The drop contained no files."));
	return news != DROP_NOTHING;
}

/* ---- the clipboard ------------------------------------------------------------------------- */

static void refuse_paste(struct producer *app, const char *reason)
{
	const char *subject = _("nothing was pasted");

	log_error(app->log, subject, reason);
	notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, subject, reason);
	window_touch(app->window);
}

/* Without the desktop's program, SDL still provides text, which may be paths. */
static void paste_text(struct producer *app)
{
	char *text = SDL_GetClipboardText();

	if (text == NULL || text[0] == '\0') {
		refuse_paste(app, clipboard_remedy());
	} else {
		drop_forget(&app->sources.drop);
		drop_add_text(&app->sources.drop, text, refuse_dropped, app);
		finish_drop(app, _("The clipboard contains no files."));
	}
	SDL_free(text);
}

void sources_paste(struct producer *app)
{
	switch (clipboard_paste(app->clipboard)) {
	case CLIPBOARD_STARTED: break;
	case CLIPBOARD_MISSING: paste_text(app); break;
	case CLIPBOARD_FAILED:
	default: refuse_paste(app, strerror(errno)); break;
	}
}

static void take_pasted_image(struct producer *app, const struct clipboard_end *end)
{
	char path[PATH_MAX];
	char reason[TEXT_REASON_MAX];

	if (pasted_keep(path, end->type, end->bytes, end->size, reason))
		drop_add(&app->sources.drop, path);
	else
		refuse_paste(app, reason);
}

static void take_pasted(struct producer *app)
{
	struct clipboard_end end;
	char reason[160];

	if (!clipboard_pop(app->clipboard, &end))
		return;
	drop_forget(&app->sources.drop);
	if (end.status != 0) {
		text_print(reason, sizeof(reason), _("%.40s ended with status %d"), end.program,
			end.status);
		refuse_paste(app, reason);
	} else if (end.bytes == NULL || end.size == 0) {
		refuse_paste(app, _("the clipboard has neither an image nor files"));
	} else if (strncmp(end.type, "image/", 6) == 0) {
		take_pasted_image(app, &end);
	} else {
		drop_add_text(&app->sources.drop, end.bytes, refuse_dropped, app);
	}
	if (app->sources.drop.count > 0)
		finish_drop(app, "");
	clipboard_end_free(&end);
}

/* ---- the tray of last time ----------------------------------------------------------------- */

void sources_last_tray(struct producer *app)
{
	struct session *last = &app->kept.last;
	struct tray_item *first = NULL;

	if (last->count == 0)
		notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, NULL,
			_("No earlier tray was saved."));
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

/* ---- the gallery --------------------------------------------------------------------------- */

void sources_gallery(struct producer *app)
{
	/* Relative to the program: installed, or in the source tree. */
	static const char *const places[] = {VITRINE_GALLERY, "../../assets"};
	struct gallery *gallery = &app->gallery;
	char folder[PATH_MAX];

	if (!executable_find_file(folder, places, 2, "") || !gallery_open(gallery, folder)) {
		intake_refuse(app, folder,
			_("the gallery is not installed; it is the folder assets of Vitrine's source"));
		return;
	}
	for (size_t i = 0; i < gallery->count; i++)
		if (format_is_image_name(gallery->items[i].name))
			loader_load(app->loader, SOURCES_GALLERY_IDS + i, gallery->items[i].path,
				LOADER_THUMBNAIL);
	window_touch(app->window);
}

static void close_gallery(struct producer *app)
{
	for (size_t i = 0; i < app->gallery.count; i++)
		loader_cancel(app->loader, SOURCES_GALLERY_IDS + i);
	gallery_close(&app->gallery);
}

static void add_all_of_gallery(struct producer *app)
{
	const struct gallery *gallery = &app->gallery;
	const char **paths = calloc(gallery->count, sizeof(char *));

	for (size_t i = 0; paths != NULL && i < gallery->count; i++)
		paths[i] = gallery->items[i].path;
	if (paths != NULL)
		intake_paths(app, paths, gallery->count, INTAKE_BY_HAND);
	free(paths);
	close_gallery(app);
}

bool sources_gallery_event(struct producer *app, const SDL_Event *event)
{
	const struct gallery *gallery = &app->gallery;

	switch (gallery_event(&app->gallery, event)) {
	case GALLERY_ADD:
		intake_paths(app, (const char *const[]){gallery->items[gallery->chosen].path}, 1,
			INTAKE_BY_HAND);
		break;
	case GALLERY_ADD_ALL: add_all_of_gallery(app); break;
	case GALLERY_CLOSE: close_gallery(app); break;
	case GALLERY_TAKEN: break;
	case GALLERY_NOTHING:
	default: return false;
	}
	window_touch(app->window);
	return true;
}

void sources_gallery_result(struct producer *app, struct loader_result *result)
{
	gallery_set_thumbnail(&app->gallery, (size_t)(result->id - SOURCES_GALLERY_IDS),
		result->thumbnail);
	result->thumbnail = NULL;
}

/* ---- the file chooser ---------------------------------------------------------------------- */

static void take_chosen(struct producer *app)
{
	struct chosen chosen;
	char reason[128];

	if (!chooser_pop(app->chooser, &chosen))
		return;
	if (chosen.status > 1) {
		text_print(reason, sizeof(reason), _("the file chooser ended with status %d"),
			chosen.status);
		log_error(app->log, chosen.program, reason);
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, chosen.program, reason);
		window_touch(app->window);
	}
	intake_paths(app, (const char *const *)chosen.paths, chosen.count, INTAKE_BY_HAND);
	chosen_free(&chosen);
}

void sources_choose(struct producer *app)
{
	const char *subject = _("no file chooser");
	const char *reason;

	switch (chooser_open(app->chooser, _("Images for the producer"))) {
	case CHOOSER_MISSING:
		reason = _(
			"neither zenity nor kdialog is installed: sudo apt install zenity; or drop "
			"the files here");
		break;
	case CHOOSER_FAILED: reason = strerror(errno); break;
	case CHOOSER_STARTED:
	case CHOOSER_IS_OPEN:
	default: return;
	}
	log_error(app->log, subject, reason);
	notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, subject, reason);
	window_touch(app->window);
}

/* ---- the folder to watch --------------------------------------------------------------------- */

static void lose_watched_folder(struct producer *app, const char *folder, int problem)
{
	char reason[128];

	text_print(reason, sizeof(reason),
		_("cannot be watched (%s); Vitrine will retry once a second"), strerror(problem));
	log_event(app->log, "watch", LOG_STR("path", folder), LOG_BOOL("there", false));
	log_error(app->log, folder, reason);
	producer_state(app, &app->missing, text_base_name(folder), reason);
}

static void find_watched_folder(struct producer *app, const char *folder)
{
	log_event(app->log, "watch", LOG_STR("path", folder), LOG_BOOL("there", true));
	if (app->missing.subject != NULL) {
		producer_state(app, &app->missing, NULL, NULL);
		notices_add(app->notices, monotonic_ns(), NOTICE_NEWS, text_base_name(folder),
			_("exists again and is being watched"));
	}
	/*
	 * Files that exist at the start are only loaded; files that appeared while the folder was
	 * not watched are news.
	 */
	intake_watched_folder(app, folder, app->sources.was_watching);
}

static void take_watched(struct producer *app)
{
	struct folder_event event;

	while (app->watch != NULL && folder_watch_pop(app->watch, &event)) {
		switch (event.news) {
		case FOLDER_FILE: intake_watched_file(app, event.path); break;
		case FOLDER_GONE: lose_watched_folder(app, event.path, event.problem); break;
		case FOLDER_BACK: find_watched_folder(app, event.path); break;
		case FOLDER_READ: intake_watched_folder(app, event.path, true); break;
		}
		app->sources.was_watching = true;
		free(event.path);
		window_touch(app->window);
	}
}

/* ---- all of them --------------------------------------------------------------------------- */

/* Takes the files that were dropped on a consumer of this channel. */
static void take_handed_over(struct producer *app)
{
	size_t size = 0;
	char *paths = handover_pop(app->handover, &size);

	for (const char *path = paths; path != NULL && path < paths + size;
		path += strlen(path) + 1) {
		monitor_choose(app, false);
		intake_paths(app, &path, 1, INTAKE_BY_HAND);
		window_touch(app->window);
	}
	free(paths);
}

void sources_work(struct producer *app)
{
	take_handed_over(app);
	take_chosen(app);
	take_pasted(app);
	take_watched(app);
}

void sources_end(struct producer *app)
{
	handover_close(app->handover);
	gallery_close(&app->gallery);
	drop_forget(&app->sources.drop);
}
