/* summary.c - see summary.h. */
#include "summary.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"
#include "monotonic.h"
#include "presence.h"
#include "text.h"
#include "translate.h"

#define SECOND INT64_C(1000000000)

char *summary_age(char text[SUMMARY_TEXT_MAX], int64_t age_ns)
{
	long long seconds = age_ns / SECOND;

	if (seconds < 5)
		text_print(text, SUMMARY_TEXT_MAX, "%s", _("just now"));
	else if (seconds < 60) /* each new text means drawing the window again */
		text_print(text, SUMMARY_TEXT_MAX, _("%lld s ago"),
			seconds < 10 ? 5 : seconds / 10 * 10);
	else if (seconds < 3600)
		text_print(text, SUMMARY_TEXT_MAX, _("%lld min ago"), seconds / 60);
	else
		text_print(text, SUMMARY_TEXT_MAX, _("%lld h ago"), seconds / 3600);
	return text;
}

char *summary_delay(char text[SUMMARY_TEXT_MAX], double ms)
{
	if (ms < 100)
		snprintf(text, SUMMARY_TEXT_MAX, "%.1f ms", ms);
	else if (ms < 1000)
		snprintf(text, SUMMARY_TEXT_MAX, "%.0f ms", ms);
	else if (ms < 60e3)
		snprintf(text, SUMMARY_TEXT_MAX, "%.1f s", ms / 1000);
	else if (ms < 3600e3)
		snprintf(text, SUMMARY_TEXT_MAX, "%.0f min", ms / 60e3);
	else
		snprintf(text, SUMMARY_TEXT_MAX, "%.0f h", ms / 3600e3);
	return text;
}

__attribute__((format(printf, 2, 3))) static void add(struct summary *summary, const char *format,
	...)
{
	va_list arguments;

	if (summary->text_count == SUMMARY_TEXTS)
		return;
	va_start(arguments, format);
	text_vprint(summary->texts[summary->text_count++], SUMMARY_TEXT_MAX, format, arguments);
	va_end(arguments);
}

/* NULL, or a text saying that no newer image can be expected. */
static const char *absence(const struct summary_source *source, const struct viewer_image *shown)
{
	int32_t publisher = shown->image.publisher;

	if (source->look->state != LINK_OPEN || shown->is_former)
		return NULL;
	if (source->look->snapshot.producers.value == 0)
		return _("no producer is connected any more");
	return publisher > 0 && kill(publisher, 0) != 0 && errno == ESRCH
		       ? _("its producer has ended")
		       : NULL;
}

static void make_mode(struct summary *summary, const struct summary_source *source)
{
	unsigned long long waiting = source->waiting, newer = source->newer;

	if (viewer_looks_back(source->viewer))
		text_print(summary->mode, SUMMARY_TEXT_MAX,
			newer > 0 ? ngettext("looking back: %llu newer", "looking back: %llu newer",
					    (unsigned long)newer)
				  : _("looking back"),
			newer);
	else if (source->is_manual && source->is_paused && source->viewer->is_stepping)
		text_print(summary->mode, SUMMARY_TEXT_MAX, "%s",
			_("manual: waiting for the next"));
	else if (source->is_manual && source->is_paused)
		text_print(summary->mode, SUMMARY_TEXT_MAX,
			waiting > 0 ? ngettext("manual: %llu waits", "manual: %llu wait",
					      (unsigned long)waiting)
				    : _("manual"),
			waiting);
	else if (source->is_paused && source->is_mirror)
		text_print(summary->mode, SUMMARY_TEXT_MAX,
			waiting > 0 ? ngettext("mirror, paused: %llu newer",
					      "mirror, paused: %llu newer", (unsigned long)waiting)
				    : _("mirror, paused"),
			waiting);
	else if (source->is_paused && waiting > 0)
		text_print(summary->mode, SUMMARY_TEXT_MAX,
			ngettext("paused: %llu waits", "paused: %llu wait", (unsigned long)waiting),
			waiting);
	else if (source->is_paused)
		text_print(summary->mode, SUMMARY_TEXT_MAX, "%s", _("paused"));
	else if (source->is_mirror)
		text_print(summary->mode, SUMMARY_TEXT_MAX, "%s", _("mirror"));
}

/* The channel belongs to another user, who may change it. */
static void add_owner(struct summary *summary, const struct summary_source *source)
{
	if (source->look->is_anothers)
		add(summary, _("%.40s owns the channel"), source->look->owner);
}

static void add_kind(struct summary *summary, const struct viewer_image *shown)
{
	const struct vitrine_image *image = &shown->image;
	const struct pixels *pixels = &shown->content.pixels;
	char size[TEXT_SIZE_MAX];

	if (shown->content.kind == CONTENT_PIXELS)
		add(summary, "%u × %u", pixels->width, pixels->height);
	if (image->kind == VITRINE_FILE)
		add(summary, _("%s file"), text_size(size, image->size));
	if (shown->content.kind == CONTENT_PIXELS && shown->content.note[0] != '\0')
		add(summary, "%.80s", shown->content.note);
}

static void add_checksum(struct summary *summary, const struct viewer_image *shown)
{
	uint32_t kind = shown->image.checksum;

	if (kind != VITRINE_NO_CHECKSUM)
		add(summary, shown->content.is_checked ? "%s ✓" : _("%s not checked"),
			digest_name(kind));
}

