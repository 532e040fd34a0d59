/* exhibit.c - see exhibit.h. */
#include "exhibit.h"

#include <stdio.h>

#include "digest.h"
#include "frames.h"

static void end_coming(struct exhibition *exhibition)
{
	view_cancel(exhibition->view);
	picture_unref(exhibition->source);
	exhibition->source = NULL;
	exhibition->coming = (struct exhibit){0};
}

static void show_coming(struct exhibition *exhibition, bool is_in_hand)
{
	exhibition->shown = exhibition->coming;
	exhibition->is_owed = is_in_hand;
	if (is_in_hand) {
		receiver_read(exhibition->receiver, exhibition->shown.number);
		exhibition->newest = exhibition->shown.number;
		exhibition->newest_sequence = exhibition->shown.image.sequence;
	}
	picture_unref(exhibition->source);
	exhibition->source = NULL;
	exhibition->coming = (struct exhibit){0};
}

/* ---- what is to be shown ------------------------------------------------------------------- */

/* The number of what the screen should show, given the image in hand (0: none). */
static uint64_t desired(struct exhibition *exhibition, uint64_t in_hand)
{
	if (in_hand != 0 && exhibition->is_stepping) {
		exhibition->is_stepping = false;
		if (exhibition->wanted != 0)
			exhibition->wanted = in_hand;
		return in_hand;
	}
	if (exhibition->wanted != 0)
		return exhibition->wanted;
	return in_hand != 0 ? in_hand : exhibition->newest;
}

/* An image in hand that cannot be shown: it is given back, what is on the screen stays. */
static enum exhibit_progress refuse(struct exhibition *exhibition, const struct exhibit *exhibit)
{
	snprintf(exhibition->refused, sizeof(exhibition->refused), "%s", exhibit->image.name);
	snprintf(exhibition->reason, sizeof(exhibition->reason), "%s",
		view_error(exhibition->view));
	if (exhibition->wanted == exhibit->number)
		exhibition->wanted = 0;
	if (exhibition->newest == exhibit->number)
		exhibition->newest = exhibition->shown.number;
	receiver_done(exhibition->receiver, exhibit->number, 0);
	end_coming(exhibition);
	return EXHIBIT_REFUSED;
}

static enum exhibit_progress begin(struct exhibition *exhibition, const struct exhibit *exhibit,
	bool is_in_hand)
{
	struct exhibit coming = *exhibit;

	if (coming.content.kind == CONTENT_PIXELS) {
		if (view_begin(exhibition->view, &coming.content.pixels) == 0)
			return refuse(exhibition, &coming);
		exhibition->coming = coming;
		return EXHIBIT_COMES;
	}
	/* Nothing to upload: the window draws a text or a card. */
	exhibition->coming = coming;
	view_clear(exhibition->view);
	show_coming(exhibition, is_in_hand);
	return EXHIBIT_CHANGED;
}

static enum exhibit_progress begin_hand(struct exhibition *exhibition, const struct hand *hand)
{
	struct exhibit exhibit = {
		.number = hand->number, .image = hand->image, .content = hand->content};

	return begin(exhibition, &exhibit, true);
}

static enum exhibit_progress begin_kept(struct exhibition *exhibition, uint64_t number)
{
	struct history_entry entry;
	struct exhibit exhibit;

	if (!history_get(exhibition->history, HISTORY_THIS, number, &entry)) {
		/* It had to go: there is nothing to come back to. */
		exhibition->wanted = 0;
		exhibition->newest = exhibition->shown.number;
		return EXHIBIT_RESTS;
	}
	exhibit = (struct exhibit){
		.number = number,
		.image = entry.image,
		.content = entry.content,
		.latency_ms = entry.latency_ms,
		.is_former = entry.is_former,
	};
	exhibition->source = entry.picture;
	return begin(exhibition, &exhibit, false);
}

enum exhibit_progress exhibition_step(struct exhibition *exhibition, uint64_t budget_ns)
{
	enum exhibit_progress progress = EXHIBIT_COMES;
	struct hand hand;
	bool has_hand = receiver_look(exhibition->receiver, &hand);
	uint64_t number = desired(exhibition, has_hand ? hand.number : 0);
	bool is_in_hand = has_hand && hand.number == number;

	if (number != exhibition->shown.number && number != exhibition->coming.number) {
		end_coming(exhibition);
		progress =
			is_in_hand ? begin_hand(exhibition, &hand) : begin_kept(exhibition, number);
	} else if (number == exhibition->shown.number) {
		end_coming(exhibition);
	}
	if (progress != EXHIBIT_COMES || exhibition->coming.number == 0)
		return progress == EXHIBIT_COMES ? EXHIBIT_RESTS : progress;
	switch (view_upload(exhibition->view, budget_ns)) {
	case VIEW_MORE: return EXHIBIT_COMES;
	case VIEW_DONE: show_coming(exhibition, is_in_hand); return EXHIBIT_CHANGED;
	case VIEW_FAILED: {
		struct exhibit failed = exhibition->coming;
		return refuse(exhibition, &failed);
	}
	default: return EXHIBIT_RESTS;
	}
}

