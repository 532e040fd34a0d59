/* content.c - see content.h. */
#include "content.h"

#include <stdio.h>
#include <string.h>

#include "decode.h"
#include "digest.h"
#include "format.h"
#include "history.h"
#include "mediatype.h"
#include "picture.h"
#include "text.h"
#include "translate.h"

struct content content_of_pixels(const struct vitrine_image *image, const void *data)
{
	return (struct content){
		.kind = CONTENT_PIXELS,
		.pixels = {data, image->width, image->height, image->pitch, image->format},
	};
}

/* Moves the decoded pixels into memory of the history, which is counted and reused. */
static bool keep_pixels(struct content *content, const struct picture *picture,
	struct history *history)
{
	const struct pixels *pixels = &picture->pixels;
	uint64_t bytes = (uint64_t)pixels->pitch * pixels->height;
	void *memory = history_reserve(history, bytes, false);

	if (memory == NULL) {
		text_print(content->note, sizeof(content->note),
			_("its %u × %u pixels do not fit into --memory"), pixels->width,
			pixels->height);
		return false;
	}
	memcpy(memory, pixels->data, (size_t)bytes);
	content->kind = CONTENT_PIXELS;
	content->pixels = *pixels;
	content->pixels.data = memory;
	snprintf(content->note, sizeof(content->note), "%s", picture->note);
	return true;
}

static void decode(struct content *content, const struct vitrine_image *image,
	struct history *history, struct decoder *decoder, const struct decode_wish *wish)
{
	struct picture *picture = decode_bytes(decoder, image->name, content->bytes,
		(size_t)image->size, history_memory(history), wish, content->note);

	if (picture != NULL)
		keep_pixels(content, picture, history);
	picture_unref(picture);
}

/* Decides by the bytes: the publisher's media type may be wrong. */
static bool is_text(const char *type, const uint8_t *bytes, uint64_t size)
{
	return size > 0 && memchr(bytes, '\0', (size_t)size) == NULL &&
	       (strncmp(type, "text/", 5) == 0 || strcmp(type, "application/json") == 0);
}

/* Decides by the bytes or, if they are inconclusive, by the name. */
static bool is_picture(const uint8_t *bytes, size_t head, const char *name)
{
	return format_is_decoded(format_of(bytes, head, name)) || format_is_image_name(name);
}

struct content content_of_file(const struct vitrine_image *image, const uint8_t *bytes,
	struct history *history, struct decoder *decoder, const struct decode_wish *wish)
{
	size_t head = image->size < FORMAT_BYTES ? (size_t)image->size : FORMAT_BYTES;
	const char *type = mediatype_of(bytes, head, image->name);
	struct content content = {.kind = CONTENT_CARD, .bytes = bytes};

	if (image->size > 0 && is_picture(bytes, head, image->name))
		decode(&content, image, history, decoder, wish);
	else if (is_text(type, bytes, image->size))
		content.kind = CONTENT_TEXT;
	return content;
}

bool content_check(const struct vitrine_image *image, const void *data,
	char reason[TEXT_REASON_MAX])
{
	char got[DIGEST_TEXT_MAX], promised[DIGEST_TEXT_MAX];
	uint8_t result[DIGEST_BYTES];

	if (!digest_of(image->checksum, data, (size_t)image->size, result)) {
		const char *missing = digest_missing(image->checksum);

		text_print(reason, TEXT_REASON_MAX, _("cannot be checked: %s"),
			missing != NULL ? missing : _("not enough memory"));
		return false;
	}
	digest_text(got, image->checksum, result);
	digest_text(promised, image->checksum, image->digest);
	if (strcmp(got, promised) == 0)
		return true;
	text_print(reason, TEXT_REASON_MAX,
		_("refused: its %s is %s, but its publisher computed %s; publish it again"),
		digest_name(image->checksum), got, promised);
	return false;
}
