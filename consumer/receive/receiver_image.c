/* receiver_image.c - see receiver_state.h: passes one image from the channel to the window. */
#include "receiver_state.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "decode.h"
#include "frames.h"
#include "optimistic_copy.h"
#include "pool.h"
#include "text.h"
#include "translate.h"

#define COPY_PART  ((size_t)1 << 20)
#define COPY_LARGE (16 * COPY_PART)

/* An image being passed from the channel to the window. */
struct arrival {
	const struct vitrine_image *image;
	struct content content;
	void *copy;              /* private copy of the payload; NULL: none, or in the history */
	struct picture *picture; /* a reference to the history's picture; NULL: none */
};

/*
 * True if it can be shown only from a copy: its bytes must be parsed, or the copy that is checked
 * must be the one that is shown.
 */
static bool needs_copy(const struct receiver *receiver, const struct vitrine_image *image)
{
	return image->kind != VITRINE_PIXELS ||
	       (receiver->options.verify && image->checksum != VITRINE_NO_CHECKSUM);
}

/*
 * Copies in parts, with a pause after each. New memory costs page faults; without the pauses, those
 * of the window's thread wait for them on a virtual machine, and the window stood still for up to
 * 200 ms.
 */
static void copy_slowly(uint8_t *to, const uint8_t *from, size_t size)
{
	const struct timespec pause = {.tv_nsec = 200000};

	for (size_t done = 0; done < size; done += COPY_PART) {
		size_t part = size - done < COPY_PART ? size - done : COPY_PART;

		memcpy(to + done, from + done, part);
		nanosleep(&pause, NULL);
	}
}

static void copy(const struct receiver *receiver, struct arrival *arrival, bool slowly)
{
	const struct vitrine_image *image = arrival->image;

	arrival->copy = history_reserve(receiver->options.history, image->size, false);
	if (arrival->copy == NULL)
		return;
	if (slowly)
		copy_slowly(arrival->copy, image->data, (size_t)image->size);
	else
		memcpy(arrival->copy, image->data, (size_t)image->size);
}

/* Checks the copy, or the slot if there is none: it is held, so no producer writes there. */
static bool check(struct receiver *receiver, struct arrival *arrival)
{
	const struct vitrine_image *image = arrival->image;
	const bool has_copy = arrival->copy != NULL;
	char reason[TEXT_REASON_MAX];

	if (!receiver->options.verify || image->checksum == VITRINE_NO_CHECKSUM)
		return true;
	if (content_check(image, has_copy ? arrival->copy : image->data, reason)) {
		arrival->content.is_checked = has_copy;
		arrival->content.was_right = !has_copy;
		return true;
	}
	pool_give_back(arrival->copy);
	worker_lock(&receiver->worker);
	receiver->refused++;
	worker_unlock(&receiver->worker);
	log_event(receiver->options.log, "refused", LOG_U64("seq", image->sequence),
		LOG_STR("name", image->name), LOG_STR("reason", reason));
	receiver_report(receiver, image->name, reason);
	return false;
}

static bool is_ending(void *data)
{
	return receiver_wishes(data).ending;
}

/* Determines the content, in the copy if there is one; the history keeps it. */
static void look(struct receiver *receiver, struct arrival *arrival)
{
	const struct decode_wish wish = {.gives_up = is_ending, .data = receiver};
	struct history *history = receiver->options.history;
	const struct vitrine_image *image = arrival->image;
	bool is_checked = arrival->content.is_checked, was_right = arrival->content.was_right;
	struct content content = {.kind = CONTENT_CARD};

	if (image->kind == VITRINE_PIXELS)
		content = content_of_pixels(image,
			arrival->copy != NULL ? arrival->copy : image->data);
	else if (arrival->copy != NULL)
		content = content_of_file(image, arrival->copy, history, receiver->decoder, &wish);
	else
		text_print(content.note, sizeof(content.note),
			_("it is larger than --memory, so there is no copy to look at or to save"));
	content.is_checked = is_checked;
	content.was_right = was_right;
	arrival->content = content;
	if (arrival->copy == NULL)
		return;
	arrival->copy = NULL;
	arrival->picture = history_add(history, receiver->last_number, image, &content);
	if (arrival->picture == NULL) {
		arrival->content = (struct content){.kind = CONTENT_CARD};
		text_print(arrival->content.note, sizeof(arrival->content.note), "%s",
			_("not enough memory for it"));
	}
}

