/* peer_vitrine.c - Vitrine as any program uses it: only functions of vitrine.h. */
#include <stdio.h>
#include <stdlib.h>

#include "peer.h"
#include "vitrine.h"

struct vitrine_peer {
	struct vitrine_channel *channel;
	struct vitrine_claim claim;
	struct vitrine_image image; /* being published or taken */
	uint64_t size;
};

static bool is_done(const struct vitrine_peer *peer, int rc)
{
	if (rc < 0)
		fprintf(stderr, "vitrine: %s\n", vitrine_message(peer->channel));
	return rc >= 0;
}

static void *peer_open(const struct peer_task *task, enum peer_side side)
{
	struct vitrine_peer *peer = calloc(1, sizeof(*peer));
	struct vitrine_key key = {.value = task->key, .source = VITRINE_KEY_ARGUMENT};
	struct vitrine_options options = {
		.role = side == PEER_CONSUMER   ? VITRINE_CONSUMER
			: side == PEER_PRODUCER ? VITRINE_PRODUCER
						: VITRINE_MIRROR,
		.key = &key,
		.slots = task->slots,
		.slot_size = task->size,
	};

	if (peer == NULL)
		return NULL;
	snprintf(key.text, sizeof(key.text), "0x%08x", (unsigned)task->key);
	peer->size = task->size;
	if (!is_done(peer, vitrine_open(&peer->channel, &options)) ||
		!is_done(peer, vitrine_pixels(&peer->image, "frame", task->width, task->height,
				       VITRINE_XR24))) {
		vitrine_close(peer->channel);
		free(peer);
		return NULL;
	}
	return peer;
}

/* The host ends last: whatever a failed side has left is removed with the channel. */
static void peer_close(void *self, enum peer_side side)
{
	struct vitrine_peer *peer = self;

	if (side == PEER_HOST)
		vitrine_remove(peer->channel);
	vitrine_close(peer->channel);
	free(peer);
}

static void *peer_claim(void *self)
{
	struct vitrine_peer *peer = self;
	int rc = vitrine_claim(peer->channel, peer->size, VITRINE_WAIT, VITRINE_FOREVER,
		&peer->claim);

	return is_done(peer, rc) ? peer->claim.data : NULL;
}

static bool peer_publish(void *self)
{
	struct vitrine_peer *peer = self;

	return is_done(peer,
		vitrine_publish(peer->channel, &peer->claim, &peer->image, VITRINE_FOREVER));
}

static const void *peer_take(void *self)
{
	struct vitrine_peer *peer = self;
	int rc = vitrine_take(peer->channel, VITRINE_FOREVER, &peer->image);

	return is_done(peer, rc) ? peer->image.data : NULL;
}

static bool peer_release(void *self)
{
	struct vitrine_peer *peer = self;

	return is_done(peer, vitrine_release(peer->channel, &peer->image));
}

const struct peer peer_vitrine = {
	.name = "vitrine",
	.title = "Vitrine",
	.open = peer_open,
	.close = peer_close,
	.claim = peer_claim,
	.publish = peer_publish,
	.take = peer_take,
	.release = peer_release,
};
