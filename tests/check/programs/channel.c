/*
 * channel.c - Vitrine's own protocol as three processes that end: channel ROLE. Two slots; a producer
 * that publishes three images, a consumer that takes what comes, a mirror that looks on. Whoever dies,
 * the others must come to their end: nobody waits longer than a second.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vitrine.h"

#define IMAGES    3
#define SECOND_NS INT64_C(1000000000)

static int produce(struct vitrine_channel *channel)
{
	for (int i = 0; i < IMAGES; i++) {
		struct vitrine_claim claim;
		struct vitrine_image image;
		int rc = vitrine_pixels(&image, "dot", 1, 1, VITRINE_XR24);

		if (rc == VITRINE_OK)
			rc = vitrine_claim(channel, image.size, VITRINE_WAIT, SECOND_NS, &claim);
		if (rc != VITRINE_OK)
			return rc;
		memset(claim.data, i, image.size);
		rc = vitrine_publish(channel, &claim, &image, SECOND_NS);
		if (rc != VITRINE_OK)
			return rc;
	}
	return VITRINE_OK;
}

static int consume(struct vitrine_channel *channel)
{
	uint64_t last = 0;

	for (int i = 0; i < IMAGES; i++) {
		struct vitrine_image image;
		int rc = vitrine_take(channel, SECOND_NS, &image);

		if (rc != VITRINE_OK)
			return rc;
		if (image.sequence <= last)
			exit(1); /* an image came twice, or out of its order */
		last = image.sequence;
		vitrine_release(channel, &image);
	}
	return VITRINE_OK;
}

static int mirror(struct vitrine_channel *channel)
{
	struct vitrine_image image;

	vitrine_wait_newer(channel, 0, SECOND_NS);
	vitrine_latest(channel, &image);
	return VITRINE_OK;
}

int main(int argc, char **argv)
{
	const char *role = argc > 1 ? argv[1] : "";
	bool is_producer = strcmp(role, "producer") == 0, is_mirror = strcmp(role, "mirror") == 0;
	struct vitrine_options options = {
		.role = is_producer ? VITRINE_PRODUCER
			: is_mirror ? VITRINE_MIRROR
				    : VITRINE_CONSUMER,
		.slots = 2,
		.slot_size = 4096,
		.patience_ns = SECOND_NS / 50, /* longer waits only repeat the same steps */
	};
	struct vitrine_channel *channel;
	int rc = vitrine_open(&channel, &options);

	if (rc == VITRINE_OK)
		rc = is_producer ? produce(channel)
		     : is_mirror ? mirror(channel)
				 : consume(channel);
	vitrine_close(channel);
	return 0;
}
