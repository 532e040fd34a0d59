/* message_to_image.c - see message_to_image.h. */
#include "message_to_image.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "decode.h"
#include "digest.h"
#include "format.h"
#include "mediatype.h"
#include "safename.h"
#include "translate.h"

/*
 * Sets the name: the one that was sent, or the last part of the topic with the usual extension,
 * "7b.jpg". If there are several topics, the label comes first: "front.jpg", "front-photo.jpg".
 */
static void name_it(char name[SAFENAME_MAX], const struct message_header *header, const char *label,
	const char *topic, const char *type)
{
	const char *extension = mediatype_extension(type);
	char whole[VITRINE_NAME_MAX + ADDRESS_LABEL_MAX];

	if (header->name[0] != '\0')
		snprintf(whole, sizeof(whole), "%s%s%s", label != NULL ? label : "",
			label != NULL ? "-" : "", header->name);
	else
		snprintf(whole, sizeof(whole), "%.200s.%s",
			label != NULL ? label : text_base_name(topic),
			extension != NULL ? extension : "bin");
	safename_make(name, whole, NULL);
}

/* Formats whose files end with a mark, so that a file without it was cut short. */
static bool has_end_mark(enum format format)
{
	return format == FORMAT_PNG || format == FORMAT_JPEG || format == FORMAT_GIF ||
	       format == FORMAT_WEBP || format == FORMAT_QOI;
}

/*
 * Checks that an image needs no more memory than allowed and is complete. A decoder process
 * examines it; only formats without an end mark are decoded, on a small scale, to see whether
 * anything is missing.
 */
static bool looks_sound(struct decoder *decoder, enum format format, const char *name,
	const void *bytes, size_t size, uint64_t memory, char reason[TEXT_REASON_MAX])
{
	const struct decode_wish wish = {.box_width = 1, .box_height = 1, .is_strict = true};
	struct decode_look look;
	struct picture *picture;

	if (!decode_look(decoder, name, bytes, size, memory, &look, reason))
		return false;
	if (has_end_mark(format) && !look.ends_early)
		return true;
	picture = decode_bytes(decoder, name, bytes, size, memory, &wish, reason);
	picture_unref(picture);
	return picture != NULL;
}

bool message_check_digest(const void *bytes, size_t size, const struct message_header *header,
	char reason[TEXT_REASON_MAX])
{
	uint32_t kind = header->checksum;
	uint8_t result[DIGEST_BYTES];

	if (kind == VITRINE_NO_CHECKSUM || !digest_of(kind, bytes, size, result) ||
		memcmp(result, header->digest, sizeof(result)) == 0)
		return true;
	snprintf(reason, TEXT_REASON_MAX,
		_("its %s does not match its sender's: it was damaged on "
		  "the way"),
		digest_name(kind));
	return false;
}

bool message_to_image(struct decoder *decoder, const void *bytes, size_t size,
	const struct message_header *header, const char *label, const char *topic, uint64_t memory,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	const size_t head = size < FORMAT_BYTES ? size : FORMAT_BYTES;
	const enum format format = format_of(bytes, head, header->name);
	const bool is_image = format_is_decoded(format);
	const char *type = mediatype_of(bytes, head,
		is_image || message_header_is_complete(header) ? header->name : "");
	char name[SAFENAME_MAX];

	if (!is_image && !message_header_is_complete(header)) {
		snprintf(reason, TEXT_REASON_MAX, _("it is not an image (%s)"), type);
		return false;
	}
	name_it(name, header, label, topic, type);
	if (is_image && decoder_presence(NULL, format) != DECODER_MISSING &&
		!looks_sound(decoder, format, name, bytes, size, memory, reason))
		return false;
	vitrine_file(image, name, size, type);
	image->checksum = header->checksum;
	memcpy(image->digest, header->digest, sizeof(image->digest));
	if (image->checksum == VITRINE_NO_CHECKSUM &&
		digest_of(VITRINE_XXH3, bytes, size, image->digest))
		image->checksum = VITRINE_XXH3;
	return true;
}
