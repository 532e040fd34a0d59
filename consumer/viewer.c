/* viewer.c - see viewer.h. */
#include "viewer.h"

#include <stdio.h>

#include "digest.h"
#include "frames.h"
#include "published.h"

static void end_coming(struct viewer *viewer)
{
	view_cancel(viewer->view);
	picture_unref(viewer->source);
	viewer->source = NULL;
	viewer->coming = (struct viewer_image){0};
}

/*
 * The picture on the screen is complete and was presented: its slot may be copied and given back.
 */
static void give_back(struct viewer *viewer)
{
	if (!viewer->is_in_hand || viewer->is_owed || viewer->rest != 0)
		return;
	viewer->is_in_hand = false;
	receiver_done(viewer->receiver, viewer->shown.number, viewer->shown.latency_ms);
}

/* The image on the screen is complete, or will never be: its memory is no longer needed. */
static void end_rest(struct viewer *viewer)
{
	viewer->rest = 0;
	if (viewer->is_in_hand)
		receiver_read(viewer->receiver, viewer->shown.number);
	picture_unref(viewer->source);
	viewer->source = NULL;
	give_back(viewer);
}

/* From now on `coming` is on the screen, as a first version or complete. */
static void show_coming(struct viewer *viewer, bool is_in_hand, bool is_first)
{
	if (viewer->coming.number == viewer->shown.number)
		is_in_hand = false; /* a turned image was presented before */
	viewer->shown = viewer->coming;
	viewer->is_in_hand = is_in_hand;
	viewer->is_owed = is_in_hand;
	viewer->rest = viewer->shown.number;
	if (is_in_hand) {
		viewer->newest = viewer->shown.number;
		viewer->newest_sequence = viewer->shown.image.sequence;
	}
	viewer->coming = (struct viewer_image){0};
	if (!is_first)
		end_rest(viewer);
}

/* ---- which image to show ------------------------------------------------------------------- */

/* The number of the image to show, given the image in hand (0: none). */
static uint64_t desired(struct viewer *viewer, uint64_t in_hand)
{
	if (in_hand != 0 && viewer->is_stepping) {
		viewer->is_stepping = false;
		if (viewer->wanted != 0)
			viewer->wanted = in_hand;
		return in_hand;
	}
	if (viewer->wanted != 0)
		return viewer->wanted;
	return in_hand != 0 ? in_hand : viewer->newest;
}

/* Gives back an image in hand that cannot be shown; the screen does not change. */
static enum viewer_progress refuse(struct viewer *viewer, const struct viewer_image *image_shown)
{
	snprintf(viewer->refused, sizeof(viewer->refused), "%s", image_shown->image.name);
	snprintf(viewer->reason, sizeof(viewer->reason), "%s", view_error(viewer->view));
	if (viewer->wanted == image_shown->number)
		viewer->wanted = 0;
	if (viewer->newest == image_shown->number)
		viewer->newest = viewer->shown.number;
	receiver_done(viewer->receiver, image_shown->number, 0);
	end_coming(viewer);
	return VIEWER_REFUSED;
}

static enum viewer_progress begin(struct viewer *viewer, const struct viewer_image *image_shown,
	bool is_in_hand)
{
	struct viewer_image coming = *image_shown;

	if (coming.content.kind == CONTENT_PIXELS) {
		view_set_orientation(viewer->view, coming.orientation);
		if (view_begin(viewer->view, &coming.content.pixels) == 0)
			return refuse(viewer, &coming);
		viewer->coming = coming;
		if (frames_has(&coming.image) || !view_show_first(viewer->view))
			return VIEWER_LOADING;
		show_coming(viewer, is_in_hand, true);
		return VIEWER_CHANGED;
	}
	/* Nothing to upload: the window draws a text or a card. */
	viewer->coming = coming;
	view_clear(viewer->view);
	show_coming(viewer, is_in_hand, false);
	return VIEWER_CHANGED;
}

static enum viewer_progress begin_hand(struct viewer *viewer, const struct hand *hand)
{
	bool follows =
		viewer->shown.number != 0 && frames_follow(&viewer->shown.image, &hand->image);
	struct viewer_image image_shown = {.number = hand->number,
		.image = hand->image,
		.content = hand->content,
		.orientation = follows ? viewer->shown.orientation : 1};

	return begin(viewer, &image_shown, true);
}

static enum viewer_progress begin_kept(struct viewer *viewer, uint64_t number)
{
	struct history_entry entry;
	struct viewer_image image_shown;

