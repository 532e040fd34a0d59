/*
 * message_to_image.h - makes an image of the channel from a message of a broker, if the message may
 * be published. It is untrusted, whoever claims to have sent it: the magic bytes are checked here,
 * the rest in a decoder process.
 */
#ifndef VITRINE_TOOLS_MESSAGE_TO_IMAGE_H
#define VITRINE_TOOLS_MESSAGE_TO_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "message_header.h"
#include "text.h"
#include "vitrine.h"

/*
 * False if a message does not match its sender's checksum; `reason` says so. True, too, if it has
 * none, or one that this build cannot compute.
 */
bool message_check_digest(const void *bytes, size_t size, const struct message_header *header,
	char reason[TEXT_REASON_MAX]);

/*
 * Accepts a complete image, recognised by its first bytes, and any other file with all properties
 * of a relay. Describes it in *image, ready to be published, with its checksum or one of
 * ours. `topic` names a message without a name; `label`, if it is not NULL, tells its topic from
 * others. `memory`: bytes that the pixels may use. false: `reason` says why not.
 */
bool message_to_image(struct decoder *decoder, const void *bytes, size_t size,
	const struct message_header *header, const char *label, const char *topic, uint64_t memory,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX]);

#endif