/* The status bar always shows that a recording runs. */
static void add_recording(struct summary *summary, const struct summary_source *source)
{
	const struct recording *recording = source->recording;
	const long long seconds = (monotonic_ns() - recording->started_ns) / SECOND;

	if (recording->state == RECORDING_ON)
		add(summary, _("● recording %lld:%02lld"), seconds / 60, seconds % 60);
	else if (recording->state == RECORDING_ENDING)
		add(summary, _("● the recording is being finished"));
}

static void add_sharers(struct summary *summary, const struct summary_source *source)
{
	if (source->look->snapshot.consumers.value > 1)
		add(summary,
			ngettext("%d consumer shares the images", "%d consumers share the images",
				(unsigned long)source->look->snapshot.consumers.value),
			source->look->snapshot.consumers.value);
}

static void add_time(struct summary *summary, const struct summary_source *source,
	const struct viewer_image *shown)
{
	char text[SUMMARY_TEXT_MAX];

	if (shown->latency_ms > 0)
		add(summary, source->is_wide ? _("shown after %s") : _("after %s"),
			summary_delay(text, shown->latency_ms));
	add(summary, source->is_wide ? _("published %s") : "%s",
		summary_age(text, vitrine_age_ns(&shown->image)));
}

/* While a stream plays: its statistics instead of one frame's number and time. */
static void add_playing(struct summary *summary, const struct stream_stats *stream)
{
	if (stream->fps > 0)
		add(summary, _("live, %.1f fps"), stream->fps);
	else
		add(summary, "%s", _("live"));
	if (stream->dropped > 0)
		add(summary, _("%llu dropped"), (unsigned long long)stream->dropped);
}

static void add_zoom(struct summary *summary, const struct summary_source *source)
{
	if (source->viewer->shown.content.kind == CONTENT_PIXELS && !source->is_fitted)
		add(summary, "%.4g %%", source->zoom * 100);
}

static void make_bar(struct summary *summary, const struct summary_source *source)
{
	const struct viewer_image *shown = &source->viewer->shown;
	const struct vitrine_image *image = &shown->image;
	bool is_playing = source->viewer->stream.is_on && !source->viewer->stream.is_paused;
	bool looks_back = viewer_looks_back(source->viewer);
	const char *gone = absence(source, shown);
	char text[SUMMARY_TEXT_MAX];

	snprintf(summary->name, sizeof(summary->name), "%s", image->name);
	/* Here the image's number matters more than the mode, which is also in the title. */
	if (looks_back && !is_playing)
		add(summary, "#%llu", (unsigned long long)image->sequence);
	if (summary->mode[0] != '\0')
		add(summary, "%s", summary->mode);
	add_recording(summary, source);
	/* First, because a narrow window shows no more, and alone, so that it does not move. */
	if (source->has_probe && summary->pixel[0] != '\0') {
		add(summary, "%s", summary->pixel);
		add(summary, "%.4g %%", source->zoom * 100);
		return;
	}
	if (shown->is_former)
		add(summary, _("of a removed channel"));
	if (gone != NULL) { /* a narrow window must not omit it */
		add(summary, "%s", gone);
		add(summary, "%s", summary_age(text, vitrine_age_ns(image)));
	}
	if (is_playing)
		add_playing(summary, &source->viewer->stream);
	else if (!looks_back)
		add(summary, "#%llu", (unsigned long long)image->sequence);
	/* After the number, which must fit even in a narrow window. */
	add_sharers(summary, source);
	add_owner(summary, source);
	add_zoom(summary, source);
	add_kind(summary, shown);
	add_checksum(summary, shown);
	if (!is_playing && gone == NULL)
		add_time(summary, source, shown);
}

/* Before the first image: says what to do. */
static void make_advice(struct summary *summary, const struct summary_source *source)
{
	bool has_producer = source->look->snapshot.producers.value > 0;
	const char *headline = _("Waiting for an image");
	const char *advice =
		has_producer ? _("A producer is running: press Space in its window")
			     : _("Start vitrine-producer, drop a picture on it and press Space");

	if (source->look->state == LINK_FAILED) {
		headline = _("The channel cannot be opened");
		advice = source->look->message;
	} else if (source->look->state != LINK_OPEN) {
		headline = _("Opening the channel");
		advice = "";
	} else if (source->is_manual && source->is_paused) {
		advice = _("Press Enter or the button below to take the next image");
	} else if (source->is_paused) {
		headline = _("Paused");
		advice = _("Press Space to resume");
	}
	snprintf(summary->headline, sizeof(summary->headline), "%s", headline);
	snprintf(summary->advice, sizeof(summary->advice), "%s", advice);
	if (source->look->state != LINK_OPEN)
		return;
	presence_channel(summary->channel, &source->look->info);
	if (summary->mode[0] != '\0')
		add(summary, "%s", summary->mode);
	add_recording(summary, source);
	add_sharers(summary, source);
	add_owner(summary, source);
}

void summary_make(struct summary *summary, const struct summary_source *source)
{
	memset(summary, 0, sizeof(*summary));
	snprintf(summary->pixel, sizeof(summary->pixel), "%s", source->pixel);
	make_mode(summary, source);
	if (source->viewer->shown.number != 0)
		make_bar(summary, source);
	else
		make_advice(summary, source);
}
