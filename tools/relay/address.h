/*
 * address.h - where pictures travel: mqtt://[USER@]HOST[:PORT]/TOPIC, taken apart and checked. Pure;
 * it looks nothing up and connects to nobody.
 */
#ifndef VITRINE_TOOLS_ADDRESS_H
#define VITRINE_TOOLS_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

#define ADDRESS_HOST_MAX  256
#define ADDRESS_USER_MAX  128
#define ADDRESS_TOPIC_MAX 512 /* with "/status" behind it: far below what MQTT allows */

struct address {
	bool tls; /* mqtts:// */
	uint16_t port;
	char host[ADDRESS_HOST_MAX]; /* a name, or an address without brackets */
	char user[ADDRESS_USER_MAX]; /* "": none was given */
	char topic[ADDRESS_TOPIC_MAX];
	char status[ADDRESS_TOPIC_MAX +
		    sizeof("/status")]; /* where the sender says that it is here */
};

/*
 * false: `reason` says what is wrong with it, and how it should be. A password in it is refused, for
 * everybody on the machine can read the arguments of a program; and so is a topic with wildcards.
 */
bool address_parse(struct address *address, const char *url, char reason[TEXT_REASON_MAX]);

#endif
