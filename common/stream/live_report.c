/* live_report.c - see live_report.h. */
#include "live_report.h"

#include <stdio.h>

#include "monotonic.h"
#include "translate.h"
#include "worker.h"

#define SECOND INT64_C(1000000000)

static void tell(const struct live_report *report)
{
	const struct live_options *options = report->options;

	if (options->counted != NULL)
		options->counted(options->data, &report->counts);
}

void live_report_begin(struct live_report *report, const struct frames *frames,
	const struct vitrine_image *image)
{
	static const char *const when_full[] = {"wait", "drop-oldest", "fail"};
	const struct live_options *options = report->options;
	char format[5] = "";

	for (int i = 0; i < 4 && image->kind == VITRINE_PIXELS; i++)
		format[i] = (char)(image->format >> 8 * i & 0xff);
	report->start = report->last = monotonic_ns();
	if (options->log == NULL)
		return;
	log_event(options->log, "stream", LOG_STR("name", image->name),
		LOG_STR("kind", frames_kind(frames)), LOG_STR("format", format),
		LOG_U64("width", image->width), LOG_U64("height", image->height),
		LOG_REAL("fps", frames_rate(frames)),
		LOG_STR("when_full", when_full[options->when_full]));
}

void live_report_damaged(struct live_report *report, const struct frames *frames)
{
	char reason[TEXT_REASON_MAX + 64];

	if (report->counts.damaged == 0 && frames_damaged(frames) > 0 &&
		report->options->log != NULL) {
		snprintf(reason, sizeof(reason), _("%s: it is skipped, and so are others like it"),
			frames_reason(frames));
		log_error(report->options->log, report->options->frames.name, reason);
	}
	report->counts.damaged = frames_damaged(frames);
}

void live_report_work(struct live_report *report)
{
	struct live_counts *counts = &report->counts;
	int64_t now = monotonic_ns();

	if (report->start == 0)
		return;
	if (now - report->last < SECOND) {
		tell(report);
		return;
	}
	counts->fps =
		(double)(counts->sent - report->last_sent) * 1e9 / (double)(now - report->last);
	if (counts->sent > report->last_sent && report->options->log != NULL)
		log_event(report->options->log, "streaming", LOG_U64("sent", counts->sent),
			LOG_U64("dropped", counts->dropped), LOG_REAL("fps", counts->fps));
	report->last = now;
	report->last_sent = counts->sent;
	tell(report);
}

void live_report_waits(struct live_report *report, const char *why)
{
	int64_t now = monotonic_ns();

	report->counts.waits = why != NULL;
	if (why != NULL && now - report->last_waiting >= SECOND) {
		report->last_waiting = now;
		log_event(report->options->log, "waiting",
			LOG_STR("name", report->options->frames.name), LOG_STR("reason", why));
	}
	tell(report);
}

void live_report_end(struct live_report *report)
{
	struct live_counts *counts = &report->counts;
	double seconds = (double)(monotonic_ns() - report->start) / 1e9;

	if (report->start == 0)
		return;
	counts->waits = false;
	counts->fps = seconds > 0 ? (double)counts->sent / seconds : 0;
	if (report->options->log != NULL)
		log_event(report->options->log, "stream-ended", LOG_U64("sent", counts->sent),
			LOG_U64("dropped", counts->dropped), LOG_U64("damaged", counts->damaged),
			LOG_REAL("seconds", seconds), LOG_REAL("fps", counts->fps));
	tell(report);
}
