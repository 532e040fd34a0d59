/* facts.c - see facts.h. */
#include "facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "consumer.h"
#include "digest.h"
#include "text.h"
#include "translate.h"

__attribute__((format(printf, 3, 4))) static void add(struct summary *summary, const char *label,
	const char *format, ...)
{
	va_list arguments;

	if (summary->fact_count == SUMMARY_FACTS)
		return;
	summary->facts[summary->fact_count].label = label;
	va_start(arguments, format);
	vsnprintf(summary->facts[summary->fact_count++].value, SUMMARY_FACT_MAX, format, arguments);
	va_end(arguments);
}

static const char *format_name(uint32_t format)
{
	switch (format) {
	case VITRINE_XR24: return _("XR24: bytes B G R x");
	case VITRINE_AR24: return _("AR24: bytes B G R A");
	case VITRINE_XB24: return _("XB24: bytes R G B x");
	case VITRINE_AB24: return _("AB24: bytes R G B A");
	case VITRINE_RG24: return _("RG24: bytes B G R");
	case VITRINE_BG24: return _("BG24: bytes R G B");
	case VITRINE_R8: return _("R8: grey");
	case VITRINE_NV12: return _("NV12: video, Y and UV");
	case VITRINE_YU12: return _("YU12: video, Y, U and V");
	default: return _("unknown");
	}
}

/* The time of day, by the wall clock, of something that is `age_ns` old. */
static char *time_of_day(char text[16], int64_t age_ns)
{
	struct timespec now;
	struct tm local;
	time_t then;

	clock_gettime(CLOCK_REALTIME, &now);
	then = now.tv_sec - (time_t)(age_ns / 1000000000);
	if (localtime_r(&then, &local) == NULL || strftime(text, 16, "%H:%M:%S", &local) == 0)
		text[0] = '\0';
	return text;
}

/* The result of the check, or why there is none. */
static const char *checked(const struct content *content)
{
	if (content->is_checked)
		return _("verified");
	return content->was_right ? _("correct when it arrived, but no copy was kept (--memory)")
				  : _("not verified (-m verifies it)");
}

static void add_digest(struct summary *summary, const struct viewer_image *shown)
{
	const struct vitrine_image *image = &shown->image;
	char digits[DIGEST_TEXT_MAX];

	if (image->checksum != VITRINE_NO_CHECKSUM)
		add(summary, image->checksum == VITRINE_MD5 ? "MD5" : "XXH3", "%s, %s",
			digest_text(digits, image->checksum, image->digest),
			checked(&shown->content));
}

static void add_image(struct summary *summary, const struct consumer *app,
	const struct viewer_image *shown)
{
	const struct vitrine_image *image = &shown->image;
	char size[TEXT_SIZE_MAX];
	char clock[16];
	char age[SUMMARY_TEXT_MAX];
	int64_t age_ns = vitrine_age_ns(image);
	struct history_entry entry;

	add(summary, _("Name"), "%s", image->name);
	add(summary, _("Number"), _("#%llu, in slot %u"), (unsigned long long)image->sequence,
		image->slot);
	if (image->kind == VITRINE_PIXELS) {
		add(summary, _("Size"), _("%u × %u pixels"), image->width, image->height);
		add(summary, _("Format"), _("%s, %u bytes per row"), format_name(image->format),
			image->pitch);
	} else {
		add(summary, _("Kind"), _("a file: %s"), image->media_type);
		if (shown->content.kind == CONTENT_PIXELS)
			add(summary, _("Size"), _("%u × %u pixels"), shown->content.pixels.width,
				shown->content.pixels.height);
		if (shown->content.note[0] != '\0')
			add(summary, _("Note"), "%s", shown->content.note);
	}
	add(summary, _("Payload"), _("%s (%llu bytes)"), text_size(size, image->size),
		(unsigned long long)image->size);
	add_digest(summary, shown);
	add(summary, _("Published"), _("%s, %s, by process %d"), time_of_day(clock, age_ns),
		summary_age(age, age_ns), image->publisher);
	if (shown->latency_ms > 0)
		add(summary, _("Shown"), _("%s after it was published"),
			summary_delay(age, shown->latency_ms));
	if (shown->content.kind == CONTENT_PIXELS)
		add(summary, _("Zoom"), "%.4g %%", view_get_zoom(app->view) * 100);
	if (summary->pixel[0] != '\0')
		add(summary, _("Pixel"), "%s", summary->pixel);
	if (!history_get(app->history, HISTORY_THIS, shown->number, &entry))
		add(summary, _("Kept copy"), _("none: the image cannot be shown again or saved"));
	else
		picture_unref(entry.picture);
}

static void add_stream(struct summary *summary, const struct stream_stats *stream)
{
	char text[SUMMARY_TEXT_MAX];

	if (!stream->is_on)
		return;
	add(summary, _("Stream"), _("%llu shown, %llu dropped"), (unsigned long long)stream->shown,
		(unsigned long long)stream->dropped);
	if (stream->fps > 0)
		add(summary, _("Pace"),
			_("%.1f frames per second, shown %s after they were published"),
			stream->fps, summary_delay(text, stream->latency_ms));
}

void facts_make(struct summary *summary, const struct consumer *app)
{
	static const char *const roles[] = {
		N_("producer"), N_("consumer"), N_("mirror: takes nothing"), N_("inspector")};
	const struct viewer_image *shown = &app->viewer.shown;
	struct view_stats stats = view_stats(app->view);
	char size[TEXT_SIZE_MAX];
	char used[TEXT_SIZE_MAX];
	char text[PRESENCE_MAX], here[PRESENCE_MAX];

	if (shown->number != 0)
		add_image(summary, app, shown);
	add_stream(summary, &app->viewer.stream);
	if (app->look.state == LINK_OPEN) {
		add(summary, _("Channel"), "%s", presence_channel(text, &app->look.info));
		add(summary, _("Slots"), "%s", presence_slots(text, &app->look));
		add(summary, _("Programs"), "%s, %s", presence_producers(text, &app->look),
			presence_consumers(here, &app->look, true));
		add(summary, _("Owner"), app->look.is_anothers ? _("%s, another user") : "%s",
			app->look.owner);
		if (app->look.info.role <= VITRINE_INSPECTOR)
			add(summary, _("Role"), "%s", gettext(roles[app->look.info.role]));
	}
	if (app->previous->count > 0)
		add(summary, _("Tray"),
			ngettext("%zu file from this window's time as the producer (R), %zu "
				 "still to be published",
				"%zu files from this window's time as the producer "
				"(R), %zu still to be published",
				role_state_count(app->previous, ROLE_STATE_TRAY)),
			role_state_count(app->previous, ROLE_STATE_TRAY),
			role_state_count(app->previous, ROLE_STATE_QUEUED) +
				role_state_count(app->previous, ROLE_STATE_QUEUED_BYTES));
	add(summary, _("History"),
		ngettext("%u image, %s of %s", "%u images, %s of %s",
			history_count(app->history, 0)),
		history_count(app->history, 0), text_size(used, history_used(app->history)),
		text_size(size, history_memory(app->history)));
	add(summary, _("Renderer"),
		ngettext("%s, %u texture on the screen, %s in all",
			"%s, %u textures on the screen, %s in all", stats.tiles),
		window_renderer_name(app->window), stats.tiles,
		text_size(size, stats.texture_bytes));
}
