/* inlet.c - see inlet.h. */
#include "inlet.h"

#include <string.h>

#include "optimistic_copy.h"

static int take(struct inlet *inlet, int64_t nap_ns, struct vitrine_image *image)
{
	return vitrine_take(link_channel(inlet->link), nap_ns, image);
}

/*
 * The oldest image that is newer than the last one seen; the newest alone if none was seen yet.
 * VITRINE_ETIMEDOUT: all of them were overwritten just now.
 */
static int find_next(struct vitrine_channel *channel, uint64_t last, struct vitrine_image *image)
{
	struct vitrine_image other;
	int rc = vitrine_latest(channel, image);

	if (rc != VITRINE_OK || last == 0)
		return rc;
	if (image->sequence <= last)
		return VITRINE_ETIMEDOUT;
	for (uint32_t slot = 0; image->sequence > last + 1; slot++) {
		rc = vitrine_look(channel, slot, &other);
		if (rc == VITRINE_EINVAL) /* it was the last slot */
			break;
		if (rc == VITRINE_OK && other.sequence > last && other.sequence < image->sequence)
			*image = other;
	}
	return VITRINE_OK;
}

static int look(struct inlet *inlet, int64_t nap_ns, struct vitrine_image *image)
{
	struct vitrine_channel *channel = link_channel(inlet->link);
	int rc = vitrine_wait_newer(channel, inlet->last, nap_ns);

	if (rc == VITRINE_OK)
		rc = find_next(channel, inlet->last, image);
	if (rc == VITRINE_OK)
		inlet->last = image->sequence;
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

bool inlet_copy(const struct inlet *inlet, const struct vitrine_image *image, void *to)
{
	if (inlet->is_mirror)
		return optimistic_copy(link_channel(inlet->link), image, to);
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
