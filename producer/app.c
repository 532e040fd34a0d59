/* app.c - the producer's window: makes what it consists of, runs its loop, ends it. See app.h. */
#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "live_source.h"
#include "startup.h"
#include "theme.h"

#define EVENTS_NS    INT64_C(8000000) /* events are handled for so long before it draws */
#define LOOK_IDLE_NS INT64_C(1000000000)
#define LOOK_BUSY_NS INT64_C(250000000) /* while images wait to be published */
#define LOOK_SOON_NS INT64_C(50000000)

static void wake(void *data)
{
	window_wake(data);
}

/* ---- beginning ----------------------------------------------------------------------------- */

static bool open_window(struct app *app)
{
	struct window_options options = startup_window(&app->arguments->common, "vitrine producer");
	char message[512];
	const char *no_font;

	app->window = window_open(&options, message, sizeof(message));
	if (app->window == NULL) {
		log_error(app->log, "window", message);
		return false;
	}
	no_font = font_error(draw_fonts(window_draw(app->window)));
	if (no_font != NULL)
		log_error(app->log, "text", no_font);
	SDL_Rect rect = window_rect(app->window);
	log_event(app->log, "window", LOG_I64("width", rect.w), LOG_I64("height", rect.h),
		LOG_REAL("scale", (double)draw_scale(window_draw(app->window))),
		LOG_STR("renderer", window_renderer_name(app->window)));
	return true;
}

/* Half of the memory is for what is kept, half for what is being decoded. */
static struct loader *start_loader(const struct app *app)
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

static bool make_models(struct app *app)
{
	struct draw *draw = window_draw(app->window);

	app->tray = tray_create(app->arguments->common.memory / 2);
	app->notices = notices_create();
	app->view = view_create(draw);
	app->tray_view = app->tray != NULL ? tray_view_create(draw, app->tray) : NULL;
	app->chooser = chooser_create(wake, app->window);
	return app->tray != NULL && app->notices != NULL && app->view != NULL &&
	       app->tray_view != NULL && app->chooser != NULL;
}