/*
 * Copies the pixels for the history, if they fit at all. At the same time as upload or presentation
 * it would slow down both, and the user waits for them, so an image is copied when it is on the
 * screen. A frame of a stream is copied while it is presented: the next one must come in time.
 */
static void keep(struct receiver *receiver, struct arrival *arrival)
{
	if (arrival->image->kind != VITRINE_PIXELS || arrival->picture != NULL)
		return;
	if (!receiver_wait_until_read(receiver, !frames_has(arrival->image)))
		return;
	copy(receiver, arrival, arrival->image->size >= COPY_LARGE && !frames_has(arrival->image));
	if (arrival->copy == NULL)
		return;
	look(receiver, arrival);
	receiver_tell(receiver);
}

/* The window's wishes may have changed while the thread slept. */
static bool is_still_wished(struct receiver *receiver)
{
	struct receiver_wishes wishes = receiver_wishes(receiver);

	return wishes.pace != RECEIVER_PAUSES && !wishes.mirror && !wishes.ending;
}

/* Shows a taken image. False: the program ends before the window has finished with it. */
static bool show(struct receiver *receiver, struct arrival *arrival)
{
	const struct vitrine_image *image = arrival->image;

	if (needs_copy(receiver, image)) {
		copy(receiver, arrival, false);
		if (!check(receiver, arrival))
			return true;
	}
	look(receiver, arrival);
	receiver_hand_over(receiver, image, &arrival->content);
	/* The window is about to read it; mapping all pages at once is three times as fast. */
	if (arrival->picture == NULL)
		madvise((void *)(uintptr_t)image->data, (size_t)image->size, MADV_POPULATE_READ);
	keep(receiver, arrival);
	return receiver_wait_until_done(receiver);
}

/* False: the window has other wishes by now. */
static bool enter_channel(struct receiver *receiver, const struct receiver_wishes *wishes)
{
	bool enters;

	worker_lock(&receiver->worker);
	enters = receiver_wishes_equal(&receiver->wishes, wishes);
	if (enters)
		worker_begin_call(&receiver->worker);
	worker_unlock(&receiver->worker);
	return enters;
}

int receiver_take(struct receiver *receiver, const struct receiver_wishes *wishes)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	struct arrival arrival = {.image = &image};
	bool is_done;
	int rc;

	if (!enter_channel(receiver, wishes))
		return VITRINE_EINTR;
	rc = vitrine_take(channel, LINK_SLEEP_NS, &image);
	worker_end_call(&receiver->worker);
	if (rc < 0)
		return rc;
	if (!is_still_wished(receiver))
		return vitrine_requeue(channel, &image);
	receiver->last_number++;
	receiver->last_sequence = image.sequence;
	is_done = show(receiver, &arrival);
	picture_unref(arrival.picture);
	return is_done ? vitrine_release(channel, &image) : vitrine_requeue(channel, &image);
}

/* Reads the newest image without holding it: discards what was overwritten in the meantime. */
int receiver_mirror(struct receiver *receiver, const struct receiver_wishes *wishes)
{
	struct vitrine_channel *channel = link_channel(receiver->options.link);
	struct vitrine_image image;
	struct arrival arrival = {.image = &image};
	int rc;

	if (!enter_channel(receiver, wishes))
		return VITRINE_EINTR;
	rc = vitrine_wait_newer(channel, receiver->last_sequence, LINK_SLEEP_NS);
	worker_end_call(&receiver->worker);
	if (rc == VITRINE_OK)
		rc = vitrine_latest(channel, &image);
	if (rc < 0)
		return rc;
	arrival.copy = history_reserve(receiver->options.history, image.size, true);
	if (arrival.copy == NULL)
		return VITRINE_ENOMEM;
	if (!optimistic_copy(channel, &image, arrival.copy)) {
		pool_give_back(arrival.copy);
		return VITRINE_OK;
	}
	receiver->last_number++;
	receiver->last_sequence = image.sequence;
	if (!check(receiver, &arrival))
		return VITRINE_OK;
	look(receiver, &arrival);
	receiver_hand_over(receiver, &image, &arrival.content);
	receiver_wait_until_done(receiver);
	picture_unref(arrival.picture);
	return VITRINE_OK;
}
