/*
 * trusted.h - a JPEG file that its user trusts, on its way straight into the slot: decoded in this
 * process, row by row to where the consumer will read it. Nothing here guards against a decoder that
 * crashes, hangs or does worse; decode.h does. sender.c calls it for `send --trust-decoder`.
 */
#ifndef VITRINE_TOOLS_TRUSTED_H
#define VITRINE_TOOLS_TRUSTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sniff.h"
#include "source.h"
#include "text.h"
#include "vitrine.h"

struct trusted {
	uint8_t *bytes; /* the file; NULL: it is not open */
	size_t size;
	struct sniff sniff;
	uint64_t limit; /* bytes that the pixels may take */
};

/* Whether the source is a JPEG file, and this was built to decode it. */
bool trusted_can(const struct source *source);

/* Reads the source, and describes the picture. false: `reason` says why; nothing is open. */
bool trusted_open(struct trusted *trusted, const struct source *source, uint64_t limit,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX]);

/* Decodes into `slot`, which has the size that the description said. false: `reason` says why. */
bool trusted_fill(const struct trusted *trusted, void *slot, char reason[TEXT_REASON_MAX]);

void trusted_close(struct trusted *trusted); /* safe to call twice */

#endif
