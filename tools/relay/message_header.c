/* message_header.c - see message_header.h. */
#include "message_header.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "text.h"

static bool add(mosquitto_property **properties, const char *name, const char *value)
{
	return mosquitto_property_add_string_pair(properties, MQTT_PROP_USER_PROPERTY, name,
		       value) == MOSQ_ERR_SUCCESS;
}

/* Adds a number; omits 0. */
static bool add_number(mosquitto_property **properties, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return number == 0 || add(properties, name, text);
}

static bool add_checksum(mosquitto_property **properties, const struct message_header *header)
{
	char digits[DIGEST_TEXT_MAX], text[DIGEST_TEXT_MAX + 16];

	if (header->checksum == VITRINE_NO_CHECKSUM)
		return true;
	snprintf(text, sizeof(text), "%s:%s", digest_name(header->checksum),
		digest_text(digits, header->checksum, header->digest));
	return add(properties, "checksum", text);
}

bool message_header_to_properties(const struct message_header *header,
	mosquitto_property **properties)
{
	if (header->media_type[0] != '\0' &&
		mosquitto_property_add_string(properties, MQTT_PROP_CONTENT_TYPE,
			header->media_type) != MOSQ_ERR_SUCCESS)
		return false;
	if (header->name[0] != '\0' && !add(properties, "name", header->name))
		return false;
	if (header->sender[0] != '\0' && !add(properties, "sender", header->sender))
		return false;
	return add_number(properties, "sequence", header->sequence) &&
	       add_number(properties, "bytes", header->bytes) &&
	       add_number(properties, "published", header->published_ms) &&
	       add_checksum(properties, header);
}

static void read_number(uint64_t *number, const char *text)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
		*number = 0;
}

/* "xxh3:0123456789abcdef" */
static void read_checksum(struct message_header *header, const char *text)
{
	const char *colon = strchr(text, ':');
	char again[DIGEST_TEXT_MAX], name[8];
	size_t length = colon != NULL ? (size_t)(colon - text) : sizeof(name);
	uint32_t kind;

	if (length >= sizeof(name))
		return;
	memcpy(name, text, length);
	name[length] = '\0';
	if (!digest_kind(name, &kind))
		return;
	for (size_t i = 0; i < sizeof(header->digest) && strlen(colon + 1) >= 2 * i + 2; i++) {
		unsigned byte;

		if (sscanf(colon + 1 + 2 * i, "%2x", &byte) != 1)
			return;
		header->digest[i] = (uint8_t)byte;
	}
	/* Converting it back must give the same text: neither longer nor shorter. */
	if (strcmp(digest_text(again, kind, header->digest), colon + 1) == 0)
		header->checksum = kind;
	else
		memset(header->digest, 0, sizeof(header->digest));
}

static void read_pair(struct message_header *header, const char *name, const char *value)
{
	if (strcmp(name, "name") == 0)
		text_printable(header->name, sizeof(header->name), value);
	else if (strcmp(name, "sender") == 0)
		text_printable(header->sender, sizeof(header->sender), value);
	else if (strcmp(name, "sequence") == 0)
		read_number(&header->sequence, value);
	else if (strcmp(name, "bytes") == 0)
		read_number(&header->bytes, value);
	else if (strcmp(name, "published") == 0)
		read_number(&header->published_ms, value);
	else if (strcmp(name, "checksum") == 0)
		read_checksum(header, value);
}

void message_header_of_properties(struct message_header *header,
	const mosquitto_property *properties)
{
	memset(header, 0, sizeof(*header));
	for (; properties != NULL; properties = mosquitto_property_next(properties)) {
		char *name = NULL, *value = NULL;

		switch (mosquitto_property_identifier(properties)) {
		case MQTT_PROP_CONTENT_TYPE:
			mosquitto_property_read_string(properties, MQTT_PROP_CONTENT_TYPE, &value,
				false);
			if (value != NULL)
				text_printable(header->media_type, sizeof(header->media_type),
					value);
			break;
		case MQTT_PROP_USER_PROPERTY:
			mosquitto_property_read_string_pair(properties, MQTT_PROP_USER_PROPERTY,
				&name, &value, false);
			if (name != NULL && value != NULL)
				read_pair(header, name, value);
			break;
		default: break;
		}
		free(name);
		free(value);
	}
}

bool message_header_is_complete(const struct message_header *header)
{
	return header->name[0] != '\0' && header->sender[0] != '\0' && header->sequence != 0 &&
	       header->media_type[0] != '\0';
}
