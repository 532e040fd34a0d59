/* publisher_image.c - see publisher_state.h: publishes one image. */
#include "publisher_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "monotonic.h"
#include "presence.h"
#include "published.h"
#include "text.h"
#include "translate.h"
#include "vitrine.h"

/* Reports that it waits: for a slot or, with drop-oldest, for the mutex. */
static void begin_to_wait(struct publisher *publisher, const char *name)
{
	struct link_look *look = calloc(1, sizeof(*look));
	char reason[PRESENCE_MAX];

	text_print(reason, sizeof(reason), "%s", _("another process holds the mutex"));
	publisher_set_state(publisher, publisher->options.when_full == VITRINE_WAIT
					       ? PUBLISHER_WAITS_SLOT
					       : PUBLISHER_WAITS_MUTEX);
	if (look != NULL && publisher->options.when_full == VITRINE_WAIT) {
		vitrine_inspect_values(link_channel(publisher->options.link), &look->snapshot);
		presence_full(reason, look);
	}
	log_event(publisher->options.log, "waiting", LOG_STR("reason", reason),
		LOG_STR("for", name));
	free(look);
}

/* False: the window has cancelled the image. */
static bool enter_channel(struct publisher *publisher)
{
	bool enters;

	worker_lock(&publisher->worker);
	enters = !publisher->ending && !publisher->giving_up;
	if (enters)
		worker_begin_call(&publisher->worker);
	worker_unlock(&publisher->worker);
	return enters;
}

/* Claims a slot; sleeps until one is free or the image is cancelled. */
static int claim(struct publisher *publisher, const struct vitrine_image *image,
	struct vitrine_claim *claimed)
{
	bool is_first = true;
	int rc;

	for (;;) {
		if (!enter_channel(publisher))
			return VITRINE_EINTR;
		rc = vitrine_claim(link_channel(publisher->options.link), image->size,
			publisher->options.when_full, is_first ? LINK_NAP_NS : LINK_SLEEP_NS,
			claimed);
		worker_end_call(&publisher->worker);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			return rc;
		if (publisher_is_given_up(publisher))
			return rc;
		if (rc == VITRINE_ETIMEDOUT && is_first) {
			begin_to_wait(publisher, image->name);
			is_first = false;
		}
	}
}

/* Fills and publishes the claimed slot. */
static int hand_over(struct publisher *publisher, const struct vitrine_claim *claimed,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	struct vitrine_channel *channel = link_channel(publisher->options.link);
	int rc;

	publisher_set_state(publisher, PUBLISHER_BUSY);
	if (!publication_fill(&publisher->publication, claimed->data, image, publisher_is_given_up,
		    publisher, reason)) {
		vitrine_abandon(channel, claimed);
		return publisher_is_given_up(publisher) ? VITRINE_EINTR : PUBLISHER_BAD_PAYLOAD;
	}
	for (;;) {
		rc = vitrine_publish(channel, claimed, image, LINK_NAP_NS);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			break;
		if (publisher_is_given_up(publisher))
			break;
		if (rc == VITRINE_ETIMEDOUT)
			publisher_set_state(publisher, PUBLISHER_WAITS_MUTEX);
	}
	if (rc < 0 && rc != VITRINE_EREMOVED)
		vitrine_abandon(channel, claimed);
	return rc;
}

/* If the channel is removed in the meantime, opens a new one and starts again there. */
static int publish(struct publisher *publisher, struct vitrine_image *image,
	struct publisher_result *result)
{
	struct link *link = publisher->options.link;
	struct vitrine_claim claimed;
	int rc = VITRINE_OK;

	while (rc == VITRINE_OK) {
		rc = claim(publisher, image, &claimed);
		if (rc == VITRINE_OK)
			rc = hand_over(publisher, &claimed, image, result->reason);
		if (rc == VITRINE_OK || rc == PUBLISHER_BAD_PAYLOAD)
			break;
		snprintf(result->reason, sizeof(result->reason), "%s",
			vitrine_message(link_channel(link)));
		if (rc != VITRINE_EREMOVED || publisher_is_given_up(publisher))
			return rc;
		rc = link_recover(link, rc);
	}
	result->sequence = image->sequence;
	result->dropped = claimed.dropped;
	return rc;
}

/* Keeps the file open, if it is one, while publishing it. */
int publisher_publish_payload(struct publisher *publisher, struct publisher_result *result)
{
	struct vitrine_image image;
	int64_t start = monotonic_ns();
	int rc = PUBLISHER_BAD_PAYLOAD;

	if (publication_open(&publisher->publication, &image, result->reason))
		rc = publish(publisher, &image, result);
	publication_close(&publisher->publication);
	if (rc == VITRINE_OK)
		published_log(publisher->options.log, &image, monotonic_ns() - start);
	return rc;
}
