/*
 * chosen.c - brings the chosen image to the view: has it decoded, uploads it in short steps, and
 * then makes smaller versions of it. The previous image stays until the new one is complete.
 */
#include "load_order.h"
#include "monotonic.h"
#include "producer.h"

#define STEP_NS UINT64_C(6000000)

static void end_source(struct shown *shown)
{
	picture_unref(shown->source);
	shown->source = NULL;
}

static void begin(struct producer *app, uint64_t id, uint64_t version, int orientation,
	struct picture *picture)
{
	struct shown *shown = &app->shown;

	end_source(shown);
	shown->id = id;
	shown->version = version;
	shown->orientation = orientation;
	view_set_orientation(app->view, orientation);
	shown->view_id = view_begin(app->view, &picture->pixels);
	if (shown->view_id != 0) {
		shown->source = picture_ref(picture);
		if (id != MONITOR_ID && !player_is_running(app) && view_show_first(app->view)) {
			shown->on_screen = id;
			window_touch(app->window);
		}
	} else
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, picture->name,
			view_error(app->view));
}

static void clear(struct producer *app)
{
	end_source(&app->shown);
	app->shown.id = 0;
	app->shown.view_id = 0;
	app->shown.on_screen = 0;
	view_clear(app->view);
}

static void follow_tray(struct producer *app)
{
	const size_t first = tray_view_first(app->tray_view);

	if (first == app->shown.first)
		return;
	app->shown.first = first;
	load_order_update(app->loader, app->tray, app->tray_view);
}

static void follow_choice(struct producer *app, int64_t now)
{
	struct shown *shown = &app->shown;
	struct tray_item *item = tray_chosen(app->tray);
	uint64_t id = item != NULL ? item->id : 0;

	if (shown->chosen != id) {
		shown->chosen = id;
		shown->since = now;
		shown->is_late = false;
		load_order_update(app->loader, app->tray, app->tray_view);
		window_touch(app->window);
	}
	if (!shown->is_late && now >= shown->since + CHOSEN_PATIENCE_NS) {
		shown->is_late = true;
		window_touch(app->window);
	}
	if (item == NULL || tray_is_file(item)) {
		if (shown->id != 0)
			clear(app);
	} else if (shown->id != id || shown->version != item->version ||
		   shown->orientation != item->orientation) {
		if (item->pixels != NULL)
			begin(app, item->id, item->version, item->orientation, item->pixels);
	}
}

/* Requests the chosen image, then its neighbours, unless publishing needs the memory. */
static void request_lacking(struct producer *app)
{
	struct tray_item *item = tray_lacking(app->tray);

	if (item != NULL && (item == tray_chosen(app->tray) || outbox_count(&app->outbox) == 0))
		intake_request(app, item);
}

static void upload(struct producer *app)
{
	const struct tray_item *item;

	switch (view_upload(app->view, STEP_NS)) {
	case VIEW_DONE:
		app->shown.on_screen = app->shown.id;
		window_touch(app->window);
		break;
	case VIEW_FAILED:
		item = tray_find(app->tray, app->shown.id);
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR,
			item != NULL ? item->name : NULL, view_error(app->view));
		app->shown.view_id = 0;
		window_touch(app->window);
		break;
	case VIEW_IDLE:
	case VIEW_MORE: break;
	}
}

static void reduce(struct producer *app)
{
	struct shown *shown = &app->shown;
	struct reduced reduced;
	uint32_t width, height;

	if (reducer_pop(app->reducer, &reduced)) {
		if (view_set_reduced(app->view, reduced.id, &reduced.pixels))
			window_touch(app->window);
		reduced_free(&reduced);
	}
	if (shown->source != NULL && view_shown(app->view) == shown->view_id &&
		view_wants_reduced(app->view, &width, &height))
		reducer_ask(app->reducer, shown->view_id, shown->source, width, height);
}

/* While there is nothing else to do: makes the view ready to zoom. True: there is more to do. */
static bool refine(struct producer *app)
{
	const struct shown *shown = &app->shown;

	return shown->source != NULL && view_shown(app->view) == shown->view_id &&
	       outbox_count(&app->outbox) == 0 &&
	       view_refine(app->view, &shown->source->pixels, STEP_NS);
}

static void follow_stream(struct producer *app, struct picture *preview)
{
	if (preview != NULL)
		begin(app, MONITOR_ID, app->monitor.shown_version, 1, preview);
	picture_unref(preview);
}

/* The next frame of the chosen animation. */
static void follow_animation(struct producer *app, struct picture *frame)
{
	const struct tray_item *item = tray_chosen(app->tray);

	if (frame != NULL && item != NULL)
		begin(app, item->id, item->version, item->orientation, frame);
	picture_unref(frame);
}

bool chosen_work(struct producer *app, int64_t now)
{
	struct picture *preview = monitor_work(app);
	struct picture *frame = player_work(app);
	bool refines = false;

	if (monitor_is_shown(app)) {
		follow_stream(app, preview);
	} else {
		follow_choice(app, now);
		follow_animation(app, frame);
		frame = NULL;
		follow_tray(app);
		request_lacking(app);
	}
	picture_unref(frame);
	upload(app);
	if (app->shown.id != MONITOR_ID && !player_is_running(app)) {
		reduce(app);
		refines = refine(app);
	}
	if (view_changed(app->view))
		window_touch(app->window);
	return view_uploading(app->view) || refines;
}

bool chosen_is_there(const struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);
	uint64_t id = monitor_is_shown(app) ? MONITOR_ID : item != NULL ? item->id : 0;

	/* The previous frame stays while the next one of the same item is uploaded. */
	return id != 0 && id == app->shown.on_screen && view_shown(app->view) != 0;
}

/* The bytes that the chosen picture will have in a slot; 0: not a picture, or not decoded. */
static uint64_t bytes_of_chosen(const struct producer *app)
{
	const struct tray_item *item = monitor_is_shown(app) ? NULL : tray_chosen(app->tray);
	struct vitrine_image image;

	if (item == NULL || item->pixels == NULL || tray_is_file(item))
		return 0;
	return vitrine_pixels(&image, item->name, item->pixels->pixels.width,
		       item->pixels->pixels.height, item->pixels->pixels.format) == VITRINE_OK
		       ? image.size
		       : 0;
}

void chosen_expect(struct producer *app)
{
	uint64_t bytes = app->arguments->no_prepare ? 0 : bytes_of_chosen(app);
	bool has_focus = window_has_focus(app->window);

	if (bytes != app->shown.expected && !has_focus)
		bytes = 0;
	app->shown.expected = bytes;
	publisher_expect(app->publisher, bytes > 0 && has_focus ? tray_chosen(app->tray)->id : 0,
		bytes);
}

int64_t chosen_deadline(const struct producer *app)
{
	return monitor_is_shown(app) || app->shown.is_late ? WINDOW_FOREVER
							   : app->shown.since + CHOSEN_PATIENCE_NS;
}

void chosen_forget(struct producer *app)
{
	end_source(&app->shown);
	app->shown.id = 0;
	app->shown.view_id = 0;
	app->shown.on_screen = 0;
	app->monitor.shown_version = 0;
	player_forget(app);
	view_forget(app->view);
	tray_view_forget(app->tray_view);
}

void chosen_end(struct producer *app)
{
	end_source(&app->shown);
}
