/*
 * producer_setup.c - see producer.h: creates and destroys the window, and collects what the
 * consumer takes over.
 */
#include "producer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live_source.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

/* ---- beginning ----------------------------------------------------------------------------- */

static void wake(void *data)
{
	window_wake(data);
}

/* Half of the memory is for decoded pictures, half for decoding. */
static struct loader *start_loader(const struct producer *app)
{
	double scale = (double)draw_scale(window_draw(app->window));
	const struct loader_options options = {
		.limit = app->arguments->common.memory,
		.room = app->arguments->common.memory / 2,
		.thumbnail_width = (uint32_t)(THEME_THUMB_WIDTH * scale),
		.thumbnail_height = (uint32_t)(THEME_THUMB_HEIGHT * scale),
		.decoder_timeout_ns = app->arguments->common.decode_timeout_ns,
		.wake = wake,
		.wake_data = app->window,
	};

	return loader_create(&options);
}

static bool make_models(struct producer *app)
{
	struct draw *draw = window_draw(app->window);

	app->tray = tray_create(app->arguments->common.memory / 2);
	app->notices = notices_create();
	app->view = view_create(draw);
	app->tray_view = app->tray != NULL ? tray_view_create(draw, app->tray) : NULL;
	app->chooser = chooser_create(wake, app->window);
	app->clipboard = clipboard_create(wake, app->window);
	app->handover = handover_open(app->key->value);
	return app->tray != NULL && app->notices != NULL && app->view != NULL &&
	       app->tray_view != NULL && app->chooser != NULL && app->clipboard != NULL;
}

static bool start_threads(struct producer *app, const struct vitrine_options *options)
{
	const struct vitrine_options observed = debugger_observed(app->debugger, options);

	app->signals = signals_create(wake, app->window);
	app->link = link_create(&observed, app->log, wake, app->window);
	app->loader = start_loader(app);
	app->reducer = reducer_create(wake, app->window);
	if (app->link != NULL && debugger_start(app->debugger, app->link))
		app->publisher = publisher_create(&(struct publisher_options){
			.link = app->link,
			.when_full = app->arguments->when_full,
			.checksum = app->arguments->common.checksum,
			.log = app->log,
			.wake = wake,
			.wake_data = app->window,
		});
	return app->signals != NULL && app->loader != NULL && app->reducer != NULL &&
	       app->publisher != NULL;
}

/* The absolute form of a path, as drops and the watched folder give it. The caller frees it. */
static char *absolute(const char *path)
{
	char *folder = path[0] != '/' ? getcwd(NULL, 0) : NULL;
	char *whole = NULL;

	while (strncmp(path, "./", 2) == 0)
		path += 2;
	if (folder == NULL)
		return strdup(path);
	if (asprintf(&whole, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path) < 0)
		whole = NULL;
	free(folder);
	return whole;
}

