/*
 * relay.h - the options shared by the functions of a relay: --to sends the channel's newest
 * image to a broker, --from publishes in the channel what arrives from it, --check finds out why
 * they do not work, --serve sends to a broker of its own. main.c parses and calls one of them.
 */
#ifndef VITRINE_TOOLS_RELAY_H
#define VITRINE_TOOLS_RELAY_H

#include <stdint.h>

#include "address.h"
#include "credentials.h"
#include "tool.h"

#define RELAY_MESSAGE_MOST (UINT64_C(268435455) - 65536) /* MQTT's limit minus the properties */
#define RELAY_SIZE_DEFAULT (UINT64_C(64) << 20)

#define RELAY_CHANNELS_DEFAULT 16u /* of --per-topic */
#define RELAY_CHANNELS_MOST    64u

struct relay {
	struct tool *tool;
	struct address address;
	struct credentials credentials;
	int quality;        /* of JPEG; 0: PNG */
	const char *field;  /* the field of a JSON object with the picture; NULL: none was given */
	uint16_t page_port; /* with --serve: of the page for browsers */
	unsigned per_topic; /* at most this many channels, one per topic; 0: one for all */
	uint64_t most;      /* the largest picture to accept, bytes */
	uint64_t memory;    /* limit for its pixels, bytes */
};

/* Each runs until it is done or a signal ends it, and returns an enum command_exit. */
int relay_send(const struct relay *relay);
int relay_receive(const struct relay *relay);
int relay_check(const struct relay *relay);
int relay_serve(const struct relay *relay); /* on address.host ("": all) and address.port */

#endif
