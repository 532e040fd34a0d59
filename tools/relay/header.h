/*
 * header.h - what travels beside a picture's bytes: properties of an MQTT 5 message, every one of
 * which may be missing, for any client may publish. docs/relay.md has them for those who write
 * clients. What comes in is untrusted: numbers that are none are as good as missing, texts are cut.
 */
#ifndef VITRINE_TOOLS_HEADER_H
#define VITRINE_TOOLS_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "mqtt.h"
#include "vitrine.h"

#define HEADER_SENDER_MAX 64 /* bytes, with the closing NUL */

struct header {
	char media_type[VITRINE_MEDIA_TYPE_MAX]; /* the content type; "" */
	char name[VITRINE_NAME_MAX];             /* of the file; not yet safe; "" */
	char sender[HEADER_SENDER_MAX];          /* who publishes, unlike any other; "" */
	uint64_t sequence;     /* 1, 2, 3 …: the sender's pictures; 0: not said */
	uint64_t bytes;        /* of that picture, beside the sender's status; 0: not said */
	uint64_t published_ms; /* since 1970, by the sender's clock; 0: not said */
	uint32_t checksum;     /* enum vitrine_checksum, of the bytes that travel */
	uint8_t digest[16];
};

/* Makes the properties; the caller frees them, whatever comes back. false: no memory. */
bool header_to_properties(const struct header *header, mosquitto_property **properties);

/* Reads them; NULL: there are none. */
void header_of_properties(struct header *header, const mosquitto_property *properties);

/* Whether it has all that a relay's pictures have. */
bool header_is_complete(const struct header *header);

#endif
