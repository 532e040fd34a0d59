/*
 * validate.h - whether what came from a broker may go into the channel, and as what. It is untrusted,
 * whoever is said to have sent it: magic bytes are looked at here, the rest in a decoder's process.
 */
#ifndef VITRINE_TOOLS_VALIDATE_H
#define VITRINE_TOOLS_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder.h"
#include "header.h"
#include "text.h"
#include "vitrine.h"

/*
 * An image, by its first bytes, passes; so does any other file that came with all the properties of
 * a relay. Describes it in *image, ready to be published. `topic` gives a name to what has none;
 * `memory`: bytes that the pixels may take. false: `reason` says why not.
 */
bool validate(struct decoder *decoder, const void *bytes, size_t size, const struct header *header,
	const char *topic, uint64_t memory, struct vitrine_image *image,
	char reason[TEXT_REASON_MAX]);

#endif
