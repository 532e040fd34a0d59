/* status.c - see status.h. The rows of the overlay are in facts.c. */
#include "status.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "digest.h"
#include "facts.h"
#include "text.h"

#define SECOND INT64_C(1000000000)

char *status_age(char text[STATUS_TEXT_MAX], int64_t age_ns)
{
	long long seconds = age_ns / SECOND;

	if (seconds < 1)
		snprintf(text, STATUS_TEXT_MAX, "just now");
	else if (seconds < 10)
		snprintf(text, STATUS_TEXT_MAX, "%lld s ago", seconds);
	else if (seconds < 60)
		snprintf(text, STATUS_TEXT_MAX, "%lld s ago", seconds / 10 * 10);
	else if (seconds < 3600)
		snprintf(text, STATUS_TEXT_MAX, "%lld min ago", seconds / 60);
	else
		snprintf(text, STATUS_TEXT_MAX, "%lld h ago", seconds / 3600);
	return text;
}

char *status_delay(char text[STATUS_TEXT_MAX], double ms)
{
	if (ms < 100)
		snprintf(text, STATUS_TEXT_MAX, "%.1f ms", ms);
	else if (ms < 1000)
		snprintf(text, STATUS_TEXT_MAX, "%.0f ms", ms);
	else if (ms < 60e3)
		snprintf(text, STATUS_TEXT_MAX, "%.1f s", ms / 1000);
	else if (ms < 3600e3)
		snprintf(text, STATUS_TEXT_MAX, "%.0f min", ms / 60e3);
	else
		snprintf(text, STATUS_TEXT_MAX, "%.0f h", ms / 3600e3);
	return text;
}

__attribute__((format(printf, 2, 3))) static void add(struct status *status, const char *format,
	...)
{
	va_list arguments;

	if (status->text_count == STATUS_TEXTS)
		return;
	va_start(arguments, format);
	vsnprintf(status->texts[status->text_count++], STATUS_TEXT_MAX, format, arguments);
	va_end(arguments);
}

/* What is to be said of those who show: NULL, or that nothing newer need be waited for. */
static const char *absence(const struct app *app, const struct exhibit *shown)
{
	int32_t publisher = shown->image.publisher;

	if (app->look.state != LINK_OPEN || shown->is_former)
		return NULL;
	if (app->look.snapshot.producers.value == 0)
		return "nobody is showing any more";
	return publisher > 0 && kill(publisher, 0) != 0 && errno == ESRCH ? "its producer has gone"
									  : NULL;
}

static const char *plural(uint64_t count, const char *one, const char *more)
{
	return count == 1 ? one : more;
}

static void make_mode(struct status *status, const struct app *app, uint64_t newer)
{
	unsigned long long waiting = app_waiting(app);

	if (exhibition_looks_back(&app->exhibition))
		snprintf(status->mode, STATUS_TEXT_MAX,
			newer > 0 ? "looking back: %llu newer" : "looking back",
			(unsigned long long)newer);
	else if (app->is_manual && app->is_paused && app->exhibition.is_stepping)
		snprintf(status->mode, STATUS_TEXT_MAX, "manual: waits for the next");
	else if (app->is_manual && app->is_paused)
		snprintf(status->mode, STATUS_TEXT_MAX, waiting > 0 ? "manual: %llu %s" : "manual",
			waiting, plural(waiting, "waits", "wait"));
	else if (app->is_paused && app->is_mirror)
		snprintf(status->mode, STATUS_TEXT_MAX,
			waiting > 0 ? "mirror, paused: %llu newer" : "mirror, paused", waiting);
	else if (app->is_paused && waiting > 0)
		snprintf(status->mode, STATUS_TEXT_MAX, "paused: %llu %s", waiting,
			plural(waiting, "waits", "wait"));
	else if (app->is_paused)
		snprintf(status->mode, STATUS_TEXT_MAX, "paused");
	else if (app->is_mirror)
		snprintf(status->mode, STATUS_TEXT_MAX, "mirror");
}

/* What is shown comes from a channel that another user made and may change. */
static void add_owner(struct status *status, const struct app *app)
{
	if (app->look.is_anothers)
		add(status, "%.40s owns the channel", app->look.owner);
}

static bool is_wide(const struct app *app)
{
	return window_rect(app->window).w >= draw_px(app->draw, 900);
}

