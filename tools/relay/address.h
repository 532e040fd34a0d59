/*
 * address.h - parses and checks mqtt://[USER@]HOST[:PORT]/TOPIC, the same with mqtts,
 * and mqtt+unix://PATH/TOPIC, whose path has its slashes as %2F. Pure: looks up no name and opens
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

#define ADDRESS_LABEL_MAX 128
#define ADDRESS_STATUS    "/status" /* added to a topic */

enum address_transport {
	ADDRESS_TCP,
	ADDRESS_UNIX, /* mqtt+unix:// */
};

struct address {
	enum address_transport transport;
	bool tls;                    /* mqtts:// */
	bool is_filter;              /* the topic has wildcards: it stands for many topics */
	uint16_t port;               /* of a UNIX socket: 0 */
	char host[ADDRESS_HOST_MAX]; /* a name, an address without brackets, or a socket's path */
	char user[ADDRESS_USER_MAX]; /* "": none was given */
	char topic[ADDRESS_TOPIC_MAX];
	/* The topic on which the sender announces its presence; of a/#, which includes it: "". */
	char status[ADDRESS_TOPIC_MAX + sizeof(ADDRESS_STATUS)];
};

/*
 * false: `reason` says what is wrong and what is expected. A password is refused, because every
 * user of the machine can read a program's arguments.
 */
bool address_parse(struct address *address, const char *url, char reason[TEXT_REASON_MAX]);

/*
 * The part of `topic` that distinguishes it from the other topics of the address: the levels that
 * match + and #, joined by dashes. For frigate/front/person/snapshot and the address
 * frigate/+/person/snapshot it is "front". The whole topic if there is no wildcard. Returns
 * `label`.
 */
char *address_label(const struct address *address, const char *topic,
	char label[ADDRESS_LABEL_MAX]);

#endif
