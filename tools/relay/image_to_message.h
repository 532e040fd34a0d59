/*
 * image_to_message.h - the newest image of a channel as the bytes of a message: a file's own bytes,
 * or pixels as PNG or JPEG. It first copies the image out of the slot, as a mirror does, so that a
 * slow encoder delays no program. Called by the sending side.
 */
#ifndef VITRINE_TOOLS_IMAGE_TO_MESSAGE_H
#define VITRINE_TOOLS_IMAGE_TO_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "message_header.h"
#include "text.h"
#include "vitrine.h"

struct payload {
	struct vitrine_image image;   /* as in the channel; do not read `data` */
	struct message_header header; /* without the sender and its sequence number */
	void *bytes;
	size_t size;
};

enum payload_verdict {
	PAYLOAD_MADE,
	PAYLOAD_REFUSED, /* `reason` says why; payload->image is valid */
	PAYLOAD_FAILED,  /* *error is the library's: ENONE, EREMOVED … */
};

/*
 * `quality`: of JPEG, 1 to 100, for opaque pixels; 0: PNG. `most`: the largest allowed size in
 * bytes. After PAYLOAD_MADE the caller must call payload_free().
 */
enum payload_verdict payload_make(struct payload *payload, struct vitrine_channel *channel,
	int quality, uint64_t most, int *error, char reason[TEXT_REASON_MAX]);

void payload_free(struct payload *payload); /* safe to call twice */

#endif
