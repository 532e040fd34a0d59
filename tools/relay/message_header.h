/*
 * message_header.h - the MQTT 5 properties that accompany a picture's bytes. Each may be missing,
 * because any client may publish. docs/relay.md describes them for authors of clients. They are
 * untrusted: invalid numbers count as missing, and texts are cut.
 */
#ifndef VITRINE_TOOLS_MESSAGE_HEADER_H
#define VITRINE_TOOLS_MESSAGE_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "mqtt.h"
#include "vitrine.h"

#define HEADER_SENDER_MAX 64 /* bytes, with the closing NUL */

struct message_header {
	char media_type[VITRINE_MEDIA_TYPE_MAX]; /* the content type; "" */
	char name[VITRINE_NAME_MAX];             /* of the file; untrusted; "" */
	char sender[HEADER_SENDER_MAX];          /* unique id of the sender; "" */
	uint64_t sequence;     /* 1, 2, 3 …: number of the sender's picture; 0: missing */
	uint64_t bytes;        /* in a bulletin: size of that picture; 0: missing */
	uint64_t published_ms; /* since 1970, by the sender's clock; 0: missing */
	uint32_t checksum;     /* enum vitrine_checksum, of the message's bytes */
	uint8_t digest[16];
};

/* Creates the properties; the caller frees them even after a failure. false: out of memory. */
bool message_header_to_properties(const struct message_header *header,
	mosquitto_property **properties);

/* Reads them; NULL: there are none. */
void message_header_of_properties(struct message_header *header,
	const mosquitto_property *properties);

/* True if it has all properties that a relay sends with a picture. */
bool message_header_is_complete(const struct message_header *header);

#endif
