/* live.c - see live.h. live_report.c counts and logs. */
#include "live.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "live_report.h"
#include "monotonic.h"
#include "presence.h"
#include "timespec.h"
#include "translate.h"
#include "worker.h"

/* The longest delay that is made up for by sending frames faster than their rate. */
#define SLACK_NS INT64_C(200000000)

#define IDLE_NS INT64_C(100000000)

struct live {
	const struct live_options *options;
	struct frames *frames;
	struct vitrine_image image;
	struct vitrine_claim claim;
	struct live_report report;
	int64_t due; /* when to send the next frame */
	char *reason;
	void *memory; /* used instead of a slot if there is no link */
};

/* The result of a frame, or of one step of it. */
enum outcome {
	DONE,
	DROPPED,
	STOPPED,
	FAILED, /* `reason` is set */
	ENDED,
};

/* Sleeps; returns true on a request to stop. */
static bool is_stopped(const struct live *live, int64_t ns)
{
	struct pollfd woken = {.fd = live->options->frames.woken, .events = POLLIN};
	const struct timespec timeout = timespec_of(ns);
	int rc;

	do
		rc = ppoll(&woken, 1, &timeout, NULL);
	while (rc < 0 && errno == EINTR);
	return rc > 0;
}

static enum outcome failed(struct live *live, const char *reason)
{
	snprintf(live->reason, 512, "%s", reason);
	return FAILED;
}

/*
 * Handles an error of the library. If the channel was removed, opens a new one; the frame is lost.
 */
static enum outcome recover(struct live *live, int error)
{
	struct link *link = live->options->link;
	struct link_look look;
	int rc = link_recover(link, error);

	if (rc == VITRINE_OK)
		return DROPPED;
	if (link_channel(link) != NULL)
		return failed(live, vitrine_message(link_channel(link)));
	link_look(link, &look);
	return failed(live, look.message);
}

static enum outcome outcome_of(struct live *live, enum frames_result result)
{
	switch (result) {
	case FRAMES_OK: return DONE;
	case FRAMES_END: return ENDED;
	case FRAMES_STOPPED: return STOPPED;
	case FRAMES_STALLED:
	case FRAMES_BAD:
	default: return failed(live, frames_reason(live->frames));
	}
}

/* ---- a slot ---------------------------------------------------------------------------------- */

static void tell_waiting(struct live *live)
{
	char why[PRESENCE_MAX];
	struct link_look *look = malloc(sizeof(*look));

	if (look == NULL)
		return;
	link_look(live->options->link, look);
	live_report_waits(&live->report, presence_full(why, look));
	free(look);
}

/* Without a link, frames are read into memory of this program. */
static enum outcome claim_memory(struct live *live)
{
	void *memory = realloc(live->memory, (size_t)live->image.size);

	if (memory == NULL)
		return failed(live, _("has a frame for which there is not enough memory"));
	live->memory = memory;
	live->claim.data = memory;
	return DONE;
}

static enum outcome claim(struct live *live)
{
	const struct live_options *options = live->options;
	bool has_told = false;
	int rc;

	if (options->link == NULL)
		return claim_memory(live);
	for (;;) {
		rc = vitrine_claim(link_channel(options->link), live->image.size,
			options->when_full, LINK_NAP_NS, &live->claim);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			break;
		if (is_stopped(live, 0))
			return STOPPED;
		if (!has_told)
			tell_waiting(live);
		has_told = true;
	}
	if (has_told)
		live_report_waits(&live->report, NULL);
	if (rc == VITRINE_EFULL)
		return DROPPED;
	if (rc < 0)
		return recover(live, rc);
	if (live->claim.dropped != 0)
		live->report.counts.dropped++;
	return DONE;
}

/* ---- its contents ---------------------------------------------------------------------------- */

/* The writer stalls: gives the slot back until the writer continues, then claims another one. */
static enum outcome step_aside(struct live *live)
{
	struct vitrine_channel *channel = link_channel(live->options->link);
	const size_t size = (size_t)live->image.size;
	void *aside = malloc(size);
	enum outcome outcome;

	if (aside == NULL)
		return failed(live,
			_("stalls, and there is not enough memory to store its unfinished frame"));
	memcpy(aside, live->claim.data, size);
	vitrine_abandon(channel, &live->claim);
	outcome = outcome_of(live, frames_wait(live->frames, VITRINE_FOREVER));
	if (outcome == DONE)
		outcome = claim(live);
	if (outcome == DONE)
		memcpy(live->claim.data, aside, size);
	free(aside);
	return outcome;
}

/* DONE: the frame is complete. Otherwise nothing remains claimed. */
static enum outcome fill(struct live *live)
{
	enum frames_result result;
	enum outcome outcome;

	while ((result = frames_fill(live->frames, live->claim.data, LIVE_PATIENCE_NS)) ==
		FRAMES_STALLED) {
		if (live->options->link == NULL)
			continue;
		outcome = step_aside(live);
		if (outcome != DONE)
			return outcome;
	}
	if (result != FRAMES_OK && live->options->link != NULL)
		vitrine_abandon(link_channel(live->options->link), &live->claim);
	return outcome_of(live, result);
}

