/* playing.c - see playing.h. */
#include "playing.h"

#include <stdio.h>

#define SECOND INT64_C(1000000000)

void playing_end(struct playing *playing, int64_t now, const struct log *log)
{
	double seconds = (double)(playing->last - playing->start) / 1e9;

	if (!playing->is_on || (now != INT64_MAX && (playing->is_paused || now - PLAYING_QUIET_NS <
										   playing->last)))
		return;
	/* n frames have n - 1 intervals. */
	log_event(log, "stream-ended", LOG_STR("name", playing->name),
		LOG_U64("shown", playing->shown), LOG_U64("dropped", playing->dropped),
		LOG_REAL("seconds", seconds),
		LOG_REAL("fps", seconds > 0 ? (double)(playing->shown - 1) / seconds : 0));
	*playing = (struct playing){.is_paused = playing->is_paused};
}

/* Logs a summary every second. */
static void sum_up(struct playing *playing, int64_t now, const struct log *log)
{
	double seconds = (double)(now - playing->second.start) / 1e9;

	playing->fps = (double)playing->second.shown / seconds;
	playing->latency_ms = playing->second.latency_ms / (double)playing->second.shown;
	log_event(log, "streaming", LOG_STR("name", playing->name),
		LOG_U64("shown", playing->shown), LOG_U64("dropped", playing->dropped),
		LOG_REAL("fps", playing->fps), LOG_REAL("latency_ms", playing->latency_ms));
	playing->second.start = now;
	playing->second.shown = 0;
	playing->second.latency_ms = 0;
}

bool playing_add(struct playing *playing, const struct vitrine_image *image, double latency_ms,
	bool is_shared, int64_t now, const struct log *log)
{
	bool is_first;

	playing_end(playing, now, log); /* one that was not ended */
	is_first = !playing->is_on;
	if (is_first) {
		playing->is_on = true;
		playing->start = playing->second.start = now;
		snprintf(playing->name, sizeof(playing->name), "%s", image->name);
	}
	if (!is_shared && playing->last_sequence != 0 && image->sequence > playing->last_sequence)
		playing->dropped += image->sequence - playing->last_sequence - 1;
	playing->last_sequence = image->sequence;
	playing->last = now;
	playing->shown++;
	playing->second.shown++;
	playing->second.latency_ms += latency_ms;
	if (now - playing->second.start >= SECOND)
		sum_up(playing, now, log);
	return is_first;
}

void playing_follow(struct playing *playing, bool follows, int64_t now)
{
	if (playing->is_paused != follows)
		return;
	playing->is_paused = !follows;
	playing->last_sequence = 0;
	playing->last = playing->second.start = now;
	playing->second.shown = 0;
	playing->second.latency_ms = 0;
}
