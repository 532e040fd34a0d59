/*
 * consumer_setup.c - see consumer.h: creates and destroys the window, and collects what the
 * producer takes over.
 */
#include "consumer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "newfile.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

/* ---- the beginning ------------------------------------------------------------------------- */

static void wake(void *data)
{
	struct consumer *app = data;

	window_wake(app->window);
}

/*
 * Check this now rather than when S is pressed; the current folder is used only if no other was
 * given.
 */
static bool can_save(const struct consumer *app)
{
	const char *save_to = app->arguments->save_to;
	int folder = strcmp(save_to, ".") != 0 ? newfile_folder(save_to) : -1;
	char reason[TEXT_REASON_MAX], what[PATH_MAX + 16];

	if (folder >= 0)
		close(folder);
	else if (strcmp(save_to, ".") != 0) {
		snprintf(what, sizeof(what), "--save-to %s", save_to);
		log_error(app->log, what, newfile_reason(reason, folder));
		return false;
	}
	return true;
}

bool consumer_open(struct consumer *app, const struct vitrine_options *channel)
{
	struct vitrine_options observed;

	if (!can_save(app))
		return false;
	app->window = program_window(app->program, &app->arguments->common);
	if (app->window == NULL)
		return false;
	app->draw = window_draw(app->window);
	app->debugger =
		debugger_create(&app->arguments->debugger, app->window, app->log, COLOUR_TEAL);
	if (app->debugger == NULL)
		return false;
	observed = debugger_observed(app->debugger, channel);
	app->view = view_create(app->draw);
	app->notices = notices_create();
	app->history = history_create(app->arguments->common.memory);
	app->signals = signals_create(wake, app);
	app->link = link_create(&observed, app->log, wake, app);
	app->saver = saver_create(app->arguments->save_to, app->log, wake, app);
	app->reducer = reducer_create(wake, app);
	app->chooser = chooser_create(wake, app);
	app->clipboard = clipboard_create(wake, app);
	if (app->view == NULL || app->notices == NULL || app->history == NULL ||
		app->signals == NULL || app->link == NULL || app->saver == NULL ||
		app->reducer == NULL || app->chooser == NULL || app->clipboard == NULL ||
		!debugger_start(app->debugger, app->link)) {
		log_error(app->log, _("start"), strerror(errno));
		return false;
	}
	app->receiver = receiver_create(&(struct receiver_options){
		.link = app->link,
		.history = app->history,
		.log = app->log,
		.mirror = app->arguments->mirror,
		.verify = app->arguments->common.checksum != VITRINE_NO_CHECKSUM,
		.wake = wake,
		.wake_data = app,
		.decoder = {.memory = app->arguments->common.memory,
			.timeout_ns = app->arguments->common.decode_timeout_ns},
	});
	if (app->receiver == NULL)
		log_error(app->log, _("start"), strerror(errno));
	app->viewer = (struct viewer){
		.view = app->view,
		.receiver = app->receiver,
		.history = app->history,
		.log = app->log,
	};
	return app->receiver != NULL;
}

/* ---- the end ------------------------------------------------------------------------------- */

/*
 * The order matters: nobody reads a slot after the receiver has left, and nobody wakes a window
 * that no longer exists.
 */
void consumer_close(struct consumer *app)
{
	bool was_in = app->receiver != NULL && app->was_open;
	int waiting;
	char text[160];

	stream_stats_end(&app->viewer.stream, INT64_MAX, app->log);
	if (app->viewer.view != NULL)
		viewer_close(&app->viewer);
	if (app->receiver != NULL && receiver_refused(app->receiver) > 0)
		app->exit_code = 1;
	debugger_release(app->debugger);
	waiting = receiver_destroy(app->receiver);
	if (was_in)
		log_event(app->log, "closed", LOG_I64("waiting", waiting));
	if (waiting > 0 && !app->changes_role) {
		text_print(text, sizeof(text),
			ngettext("%d image waits in it for the next consumer",
				"%d images wait in it for the next consumer",
				(unsigned long)waiting),
			waiting);
		log_error(app->log, _("channel"), text);
	}
	debugger_destroy(app->debugger);
	shown_text_end(&app->shown_text);
	reducer_destroy(app->reducer);
	saver_destroy(app->saver);
	save_commands_end(app);
	chooser_destroy(app->chooser);
	clipboard_destroy(app->clipboard);
	drop_forget(&app->drop);
	role_state_clear(&app->dropped);
	link_destroy(app->link);
	signals_destroy(app->signals);
	history_destroy(app->history);
	notices_destroy(app->notices);
	view_destroy(app->view);
	window_close(app->window);
}

/* Collects what the producer gets: the options, the position of the window, and the tray. */
static void prepare_change(struct consumer *app)
{
	static const enum role_state_kind carried[] = {ROLE_STATE_TRAY, ROLE_STATE_BY_HAND,
		ROLE_STATE_TURNED, ROLE_STATE_CHOSEN, ROLE_STATE_QUEUED, ROLE_STATE_QUEUED_BYTES,
		ROLE_STATE_PRODUCER};
	const struct consumer_arguments *arguments = app->arguments;
	struct role_state *next = &app->program->next;
	char save_to[PATH_MAX + sizeof("--save-to=")];
	bool is_added;

	snprintf(save_to, sizeof(save_to), "--save-to=%s", arguments->save_to);
	is_added = role_state_add(next, ROLE_STATE_CONSUMER, save_to);
	if (is_added && app->is_mirror)
		is_added = role_state_add(next, ROLE_STATE_CONSUMER, "--mirror");
	if (is_added && app->is_manual && !app->is_mirror)
		is_added = role_state_add(next, ROLE_STATE_CONSUMER, "--manual");
	if (is_added && app->is_paused)
		is_added = role_state_add(next, ROLE_STATE_CONSUMER, "--paused");
	if (is_added && arguments->logs_input)
		is_added = role_state_add(next, ROLE_STATE_CONSUMER, "--log-input");
	for (size_t i = 0; is_added && i < sizeof(carried) / sizeof(carried[0]); i++)
		is_added = role_state_add_all(next, carried[i], app->previous);
	if (is_added)
		is_added = role_state_add_all(next, ROLE_STATE_DROPPED, &app->dropped);
	if (!is_added) {
		log_error(app->log, _("cannot become the producer"), strerror(errno));
		app->exit_code = 1;
		return;
	}
	app->program->change = (struct role_change){
		.to = ROLE_PRODUCER,
		.common = &arguments->common,
		.debugger = debugger_options_now(app->debugger, &arguments->debugger),
		.key = &app->program->key,
		.place = window_place(app->window),
		.full_screen = window_is_full_screen(app->window),
		.text_size = window_usual_text_size(app->window),
		.lecture = window_is_lecture(app->window),
		.next = next,
	};
}

/* Reports what a producer had queued and will not be published. */
static void tell_unpublished(const struct consumer *app)
{
	size_t count = role_state_count(app->previous, ROLE_STATE_QUEUED) +
		       role_state_count(app->previous, ROLE_STATE_QUEUED_BYTES);
	char text[160];

	if (count == 0)
		return;
	text_print(text, sizeof(text),
		ngettext("%zu queued image was not published",
			"%zu queued images were not published", count),
		count);
	log_error(app->log, _("tray"), text);
}

void consumer_leave_role(struct consumer *app)
{
	if (app->changes_role)
		prepare_change(app);
	else
		tell_unpublished(app);
}
