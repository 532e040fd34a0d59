/*
 * address.h - parses and checks mqtt://[USER@]HOST[:PORT]/TOPIC. Pure: looks up no name and opens
 * no connection.
 */
#ifndef VITRINE_TOOLS_ADDRESS_H
#define VITRINE_TOOLS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

#define ADDRESS_HOST_MAX  256
#define ADDRESS_USER_MAX  128
#define ADDRESS_TOPIC_MAX 512 /* including "/status"; far below MQTT's limit */

struct address {
	bool tls; /* mqtts:// */
	uint16_t port;
	char host[ADDRESS_HOST_MAX]; /* a name or an address, without brackets */
	char user[ADDRESS_USER_MAX]; /* "": none was given */
	char topic[ADDRESS_TOPIC_MAX];
	char status[ADDRESS_TOPIC_MAX +
		    sizeof("/status")]; /* the topic on which the sender announces its presence */
};

/*
 * false: `reason` says what is wrong and what is expected. A password is refused, because every
 * user of the machine can read a program's arguments; so are topics with wildcards.
 */
bool address_parse(struct address *address, const char *url, char reason[TEXT_REASON_MAX]);

#endif
