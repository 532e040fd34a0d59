/* payload.c - see payload.h. */
#include "payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "format.h"
#include "mediatype.h"
#include "text.h"

#define CHUNK_BYTES ((size_t)1 << 20) /* hashed while it is still in the cache */

bool payload_of_picture(struct payload *payload, struct picture *picture)
{
	*payload = (struct payload){.picture = picture_ref(picture), .slurp.fd = -1};
	return true;
}

bool payload_of_file(struct payload *payload, const char *path)
{
	*payload = (struct payload){.path = strdup(path), .slurp.fd = -1};
	return payload->path != NULL;
}

bool payload_is_empty(const struct payload *payload)
{
	return payload->picture == NULL && payload->path == NULL;
}

void payload_end(struct payload *payload)
{
	picture_unref(payload->picture);
	free(payload->path);
	*payload = (struct payload){.slurp.fd = -1};
}

/* ---- what it is ---------------------------------------------------------------------------- */

bool payload_open(struct payload *payload, struct vitrine_image *image,
	char reason[TEXT_REASON_MAX])
{
	struct slurp *slurp = &payload->slurp;

	if (payload->picture != NULL) {
		const struct pixels *pixels = &payload->picture->pixels;

		if (vitrine_pixels(image, payload->picture->path, pixels->width, pixels->height,
			    pixels->format) == VITRINE_OK)
			return true;
		snprintf(reason, TEXT_REASON_MAX, "has %u x %u pixels: too many", pixels->width,
			pixels->height);
		return false;
	}
	if (!slurp_open_any(slurp, payload->path, FORMAT_BYTES, reason))
		return false;
	vitrine_file(image, payload->path, slurp->file_size,
		mediatype_of(slurp->bytes, slurp->size, text_base_name(payload->path)));
	return true;
}

void payload_close(struct payload *payload)
{
	if (payload->picture == NULL)
		slurp_close(&payload->slurp);
}

/* ---- into the slot ------------------------------------------------------------------------- */

static void copy_rows(uint8_t *row, const struct pixels *pixels, uint32_t pitch)
{
	if (pixels->pitch == pitch) {
		memcpy(row, pixels->data, (size_t)pitch * pixels->height);
		return;
	}
	for (uint32_t y = 0; y < pixels->height; y++, row += pitch)
		memcpy(row, pixels->data + (size_t)y * pixels->pitch, pitch);
}

/* Reads the file straight into the slot, a chunk at a time. */
static bool copy_file(const struct payload *payload, uint8_t *slot, struct digest *digest,
	bool (*stops)(void *data), void *data, char reason[TEXT_REASON_MAX])
{
	const uint64_t size = payload->slurp.file_size;

	for (uint64_t done = 0; done < size; done += CHUNK_BYTES) {
		size_t chunk = size - done < CHUNK_BYTES ? (size_t)(size - done) : CHUNK_BYTES;

		if (stops(data)) {
			snprintf(reason, TEXT_REASON_MAX, "was given up");
			return false;
		}
		if (!slurp_into(&payload->slurp, slot + done, chunk, done, reason))
			return false;
		if (digest != NULL)
			digest_add(digest, slot + done, chunk);
	}
	return slurp_is_unchanged(&payload->slurp, reason);
}

bool payload_fill(const struct payload *payload, void *slot, struct vitrine_image *image,
	bool (*stops)(void *data), void *data, char reason[TEXT_REASON_MAX])
{
	bool has_digest = payload->checksum != VITRINE_NO_CHECKSUM;
	struct digest *digest = has_digest ? digest_create(payload->checksum) : NULL;
	bool is_filled = true;

	if (has_digest && digest == NULL) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return false;
	}
	if (payload->picture == NULL) {
		is_filled = copy_file(payload, slot, digest, stops, data, reason);
	} else {
		copy_rows(slot, &payload->picture->pixels, image->pitch);
		if (has_digest)
			digest_add(digest, slot, (size_t)image->size);
	}
	if (has_digest && is_filled) {
		image->checksum = payload->checksum;
		digest_finish(digest, image->digest);
	} else {
		digest_destroy(digest);
	}
	return is_filled;
}