static bool start_threads(struct app *app, const struct vitrine_options *options)
{
	const struct vitrine_options observed = lab_observed(app->lab, options);

	app->signals = signals_create(wake, app->window);
	app->link = link_create(&observed, app->log, wake, app->window);
	app->loader = start_loader(app);
	app->reducer = reducer_create(wake, app->window);
	if (app->link != NULL && lab_start(app->lab, app->link))
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

/* A path as drops and the watched folder give it: from the root. The caller frees it. */
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

static void load_arguments(struct app *app, const struct vitrine_options *options)
{
	const struct arguments *arguments = app->arguments;
	char **paths = calloc(arguments->path_count + 1, sizeof(char *));
	size_t count = 0;

	for (size_t i = 0; paths != NULL && i < arguments->path_count; i++)
		if (live_source_is(arguments->paths[i]))
			monitor_start(app, arguments->paths[i], options);
		else if ((paths[count] = absolute(arguments->paths[i])) != NULL)
			count++;
	intake_paths(app, (const char *const *)paths, count, arguments->publish);
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

static bool start_watch(struct app *app)
{
	char *folder;

	if (app->arguments->watch == NULL)
		return true;
	folder = absolute(app->arguments->watch);
	if (folder != NULL)
		app->watch = watch_create(folder, wake, app->window);
	if (app->watch == NULL)
		log_error(app->log, app->arguments->watch, strerror(errno));
	free(folder);
	return app->watch != NULL;
}

struct app *app_create(const struct arguments *arguments, const struct vitrine_key *key,
	const struct vitrine_options *options, const struct luggage *luggage, struct log *log)
{
	struct app *app = calloc(1, sizeof(*app));

	if (app == NULL) {
		log_error(log, "cannot start", strerror(errno));
		return NULL;
	}
	app->arguments = arguments;
	app->key = key;
	app->luggage = luggage;
	app->log = log;
	if (!open_window(app)) {
		app_destroy(app);
		return NULL;
	}
	app->lab = lab_create(&arguments->lab, app->window, log, THEME_AMBER);
	if (app->lab == NULL) {
		app_destroy(app);
		return NULL;
	}
	if (!make_models(app) || !start_threads(app, options)) {
		log_error(log, "cannot start", strerror(errno));
		app_destroy(app);
		return NULL;
	}
	if (!start_watch(app)) {
		app_destroy(app);
		return NULL;
	}
	intake_unpack(app, luggage);
	load_arguments(app, options);
	return app;
}

/* ---- the channel, as it is now ------------------------------------------------------------- */

void app_state(struct app *app, struct state_line *line, const char *subject, const char *reason)
{
	if (reason == NULL)
		subject = NULL;
	if (subject == line->subject && (subject == NULL || strcmp(reason, line->reason) == 0))
		return;
	if (line->subject != NULL)
		notices_withdraw(app->notices, line->subject);
	line->subject = subject;
	if (subject != NULL) {
		snprintf(line->reason, sizeof(line->reason), "%s", reason);
		notices_add(app->notices, window_now(), NOTICE_STATE, subject, reason);
	}
	window_touch(app->window);
}

void app_look_soon(struct app *app)
{
	app->look_next = 0;
}

/* The channel could not be opened at all: that ends the program. */
static void fail(struct app *app)
{
	char what[VITRINE_NAME_MAX + 16];

	snprintf(what, sizeof(what), "channel %s", app->key->text);
	log_error(app->log, what, app->look.message);
	app->status = 1;
	app->is_quitting = true;
}

static void look(struct app *app, int64_t now)
{
	char presence[PRESENCE_MAX] = "";
	bool is_busy = outbox_count(&app->outbox) > 0;

	link_look(app->link, &app->look);
	app->looked = now;
	app->look_next = now + (is_busy ? LOOK_BUSY_NS : LOOK_IDLE_NS);
	if (app->look.state == LINK_FAILED && !app->was_open)
		fail(app);
	if (app->look.state == LINK_OPEN)
		app->was_open = true;
	if (app->look.snapshot.slot_count > 0)
		presence_consumers(presence, &app->look);
	else if (app->look.state == LINK_OPENING)
		snprintf(presence, sizeof(presence), "opening the channel …");
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

static void forget_textures(struct app *app)
{
	show_forget(app);
	lab_forget(app->lab);
}

static void wait_for_events(struct app *app, bool is_busy)
{
	int64_t deadline =
		is_busy ? 0
			: least(least(app->look_next, lab_deadline(app->lab)),
				  least(notices_deadline(app->notices), show_deadline(app)));
	int64_t start = 0;
	enum window_news news;
	SDL_Event event;

	/* The first call may sleep, the others only fetch what else is there. */
	while ((news = window_wait(app->window, &event, deadline)) != WINDOW_NOTHING) {
		deadline = 0;
		screen_place(app);
		if (news == WINDOW_EVENT)
			actions_event(app, &event);
		else if (news == WINDOW_LOST)
			forget_textures(app);
		else
			app->look_next = least(app->look_next, app->looked + LOOK_SOON_NS);
		if (start == 0)
			start = window_now();
		if (window_now() - start > EVENTS_NS)
			break;
	}
}

int app_run(struct app *app)
{
	bool is_busy = true;

	while (!app->is_quitting) {
		int64_t now;

		wait_for_events(app, is_busy);
		sources_work(app);
		is_busy = intake_work(app);
		outgoing_work(app);
		now = window_now();
		is_busy |= show_work(app, now);
		lab_work(app->lab, now);
		publisher_set_quiet(app->publisher, lab_is_stepping(app->lab));
		if (now >= app->look_next)
			look(app, now);
		if (signals_came(app->signals)) {
			app->is_changing_role = false;
			app->is_quitting = true;
		}
		screen_draw(app, now);
	}
	return app->status;
}

/* ---- becoming the consumer ------------------------------------------------------------------ */

bool app_changes_role(const struct app *app)
{
	return app->is_changing_role && app->status == 0;
}

static bool pack_tray(const struct app *app, struct luggage *luggage)
{
	const struct tray_item *chosen = tray_chosen(app->tray);
	bool is_packed = true;

	for (size_t i = 0; is_packed && i < tray_count(app->tray); i++)
		is_packed = luggage_pack(luggage, LUGGAGE_TRAY, tray_at(app->tray, i)->path);
	if (is_packed && chosen != NULL)
		is_packed = luggage_pack(luggage, LUGGAGE_CHOSEN, chosen->path);
	for (size_t i = 0; is_packed && i < outbox_count(&app->outbox); i++) {
		struct outbox_entry entry = outbox_entry(&app->outbox, i);
		const struct tray_item *item = tray_find(app->tray, entry.id);

		if (item != NULL)
			is_packed = luggage_pack(luggage,
				entry.as_bytes ? LUGGAGE_QUEUED_BYTES : LUGGAGE_QUEUED, item->path);
	}
	return is_packed;
}

bool app_pack(const struct app *app, struct role_change *change, struct luggage *luggage)
{
	const struct arguments *arguments = app->arguments;
	char watch[PATH_MAX + sizeof("--watch=")];
	bool is_packed = pack_tray(app, luggage) &&
			 luggage_pack_all(luggage, LUGGAGE_CONSUMER, app->luggage);

	if (is_packed && arguments->watch != NULL) {
		snprintf(watch, sizeof(watch), "--watch=%s", arguments->watch);
		is_packed = luggage_pack(luggage, LUGGAGE_PRODUCER, watch);
	}
	if (is_packed && arguments->when_full == VITRINE_DROP_OLDEST)
		is_packed = luggage_pack(luggage, LUGGAGE_PRODUCER, "--when-full=drop-oldest");
	*change = (struct role_change){
		.to = ROLE_CONSUMER,
		.common = &arguments->common,
		.lab = lab_now(app->lab, &arguments->lab),
		.key = app->key,
		.place = window_place(app->window),
		.full_screen = window_is_full_screen(app->window),
		.luggage = luggage,
	};
	if (!is_packed)
		log_error(app->log, "cannot become the consumer", strerror(errno));
	return is_packed;
}

/* ---- the end ------------------------------------------------------------------------------- */

static void leave_channel(struct app *app)
{
	int waiting = publisher_destroy(app->publisher);
	char what[VITRINE_NAME_MAX + 64];

	log_event(app->log, "closed", LOG_I64("waiting", waiting > 0 ? waiting : 0));
	if (waiting <= 0 || app_changes_role(app))
		return;
	snprintf(what, sizeof(what), "%d image%s wait%s in channel %s", waiting,
		waiting == 1 ? "" : "s", waiting == 1 ? "s" : "", app->key->text);
	log_error(app->log, what, "the next consumer gets them");
}

void app_destroy(struct app *app)
{
	if (app == NULL)
		return;
	lab_let_go(app->lab);
	monitor_end(app);
	if (app->publisher != NULL)
		leave_channel(app);
	lab_destroy(app->lab);
	link_destroy(app->link);
	chooser_destroy(app->chooser);
	watch_destroy(app->watch);
	reducer_destroy(app->reducer);
	loader_destroy(app->loader);
	signals_destroy(app->signals);
	show_end(app);
	sources_end(app);
	intake_end(app);
	outbox_free(&app->outbox);
	tray_view_destroy(app->tray_view);
	tray_destroy(app->tray);
	view_destroy(app->view);
	notices_destroy(app->notices);
	window_close(app->window);
	free(app);
}