static void add_kind(struct status *status, const struct exhibit *shown)
{
	const struct vitrine_image *image = &shown->image;
	const struct pixels *pixels = &shown->content.pixels;
	char size[TEXT_SIZE_MAX];

	if (shown->content.kind == CONTENT_PIXELS)
		add(status, "%u × %u", pixels->width, pixels->height);
	if (image->kind == VITRINE_FILE)
		add(status, "%s file", text_size(size, image->size));
	if (shown->content.kind == CONTENT_PIXELS && shown->content.note[0] != '\0')
		add(status, "%.80s", shown->content.note);
}

static void add_checksum(struct status *status, const struct exhibit *shown)
{
	uint32_t kind = shown->image.checksum;

	if (kind != VITRINE_NO_CHECKSUM)
		add(status, shown->content.is_checked ? "%s ✓" : "%s not checked",
			digest_name(kind));
}

static void add_sharers(struct status *status, const struct app *app)
{
	if (app->look.snapshot.consumers.value > 1)
		add(status, "%d consumers share the images", app->look.snapshot.consumers.value);
}

static void add_time(struct status *status, const struct app *app, const struct exhibit *shown)
{
	char text[STATUS_TEXT_MAX];

	if (shown->latency_ms > 0)
		add(status, is_wide(app) ? "%s after it was published" : "after %s",
			status_delay(text, shown->latency_ms));
	add(status, "%s", status_age(text, vitrine_age_ns(&shown->image)));
}

/* A stream that plays: what it is like, in the place of one frame's number and time. */
static void add_playing(struct status *status, const struct playing *playing)
{
	if (playing->fps > 0)
		add(status, "live, %.1f fps", playing->fps);
	else
		add(status, "live");
	if (playing->dropped > 0)
		add(status, "%llu dropped", (unsigned long long)playing->dropped);
}

static void make_bar(struct status *status, const struct app *app)
{
	const struct exhibit *shown = &app->exhibition.shown;
	const struct vitrine_image *image = &shown->image;
	bool is_playing = app->exhibition.playing.is_on && !app->exhibition.playing.is_paused;
	const char *gone = absence(app, shown);
	char text[STATUS_TEXT_MAX];

	snprintf(status->name, sizeof(status->name), "%s", image->name);
	if (status->mode[0] != '\0')
		add(status, "%s", status->mode);
	add_sharers(status, app);
	add_owner(status, app);
	if (shown->is_former)
		add(status, "of a removed channel");
	if (gone != NULL) { /* what must not be cut off in a narrow window */
		add(status, "%s", gone);
		add(status, "%s", status_age(text, vitrine_age_ns(image)));
	}
	if (is_playing)
		add_playing(status, &app->exhibition.playing);
	else
		add(status, "#%llu", (unsigned long long)image->sequence);
	add_kind(status, shown);
	add_checksum(status, shown);
	if (!is_playing && gone == NULL)
		add_time(status, app, shown);
}

/* Before the first image: what to do. */
static void make_advice(struct status *status, const struct app *app)
{
	bool has_producer = app->look.snapshot.producers.value > 0;
	const char *headline = "Waiting for an image";
	const char *advice =
		has_producer ? "A producer is here: press Space in its window"
			     : "Start vitrine-producer, drop a picture on it and press Space";

	if (app->look.state == LINK_FAILED) {
		headline = "The channel cannot be opened";
		advice = app->look.message;
	} else if (app->look.state != LINK_OPEN) {
		headline = "Opening the channel";
		advice = "";
	} else if (app->is_manual && app->is_paused) {
		advice = "Press Enter, or the button below, to take the next image";
	} else if (app->is_paused) {
		headline = "Paused";
		advice = "Press Space to go on";
	}
	snprintf(status->headline, sizeof(status->headline), "%s", headline);
	snprintf(status->advice, sizeof(status->advice), "%s", advice);
	if (app->look.state != LINK_OPEN)
		return;
	facts_channel(status->channel, &app->look.info);
	if (status->mode[0] != '\0')
		add(status, "%s", status->mode);
	add_sharers(status, app);
	add_owner(status, app);
}

void status_make(struct status *status, const struct app *app, uint64_t newer)
{
	memset(status, 0, sizeof(*status));
	make_mode(status, app, newer);
	if (app->exhibition.shown.number != 0)
		make_bar(status, app);
	else
		make_advice(status, app);
	if (app->shows_information)
		facts_make(status, app);
}