static void seal(struct live *live)
{
	const uint32_t kind = live->options->checksum;

	/* If there is no memory, the frame has no checksum. */
	if (digest_of(kind, live->claim.data, (size_t)live->image.size, live->image.digest))
		live->image.checksum = kind;
}

static enum outcome publish(struct live *live)
{
	struct vitrine_channel *channel;
	int rc;

	if (live->options->link == NULL)
		return DONE;
	channel = link_channel(live->options->link);
	do {
		rc = vitrine_publish(channel, &live->claim, &live->image, LINK_NAP_NS);
		if ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && is_stopped(live, 0)) {
			vitrine_abandon(channel, &live->claim);
			return STOPPED;
		}
	} while (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR);
	return rc < 0 ? recover(live, rc) : DONE;
}

/* ---- a frame --------------------------------------------------------------------------------- */

/* Sleeps until it is time for the next frame: never while holding a slot. */
static enum outcome keep_pace(struct live *live)
{
	double fps = live->options->fps;
	int64_t now = monotonic_ns();

	if (fps < 0)
		fps = frames_rate(live->frames);
	if (fps <= 0)
		return DONE;
	if (live->due < now - SLACK_NS)
		live->due = live->due == 0 ? now : now - SLACK_NS;
	if (live->due > now && is_stopped(live, live->due - now))
		return STOPPED;
	live->due += (int64_t)(1e9 / fps);
	return DONE;
}

static void idle(const struct live *live)
{
	if (live->options->idles != NULL)
		live->options->idles(live->options->data);
}

/* Waits for the next frame; an idle producer frees memory. */
static enum outcome wait_for_frame(struct live *live)
{
	enum frames_result result = frames_wait(live->frames, IDLE_NS);

	if (result == FRAMES_STALLED)
		idle(live);
	while (result == FRAMES_STALLED) {
		result = frames_wait(live->frames, LIVE_PATIENCE_NS);
		if (result != FRAMES_STALLED)
			break;
		live_report_work(&live->report);
		if (live->options->link != NULL &&
			vitrine_trim(link_channel(live->options->link)) == VITRINE_EREMOVED &&
			recover(live, VITRINE_EREMOVED) == FAILED)
			return FAILED;
	}
	if (result == FRAMES_OK)
		result = frames_next(live->frames, &live->image);
	return outcome_of(live, result);
}

static enum outcome send_frame(struct live *live)
{
	const struct live_options *options = live->options;
	enum outcome outcome = claim(live);

	if (outcome == DONE)
		outcome = fill(live);
	if (outcome == DROPPED) {
		outcome = outcome_of(live, frames_skip(live->frames));
		return outcome == DONE ? DROPPED : outcome;
	}
	if (outcome != DONE)
		return outcome;
	if (options->checksum != VITRINE_NO_CHECKSUM)
		seal(live);
	if (options->filled != NULL)
		options->filled(options->data, &live->image, live->claim.data);
	return publish(live);
}

static enum outcome next_frame(struct live *live)
{
	const struct live_options *options = live->options;
	enum outcome outcome;

	if (options->goes_on != NULL && !options->goes_on(options->data))
		return STOPPED;
	outcome = wait_for_frame(live);
	if (outcome == DONE && live->report.start == 0)
		live_report_begin(&live->report, live->frames, &live->image);
	if (live->report.start != 0)
		live_report_damaged(&live->report, live->frames);
	if (outcome == DONE)
		outcome = keep_pace(live);
	if (outcome == DONE && options->may_send != NULL && !options->may_send(options->data))
		outcome = STOPPED;
	if (outcome == DONE)
		outcome = send_frame(live);
	if (outcome == DONE) {
		live->report.counts.sent++;
		live->report.counts.sequence = live->image.sequence;
	}
	if (outcome == DROPPED)
		live->report.counts.dropped++;
	live_report_work(&live->report);
	return outcome;
}

enum live_end live_run(const struct live_options *options, struct live_counts *counts,
	char reason[512])
{
	struct live live = {
		.options = options,
		.frames = frames_open(&options->frames),
		.report = {.options = options},
		.reason = reason,
	};
	enum outcome outcome = DONE;

	if (live.frames == NULL)
		outcome = failed(&live, _("not enough memory"));
	while (outcome == DONE || outcome == DROPPED)
		outcome = next_frame(&live);
	if (outcome == ENDED && live.report.start == 0)
		outcome = failed(&live, _("is empty: no data arrived"));
	live_report_end(&live.report);
	idle(&live);
	frames_close(live.frames);
	free(live.memory);
	*counts = live.report.counts;
	return outcome == ENDED ? LIVE_ENDED : outcome == STOPPED ? LIVE_STOPPED : LIVE_FAILED;
}
