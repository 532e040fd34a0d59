/*
 * relay.h - what the three things that a relay can do have in common: --to sends the channel's newest
 * image to a broker, --from puts what comes from there into the channel, --check looks why neither
 * works. main.c parses and calls one of them.
 */
#ifndef VITRINE_TOOLS_RELAY_H
#define VITRINE_TOOLS_RELAY_H

#include <stdint.h>

#include "address.h"
#include "credentials.h"
#include "tool.h"

#define RELAY_MESSAGE_MOST (UINT64_C(268435455) - 65536) /* MQTT's limit, less the properties */
#define RELAY_SIZE_DEFAULT (UINT64_C(64) << 20)

struct relay {
	struct tool *tool;
	struct address address;
	struct credentials credentials;
	int quality;     /* of JPEG; 0: PNG */
	uint64_t most;   /* bytes of a picture that is taken */
	uint64_t memory; /* bytes that its pixels may take */
};

/* Each runs until a signal comes, or it is done, and returns an enum command_exit. */
int relay_send(const struct relay *relay);
int relay_receive(const struct relay *relay);
int relay_check(const struct relay *relay);

#endif
