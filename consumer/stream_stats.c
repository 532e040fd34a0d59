/* stream_stats.c - see stream_stats.h. */
#include "stream_stats.h"

#include <stdio.h>

#define SECOND INT64_C(1000000000)

void stream_stats_end(struct stream_stats *stream, int64_t now, const struct log *log)
{
	double seconds = (double)(stream->last - stream->start) / 1e9;

	if (!stream->is_on ||
		(now != INT64_MAX &&
			(stream->is_paused || now - STREAM_STATS_QUIET_NS < stream->last)))
		return;
	/* n frames have n - 1 intervals. */
	log_event(log, "stream-ended", LOG_STR("name", stream->name),
		LOG_U64("shown", stream->shown), LOG_U64("dropped", stream->dropped),
		LOG_REAL("seconds", seconds),
		LOG_REAL("fps", seconds > 0 ? (double)(stream->shown - 1) / seconds : 0));
	*stream = (struct stream_stats){.is_paused = stream->is_paused};
}

/* Logs a summary every second. */
static void sum_up(struct stream_stats *stream, int64_t now, const struct log *log)
{
	double seconds = (double)(now - stream->second.start) / 1e9;

	stream->fps = (double)stream->second.shown / seconds;
	stream->latency_ms = stream->second.latency_ms / (double)stream->second.shown;
	log_event(log, "streaming", LOG_STR("name", stream->name), LOG_U64("shown", stream->shown),
		LOG_U64("dropped", stream->dropped), LOG_REAL("fps", stream->fps),
		LOG_REAL("latency_ms", stream->latency_ms));
	stream->second.start = now;
	stream->second.shown = 0;
	stream->second.latency_ms = 0;
}

bool stream_stats_add(struct stream_stats *stream, const struct vitrine_image *image,
	double latency_ms, bool is_shared, int64_t now, const struct log *log)
{
	bool is_first;

	stream_stats_end(stream, now, log); /* one that was not ended */
	is_first = !stream->is_on;
	if (is_first) {
		stream->is_on = true;
		stream->start = stream->second.start = now;
		snprintf(stream->name, sizeof(stream->name), "%s", image->name);
	}
	if (!is_shared && stream->last_sequence != 0 && image->sequence > stream->last_sequence)
		stream->dropped += image->sequence - stream->last_sequence - 1;
	stream->last_sequence = image->sequence;
	stream->last = now;
	stream->shown++;
	stream->second.shown++;
	stream->second.latency_ms += latency_ms;
	if (now - stream->second.start >= SECOND)
		sum_up(stream, now, log);
	return is_first;
}

void stream_stats_follow(struct stream_stats *stream, bool follows, int64_t now)
{
	if (stream->is_paused != follows)
		return;
	stream->is_paused = !follows;
	stream->last_sequence = 0;
	stream->last = stream->second.start = now;
	stream->second.shown = 0;
	stream->second.latency_ms = 0;
}