	if (!history_get(viewer->history, HISTORY_THIS, number, &entry)) {
		/* The history has dropped it: there is nothing to return to. */
		viewer->wanted = 0;
		viewer->newest = viewer->shown.number;
		return VIEWER_IDLE;
	}
	image_shown = (struct viewer_image){
		.number = number,
		.image = entry.image,
		.content = entry.content,
		.latency_ms = entry.latency_ms,
		.orientation = entry.orientation,
		.is_former = entry.is_former,
	};
	viewer->source = entry.picture;
	return begin(viewer, &image_shown, false);
}

/* Uploads the rest of the image on the screen. */
static enum viewer_progress go_on(struct viewer *viewer, uint64_t budget_ns)
{
	enum view_progress progress = view_upload(viewer->view, budget_ns);

	if (progress == VIEW_MORE)
		return VIEWER_LOADING;
	end_rest(viewer);
	if (progress != VIEW_FAILED)
		return VIEWER_CHANGED;
	snprintf(viewer->refused, sizeof(viewer->refused), "%s", viewer->shown.image.name);
	snprintf(viewer->reason, sizeof(viewer->reason), "%s", view_error(viewer->view));
	return VIEWER_REFUSED;
}

enum viewer_progress viewer_step(struct viewer *viewer, uint64_t budget_ns)
{
	enum viewer_progress progress = VIEWER_LOADING;
	struct hand hand;
	bool has_hand = receiver_look(viewer->receiver, &hand);
	/* An image of which a first version is on the screen is not new. */
	bool is_news = has_hand && hand.number != viewer->rest;
	uint64_t number = desired(viewer, is_news ? hand.number : 0);
	bool is_in_hand = has_hand && hand.number == number;
	bool turns = number == viewer->shown.number && viewer->turns == number;
	bool is_other = number != viewer->shown.number && number != viewer->coming.number;

	if (viewer->rest != 0 && !turns && !is_other)
		return go_on(viewer, budget_ns);
	if (viewer->rest != 0)
		end_rest(viewer);
	if (turns || is_other) {
		end_coming(viewer);
		viewer->turns = 0;
		progress = is_in_hand && !turns ? begin_hand(viewer, &hand)
						: begin_kept(viewer, number);
	} else if (number == viewer->shown.number && number != viewer->coming.number) {
		end_coming(viewer);
	}
	if (progress != VIEWER_LOADING || viewer->coming.number == 0)
		return progress == VIEWER_LOADING ? VIEWER_IDLE : progress;
	switch (view_upload(viewer->view, budget_ns)) {
	case VIEW_MORE: return VIEWER_LOADING;
	case VIEW_DONE: show_coming(viewer, is_in_hand, false); return VIEWER_CHANGED;
	case VIEW_FAILED: {
		struct viewer_image failed = viewer->coming;
		return refuse(viewer, &failed);
	}
	default: return VIEWER_IDLE;
	}
}

static void log_shown(const struct log *log, const struct viewer_image *shown)
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

void viewer_presented(struct viewer *viewer, int64_t now)
{
	struct viewer_image *shown = &viewer->shown;
	const struct vitrine_image *image = &shown->image;

	if (!viewer->is_owed)
		return;
	viewer->is_owed = false;
	/* Another process wrote the time: if it is in the future, the latency is 0. */
	if (now > image->published_ns)
		shown->latency_ms = ((double)now - (double)image->published_ns) / 1e6;
	give_back(viewer);
	if (!frames_has(image))
		stream_stats_end(&viewer->stream, INT64_MAX, viewer->log);
	else if (!stream_stats_add(&viewer->stream, image, shown->latency_ms, viewer->is_shared,
			 now, viewer->log))
		return; /* the first frame gets a line, later ones share one per second */
	log_shown(viewer->log, shown);
}

bool viewer_turn(struct viewer *viewer, enum turn turn)
{
	struct viewer_image *shown = &viewer->shown;
	struct history_entry entry;
	int orientation;

	if (shown->number == 0 || shown->content.kind != CONTENT_PIXELS)
		return true; /* a text or a card: nothing to turn */
	if (history_get(viewer->history, HISTORY_THIS, shown->number, &entry)) {
		picture_unref(entry.picture);
		viewer->turns = shown->number;
	} else if (!viewer->stream.is_on) {
		return false;
	}
	orientation = turned_by(shown->orientation, turn);
	history_set_orientation(viewer->history, shown->number, orientation);
	shown->orientation = orientation;
	return true;
}

