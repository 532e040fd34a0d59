/* inlet.c - see inlet.h. */
#include "inlet.h"

#include <stdio.h>
#include <string.h>

#include "monotonic.h"
#include "optimistic_copy.h"
#include "text.h"
#include "translate.h"

#define REPORT_NS INT64_C(1000000000)

/* ---- what a mirror missed -------------------------------------------------------------------- */

static void log_missed(struct inlet *inlet)
{
	log_event(&inlet->tool->log, "missed", LOG_U64("images", inlet->missed - inlet->reported),
		LOG_U64("total", inlet->missed));
	inlet->reported = inlet->missed;
	inlet->reported_ns = monotonic_ns();
}

/* Logs at most once a second; inlet_end() logs the rest. */
static void count_missed(struct inlet *inlet, uint64_t images)
{
	inlet->missed += images;
	if (inlet->missed > inlet->reported && monotonic_ns() - inlet->reported_ns >= REPORT_NS)
		log_missed(inlet);
}

void inlet_end(struct inlet *inlet)
{
	char text[TEXT_REASON_MAX];

	if (inlet->missed == 0)
		return;
	if (inlet->missed > inlet->reported)
		log_missed(inlet);
	snprintf(text, sizeof(text),
		ngettext("%llu image, overwritten before this mirror copied it",
			"%llu images, overwritten before this mirror copied them",
			(unsigned long)inlet->missed),
		(unsigned long long)inlet->missed);
	log_error(&inlet->tool->log, "missed", text);
}

/* ---- taking and looking ---------------------------------------------------------------------- */

static int take(struct inlet *inlet, int64_t nap_ns, struct vitrine_image *image)
{
	return vitrine_take(link_channel(inlet->link), nap_ns, image);
}

static int look(struct inlet *inlet, int64_t nap_ns, struct vitrine_image *image)
{
	struct vitrine_channel *channel = link_channel(inlet->link);
	int rc = vitrine_wait_newer(channel, inlet->last, nap_ns);

	if (rc == VITRINE_OK && inlet->last == 0) /* older images were not wanted */
		rc = vitrine_latest(channel, image);
	else if (rc == VITRINE_OK)
		rc = vitrine_next(channel, inlet->last, image);
	if (rc == VITRINE_OK) {
		if (inlet->last > 0) /* published images are numbered without gaps */
			count_missed(inlet, image->sequence - inlet->last - 1);
		inlet->last = image->sequence;
	}
	return rc == VITRINE_ENONE ? VITRINE_ETIMEDOUT : rc;
}

int inlet_next(struct inlet *inlet, int64_t timeout_ns, struct vitrine_image *image)
{
	int64_t deadline = tool_deadline(timeout_ns);
	int rc;

	do
		rc = (inlet->is_mirror ? look : take)(inlet, tool_nap(deadline), image);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_is_over(deadline) &&
		!tool_interrupted(inlet->tool));
	return rc;
}

bool inlet_copy(struct inlet *inlet, const struct vitrine_image *image, void *to)
{
	if (inlet->is_mirror) {
		const bool is_whole = optimistic_copy(link_channel(inlet->link), image, to);

		count_missed(inlet, is_whole ? 0 : 1);
		return is_whole;
	}
	memcpy(to, image->data, (size_t)image->size);
	return vitrine_unchanged(link_channel(inlet->link), image);
}

int inlet_done(struct inlet *inlet, const struct vitrine_image *image)
{
	return inlet->is_mirror ? VITRINE_OK : vitrine_release(link_channel(inlet->link), image);
}

void inlet_return(struct inlet *inlet, const struct vitrine_image *image)
{
	if (!inlet->is_mirror)
		vitrine_requeue(link_channel(inlet->link), image);
}

void inlet_restart(struct inlet *inlet)
{
	inlet->last = 0;
}
