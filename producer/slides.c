/*
 * slides.c - runs the slide show: chooses and publishes what slideshow.h says is due, and logs that
 * it runs.
 */
#include "monotonic.h"
#include "producer.h"

static void report(struct producer *app)
{
	static const char *const states[] = {"off", "on", "paused"};
	const struct slideshow *slideshow = &app->slideshow;

	log_event(app->log, "slide-show", LOG_STR("state", states[slideshow->state]),
		LOG_REAL("every", (double)slideshow->every_ns / 1e9));
	window_touch(app->window);
}

void slides_begin(struct producer *app)
{
	const struct producer_arguments *arguments = app->arguments;
	int64_t every_ns = arguments->every_ns;

	app->slideshow = (struct slideshow){
		.every_ns = every_ns > 0 ? every_ns : SLIDESHOW_EVERY_NS,
		.shuffles = arguments->shuffles,
		.once = arguments->once,
	};
	if (every_ns > 0)
		slides_toggle(app);
}

void slides_toggle(struct producer *app)
{
	int64_t now = monotonic_ns();

	if (app->slideshow.state != SLIDESHOW_OFF)
		slideshow_pause(&app->slideshow, now);
	else
		slideshow_start(&app->slideshow, now, (uint64_t)now);
	report(app);
}

bool slides_end(struct producer *app)
{
	if (app->slideshow.state == SLIDESHOW_OFF)
		return false;
	slideshow_end(&app->slideshow);
	report(app);
	return true;
}

void slides_work(struct producer *app, int64_t now)
{
	bool was_on = app->slideshow.state != SLIDESHOW_OFF;
	bool is_busy = outbox_count(&app->outbox) > 0 || app->is_changing_role;
	size_t place;

	app->slideshow.is_filling = !intake_is_idle(app);
	place = slideshow_work(&app->slideshow, app->tray, is_busy, now);
	if (place != TRAY_NONE) {
		monitor_choose(app, false);
		tray_choose(app->tray, place);
		outgoing_publish(app, tray_at(app->tray, place));
	} else if (was_on && app->slideshow.state == SLIDESHOW_OFF) {
		report(app);
	}
}