bool viewer_pixels(const struct viewer *viewer, struct pixels *pixels, struct picture **picture)
{
	const struct viewer_image *shown = &viewer->shown;
	struct history_entry entry;

	if (shown->number == 0 || shown->content.kind != CONTENT_PIXELS)
		return false;
	if (!history_get(viewer->history, HISTORY_THIS, shown->number, &entry) &&
		!(viewer->stream.is_on &&
			history_get(viewer->history, HISTORY_OLDER, UINT64_MAX, &entry)))
		return false;
	*pixels = entry.content.pixels;
	*picture = entry.picture;
	return true;
}

void viewer_close(struct viewer *viewer)
{
	if (viewer->rest != 0)
		end_rest(viewer);
	end_coming(viewer);
}

void viewer_lost(struct viewer *viewer)
{
	end_coming(viewer);
	view_forget(viewer->view);
	if (viewer->shown.content.kind == CONTENT_PIXELS) {
		viewer->shown = (struct viewer_image){0};
		viewer->rest = 0;
		viewer->is_in_hand = false;
		viewer->is_owed = false;
	}
}

void viewer_mark_former(struct viewer *viewer)
{
	history_mark_former(viewer->history);
	viewer->shown.is_former = viewer->shown.number != 0;
	viewer->newest_sequence = 0;
}

/* ---- looking back -------------------------------------------------------------------------- */

uint64_t viewer_waiting(const struct viewer *viewer, const struct link_look *look, bool is_mirror)
{
	uint64_t newest;

	if (look->state != LINK_OPEN)
		return 0;
	if (!is_mirror)
		return (uint64_t)look->snapshot.full.value;
	newest = published_newest(&look->snapshot);
	return newest > viewer->newest_sequence ? newest - viewer->newest_sequence : 0;
}

bool viewer_looks_back(const struct viewer *viewer)
{
	return viewer->wanted != 0;
}

static bool want(struct viewer *viewer, enum history_which which, uint64_t number)
{
	struct history_entry entry;

	if (!history_get(viewer->history, which, number, &entry))
		return false;
	viewer->wanted = entry.number;
	picture_unref(entry.picture);
	return true;
}

static uint64_t looked_at(const struct viewer *viewer)
{
	return viewer->wanted != 0 ? viewer->wanted : viewer->shown.number;
}

void viewer_older(struct viewer *viewer)
{
	if (want(viewer, HISTORY_OLDER, looked_at(viewer)))
		viewer->is_stepping = false;
}

void viewer_oldest(struct viewer *viewer)
{
	if (want(viewer, HISTORY_NEWER, 0))
		viewer->is_stepping = false;
}

void viewer_newer(struct viewer *viewer, bool is_paused, uint64_t waiting)
{
	bool looks_back = viewer_looks_back(viewer);
	struct hand hand;

	if (looks_back && want(viewer, HISTORY_NEWER, viewer->wanted))
		return;
	if (looks_back && receiver_look(viewer->receiver, &hand) && hand.number > viewer->wanted)
		viewer->wanted = hand.number;
	else if ((looks_back || is_paused) && waiting > 0)
		viewer->is_stepping = true;
	else
		viewer->wanted = 0;
}

void viewer_take_next(struct viewer *viewer)
{
	viewer->wanted = 0;
	viewer->is_stepping = true;
}

void viewer_follow(struct viewer *viewer)
{
	viewer->wanted = 0;
	viewer->is_stepping = false;
}

uint64_t viewer_count_newer(struct viewer *viewer, uint64_t waiting)
{
	uint64_t newer = waiting;
	struct history_entry entry;
	struct hand hand;

	if (viewer->wanted == 0)
		return 0;
	newer += history_count(viewer->history, viewer->wanted);
	if (receiver_look(viewer->receiver, &hand) && hand.number > viewer->wanted) {
		if (history_get(viewer->history, HISTORY_THIS, hand.number, &entry))
			picture_unref(entry.picture); /* already counted */
		else
			newer++;
	}
	if (newer == 0 && !viewer->is_stepping)
		viewer->wanted = 0;
	return newer;
}

enum receiver_pace viewer_pace(const struct viewer *viewer, bool is_paused)
{
	if (viewer->is_stepping)
		return RECEIVER_STEPS;
	return is_paused || viewer->wanted != 0 ? RECEIVER_PAUSES : RECEIVER_GOES_ON;
}
