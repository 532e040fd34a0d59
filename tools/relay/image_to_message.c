/* image_to_message.c - see image_to_message.h. */
#include "image_to_message.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "announcement.h"
#include "digest.h"
#include "encode.h"
#include "optimistic_copy.h"
#include "safename.h"
#include "translate.h"

#define JPEG_SIDE_MOST 65500u

static enum payload_verdict refuse(char reason[TEXT_REASON_MAX], const char *why)
{
	snprintf(reason, TEXT_REASON_MAX, "%s", why);
	return PAYLOAD_REFUSED;
}

/*
 * Copies the newest image completely. If a producer overwrites it during the copy, *error is
 * VITRINE_ETIMEDOUT: the caller tries again, unless it was told to end.
 */
static enum payload_verdict copy(struct payload *payload, struct vitrine_channel *channel,
	uint64_t most, int *error, char reason[TEXT_REASON_MAX])
{
	struct vitrine_image *image = &payload->image;

	*error = vitrine_latest(channel, image);
	if (*error < 0)
		return PAYLOAD_FAILED;
	if (image->size == 0)
		return refuse(reason, _("it is empty: there is nothing to send"));
	if (image->kind == VITRINE_FILE && image->size > most)
		return refuse(reason, _("it is larger than an MQTT message can be"));
	payload->size = (size_t)image->size;
	payload->bytes = malloc(payload->size);
	if (payload->bytes == NULL)
		return refuse(reason, _("not enough memory for it"));
	if (optimistic_copy(channel, image, payload->bytes))
		return PAYLOAD_MADE;
	*error = VITRINE_ETIMEDOUT;
	return PAYLOAD_FAILED;
}

/* True if it matches its publisher's checksum, or has none, or this build cannot check it. */
static bool is_sound(const struct payload *payload)
{
	const struct vitrine_image *image = &payload->image;
	uint8_t result[DIGEST_BYTES];

	return image->checksum == VITRINE_NO_CHECKSUM ||
	       !digest_of(image->checksum, payload->bytes, payload->size, result) ||
	       memcmp(result, image->digest, sizeof(result)) == 0;
}

static bool is_opaque(const struct pixels *pixels)
{
	if (pixels->format != VITRINE_AR24 && pixels->format != VITRINE_AB24)
		return true;
	for (uint32_t y = 0; y < pixels->height; y++) {
		const uint8_t *row = pixels->data + (size_t)y * pixels->pitch;

		for (uint32_t x = 0; x < pixels->width; x++)
			if (row[4 * (size_t)x + 3] != 0xff)
				return false;
	}
	return true;
}

/* Uses the contents of the file as the payload, instead of the pixels. */
static enum payload_verdict take_file(struct payload *payload, int fd, uint64_t most,
	char reason[TEXT_REASON_MAX])
{
	struct stat status;
	size_t done = 0;

	payload_free(payload);
	if (fstat(fd, &status) < 0)
		return refuse(reason, strerror(errno));
	if ((uint64_t)status.st_size > most)
		return refuse(reason, _("as PNG or JPEG it is larger than an MQTT message can be"));
	payload->size = (size_t)status.st_size;
	payload->bytes = malloc(payload->size);
	if (payload->bytes == NULL)
		return refuse(reason, _("not enough memory for it"));
	while (done < payload->size) {
		ssize_t count =
			pread(fd, (char *)payload->bytes + done, payload->size - done, (off_t)done);

		if (count <= 0)
			return refuse(reason, count < 0 ? strerror(errno) : _("it is incomplete"));
		done += (size_t)count;
	}
	return PAYLOAD_MADE;
}

/* Encodes the pixels as a file in anonymous memory. */
static enum payload_verdict encode(struct payload *payload, int quality, uint64_t most,
	char reason[TEXT_REASON_MAX])
{
	const struct vitrine_image *image = &payload->image;
	const struct pixels pixels = {
		.data = payload->bytes,
		.width = image->width,
		.height = image->height,
		.pitch = image->pitch,
		.format = image->format,
	};
	bool is_jpeg = quality > 0 && image->width <= JPEG_SIDE_MOST &&
		       image->height <= JPEG_SIDE_MOST && is_opaque(&pixels);
	int fd = memfd_create("vitrine", MFD_CLOEXEC);
	enum payload_verdict verdict;

	if (fd < 0)
		return refuse(reason, strerror(errno));
	if (is_jpeg ? !encode_jpeg(fd, &pixels, NULL, quality, reason)
		    : !encode_png(fd, &pixels, NULL, reason))
		verdict = PAYLOAD_REFUSED;
	else
		verdict = take_file(payload, fd, most, reason);
	close(fd);
	safename_make(payload->header.name, image->name, is_jpeg ? "jpg" : "png");
	snprintf(payload->header.media_type, sizeof(payload->header.media_type), "%s",
		is_jpeg ? "image/jpeg" : "image/png");
	return verdict;
}

/* The publication time by the wall clock. */
static uint64_t published_ms(const struct vitrine_image *image)
{
	uint64_t now_ms = announcement_now_ms(), age_ms = (uint64_t)vitrine_age_ns(image) / 1000000;

	return age_ms < now_ms ? now_ms - age_ms : 1; /* 0 means unknown */
}

static void describe(struct payload *payload)
{
	const struct vitrine_image *image = &payload->image;
	struct message_header *header = &payload->header;
	uint32_t kind = image->checksum;

	if (image->kind == VITRINE_FILE) {
		snprintf(header->name, sizeof(header->name), "%s", image->name);
		snprintf(header->media_type, sizeof(header->media_type), "%s", image->media_type);
	}
	header->published_ms = published_ms(image);
	if (kind == VITRINE_NO_CHECKSUM || digest_missing(kind) != NULL)
		kind = digest_missing(VITRINE_XXH3) == NULL ? VITRINE_XXH3 : VITRINE_MD5;
	if (digest_of(kind, payload->bytes, payload->size, header->digest))
		header->checksum = kind;
}

enum payload_verdict payload_make(struct payload *payload, struct vitrine_channel *channel,
	int quality, uint64_t most, int *error, char reason[TEXT_REASON_MAX])
{
	enum payload_verdict verdict;

	memset(payload, 0, sizeof(*payload));
	verdict = copy(payload, channel, most, error, reason);
	if (verdict == PAYLOAD_MADE && !is_sound(payload))
		verdict = refuse(reason, _("its checksum does not match its publisher's"));
	if (verdict == PAYLOAD_MADE && payload->image.kind == VITRINE_PIXELS)
		verdict = encode(payload, quality, most, reason);
	if (verdict == PAYLOAD_MADE)
		describe(payload);
	else
		payload_free(payload);
	return verdict;
}

void payload_free(struct payload *payload)
{
	free(payload->bytes);
	payload->bytes = NULL;
	payload->size = 0;
}