static void log_shown(const struct log *log, const struct exhibit *shown)
{
	static const char *const kinds[] = {"pixels", "text", "card"};
	const struct vitrine_image *image = &shown->image;
	const struct pixels *pixels = &shown->content.pixels;
	struct log_field fields[10] = {
		LOG_STR("event", "shown"),
		LOG_U64("seq", image->sequence),
		LOG_U64("slot", image->slot),
		LOG_STR("name", image->name),
	};
	size_t count = 4;

	if (shown->content.kind == CONTENT_PIXELS) {
		fields[count++] = LOG_U64("width", pixels->width);
		fields[count++] = LOG_U64("height", pixels->height);
	}
	if (image->kind == VITRINE_FILE) {
		fields[count++] = LOG_STR("type", image->media_type);
		fields[count++] = LOG_STR("as", kinds[shown->content.kind]);
	}
	fields[count++] = LOG_REAL("latency_ms", shown->latency_ms);
	if (shown->content.is_checked)
		fields[count++] = LOG_STR(digest_name(image->checksum), "ok");
	log_write(log, fields, count);
}

void exhibition_presented(struct exhibition *exhibition, int64_t now)
{
	struct exhibit *shown = &exhibition->shown;
	const struct vitrine_image *image = &shown->image;

	if (!exhibition->is_owed)
		return;
	exhibition->is_owed = false;
	/* Another process wrote the number: a time in the future leaves 0. */
	if (now > image->published_ns)
		shown->latency_ms = ((double)now - (double)image->published_ns) / 1e6;
	receiver_done(exhibition->receiver, shown->number, shown->latency_ms);
	if (!frames_has(image))
		playing_end(&exhibition->playing, INT64_MAX, exhibition->log);
	else if (!playing_add(&exhibition->playing, image, shown->latency_ms, exhibition->is_shared,
			 now, exhibition->log))
		return; /* the first one has its line, all others one a second */
	log_shown(exhibition->log, shown);
}

void exhibition_lost(struct exhibition *exhibition)
{
	end_coming(exhibition);
	view_forget(exhibition->view);
	if (exhibition->shown.content.kind == CONTENT_PIXELS) {
		exhibition->shown = (struct exhibit){0};
		exhibition->is_owed = false;
	}
}

void exhibition_mark_former(struct exhibition *exhibition)
{
	history_mark_former(exhibition->history);
	exhibition->shown.is_former = exhibition->shown.number != 0;
	exhibition->newest_sequence = 0;
}

/* ---- looking back -------------------------------------------------------------------------- */

bool exhibition_looks_back(const struct exhibition *exhibition)
{
	return exhibition->wanted != 0;
}

static bool want(struct exhibition *exhibition, enum history_which which, uint64_t number)
{
	struct history_entry entry;

	if (!history_get(exhibition->history, which, number, &entry))
		return false;
	exhibition->wanted = entry.number;
	picture_unref(entry.picture);
	return true;
}

static uint64_t looked_at(const struct exhibition *exhibition)
{
	return exhibition->wanted != 0 ? exhibition->wanted : exhibition->shown.number;
}

void exhibition_older(struct exhibition *exhibition)
{
	if (want(exhibition, HISTORY_OLDER, looked_at(exhibition)))
		exhibition->is_stepping = false;
}

void exhibition_oldest(struct exhibition *exhibition)
{
	if (want(exhibition, HISTORY_NEWER, 0))
		exhibition->is_stepping = false;
}

void exhibition_newer(struct exhibition *exhibition, bool is_paused, uint64_t waiting)
{
	bool looks_back = exhibition_looks_back(exhibition);
	struct hand hand;

	if (looks_back && want(exhibition, HISTORY_NEWER, exhibition->wanted))
		return;
	if (looks_back && receiver_look(exhibition->receiver, &hand) &&
		hand.number > exhibition->wanted)
		exhibition->wanted = hand.number;
	else if ((looks_back || is_paused) && waiting > 0)
		exhibition->is_stepping = true;
	else
		exhibition->wanted = 0;
}

void exhibition_take_next(struct exhibition *exhibition)
{
	exhibition->wanted = 0;
	exhibition->is_stepping = true;
}

void exhibition_follow(struct exhibition *exhibition)
{
	exhibition->wanted = 0;
	exhibition->is_stepping = false;
}

uint64_t exhibition_count_newer(struct exhibition *exhibition, uint64_t waiting)
{
	uint64_t newer = waiting;
	struct history_entry entry;
	struct hand hand;

	if (exhibition->wanted == 0)
		return 0;
	newer += history_count(exhibition->history, exhibition->wanted);
	if (receiver_look(exhibition->receiver, &hand) && hand.number > exhibition->wanted) {
		if (history_get(exhibition->history, HISTORY_THIS, hand.number, &entry))
			picture_unref(entry.picture); /* counted already */
		else
			newer++;
	}
	if (newer == 0 && !exhibition->is_stepping)
		exhibition->wanted = 0;
	return newer;
}

enum receiver_pace exhibition_pace(const struct exhibition *exhibition, bool is_paused)
{
	if (exhibition->is_stepping)
		return RECEIVER_STEPS;
	return is_paused || exhibition->wanted != 0 ? RECEIVER_PAUSES : RECEIVER_GOES_ON;
}