static void load_arguments(struct producer *app, const struct vitrine_options *options)
{
	const struct producer_arguments *arguments = app->arguments;
	char **paths = calloc(arguments->path_count + 1, sizeof(char *));
	size_t count = 0;

	for (size_t i = 0; paths != NULL && i < arguments->path_count; i++)
		if (live_source_is(arguments->paths[i]))
			monitor_start(app, arguments->paths[i], options);
		else if ((paths[count] = absolute(arguments->paths[i])) != NULL)
			count++;
	intake_paths(app, (const char *const *)paths, count,
		arguments->publish ? INTAKE_PUBLISHES : INTAKE_LOADS);
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

static bool start_watch(struct producer *app)
{
	char *folder;

	if (app->arguments->watch == NULL)
		return true;
	folder = absolute(app->arguments->watch);
	if (folder != NULL)
		app->watch = folder_watch_create(folder, wake, app->window);
	if (app->watch == NULL)
		log_error(app->log, app->arguments->watch, strerror(errno));
	free(folder);
	return app->watch != NULL;
}

struct producer *producer_open(const struct producer_arguments *arguments,
	const struct vitrine_options *options, struct program *program)
{
	struct producer *app = calloc(1, sizeof(*app));
	char reason[TEXT_REASON_MAX];

	if (app == NULL) {
		log_error(&program->log, _("cannot start"), strerror(errno));
		return NULL;
	}
	app->arguments = arguments;
	app->program = program;
	app->channel = options;
	app->key = &program->key;
	app->previous = &program->previous;
	app->log = &program->log;
	app->window = program_window(program, &arguments->common);
	if (app->window == NULL) {
		producer_close(app);
		return NULL;
	}
	app->debugger = debugger_create(&arguments->debugger, app->window, app->log, COLOUR_AMBER);
	if (app->debugger == NULL) {
		producer_close(app);
		return NULL;
	}
	if (!make_models(app) || !start_threads(app, options)) {
		log_error(app->log, _("cannot start"), strerror(errno));
		producer_close(app);
		return NULL;
	}
	if (!start_watch(app)) {
		producer_close(app);
		return NULL;
	}
	if (!kept_tray_begin(&app->kept, reason))
		intake_refuse(app, app->kept.file, reason);
	intake_restore(app, app->previous);
	load_arguments(app, options);
	slides_begin(app);
	return app;
}

/* ---- becoming the consumer ------------------------------------------------------------------ */

static bool changes_role(const struct producer *app)
{
	return app->is_changing_role && app->status == 0;
}

static bool add_properties(const struct tray_item *item, struct role_state *next)
{
	char turned[1 + PATH_MAX];

	if (item->by_hand && !role_state_add(next, ROLE_STATE_BY_HAND, item->path))
		return false;
	snprintf(turned, sizeof(turned), "%d%s", item->orientation, item->path);
	return item->orientation == 1 || role_state_add(next, ROLE_STATE_TURNED, turned);
}

static bool add_tray(const struct producer *app, struct role_state *next)
{
	const struct tray_item *chosen = tray_chosen(app->tray);
	bool is_added = true;

	for (size_t i = 0; is_added && i < tray_count(app->tray); i++)
		is_added = role_state_add(next, ROLE_STATE_TRAY, tray_at(app->tray, i)->path);
	for (size_t i = 0; is_added && i < tray_count(app->tray); i++)
		is_added = add_properties(tray_at(app->tray, i), next);
	if (is_added && chosen != NULL)
		is_added = role_state_add(next, ROLE_STATE_CHOSEN, chosen->path);
	for (size_t i = 0; is_added && i < outbox_count(&app->outbox); i++) {
		struct outbox_entry entry = outbox_entry(&app->outbox, i);
		const struct tray_item *item = tray_find(app->tray, entry.id);

		if (item != NULL)
			is_added = role_state_add(next,
				entry.as_bytes ? ROLE_STATE_QUEUED_BYTES : ROLE_STATE_QUEUED,
				item->path);
	}
	return is_added;
}

void producer_prepare_change(const struct producer *app)
{
	const struct producer_arguments *arguments = app->arguments;
	struct role_state *next = &app->program->next;
	char option[PATH_MAX + sizeof("--watch=")];
	bool is_added;

	if (!changes_role(app))
		return;
	is_added =
		add_tray(app, next) && role_state_add_all(next, ROLE_STATE_CONSUMER, app->previous);
	if (is_added && arguments->watch != NULL) {
		snprintf(option, sizeof(option), "--watch=%s", arguments->watch);
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, option);
		log_error(app->log, arguments->watch,
			_("is not watched while this window is a consumer (R turns it back); files "
			  "written in the meantime will be loaded but not published"));
	}
	if (is_added && app->slideshow.state == SLIDESHOW_RUNS) {
		snprintf(option, sizeof(option), "--every=%lldms",
			(long long)(app->slideshow.every_ns / 1000000));
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, option);
	}
	if (is_added && arguments->still)
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, "--still");
	if (is_added && arguments->shuffles)
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, "--shuffle");
	if (is_added && arguments->once)
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, "--once");
	if (is_added && arguments->has_when_full)
		is_added = role_state_add(next, ROLE_STATE_PRODUCER,
			arguments->when_full == VITRINE_WAIT ? "--when-full=wait"
							     : "--when-full=drop-oldest");
	if (is_added && arguments->no_prepare)
		is_added = role_state_add(next, ROLE_STATE_PRODUCER, "--no-prepare");
	if (!is_added) {
		log_error(app->log, _("cannot become the consumer"), strerror(errno));
		return;
	}
	app->program->change = (struct role_change){
		.to = ROLE_CONSUMER,
		.common = &arguments->common,
		.debugger = debugger_options_now(app->debugger, &arguments->debugger),
		.key = app->key,
		.place = window_place(app->window),
		.full_screen = window_is_full_screen(app->window),
		.text_size = window_usual_text_size(app->window),
		.lecture = window_is_lecture(app->window),
		.next = next,
	};
}

/* ---- the end ------------------------------------------------------------------------------- */

static void leave_channel(struct producer *app)
{
	int waiting = publisher_destroy(app->publisher);
	char what[VITRINE_NAME_MAX + 64];

	log_event(app->log, "closed", LOG_I64("waiting", waiting > 0 ? waiting : 0));
	if (waiting <= 0 || changes_role(app))
		return;
	text_print(what, sizeof(what),
		ngettext("%d image waits in channel %s", "%d images wait in channel %s",
			(unsigned long)waiting),
		waiting, app->key->text);
	log_error(app->log, what,
		ngettext("the next consumer will get it", "the next consumer will get them",
			(unsigned long)waiting));
}

void producer_close(struct producer *app)
{
	if (app == NULL)
		return;
	debugger_release(app->debugger);
	monitor_end(app);
	player_end(app);
	if (app->publisher != NULL)
		leave_channel(app);
	debugger_destroy(app->debugger);
	link_destroy(app->link);
	chooser_destroy(app->chooser);
	clipboard_destroy(app->clipboard);
	folder_watch_destroy(app->watch);
	reducer_destroy(app->reducer);
	loader_destroy(app->loader);
	signals_destroy(app->signals);
	chosen_end(app);
	sources_end(app);
	intake_end(app);
	kept_tray_end(&app->kept, app->tray, app->log);
	slideshow_end(&app->slideshow);
	changes_free(&app->changes);
	outbox_free(&app->outbox);
	tray_view_destroy(app->tray_view);
	tray_destroy(app->tray);
	view_destroy(app->view);
	notices_destroy(app->notices);
	window_close(app->window);
	free(app);
}
