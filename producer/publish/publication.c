/* publication.c - see publication.h. */
#include "publication.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "format.h"
#include "mediatype.h"
#include "text.h"
#include "translate.h"
#include "turned.h"

#define CHUNK_BYTES ((size_t)1 << 20) /* hashed while still in the cache */
#define TURNED_ROWS 64

bool publication_of_picture(struct publication *publication, struct picture *picture,
	int orientation)
{
	*publication = (struct publication){
		.picture = picture_ref(picture), .orientation = orientation, .slurp.fd = -1};
	return true;
}

bool publication_of_file(struct publication *publication, const char *path)
{
	*publication = (struct publication){.path = strdup(path), .slurp.fd = -1};
	return publication->path != NULL;
}

bool publication_is_empty(const struct publication *publication)
{
	return publication->picture == NULL && publication->path == NULL;
}

void publication_end(struct publication *publication)
{
	picture_unref(publication->picture);
	free(publication->path);
	*publication = (struct publication){.slurp.fd = -1};
}

/* ---- the description ----------------------------------------------------------------------- */

bool publication_open(struct publication *publication, struct vitrine_image *image,
	char reason[TEXT_REASON_MAX])
{
	struct slurp *slurp = &publication->slurp;

	if (publication->picture != NULL) {
		const struct pixels *pixels = &publication->picture->pixels;

		if (vitrine_pixels(image, publication->picture->path,
			    turned_width(pixels, publication->orientation),
			    turned_height(pixels, publication->orientation),
			    pixels->format) == VITRINE_OK)
			return true;
		text_print(reason, TEXT_REASON_MAX, _("has %u x %u pixels: too many"),
			pixels->width, pixels->height);
		return false;
	}
	if (!slurp_open_any(slurp, publication->path, FORMAT_BYTES, reason))
		return false;
	vitrine_file(image, publication->path, slurp->file_size,
		mediatype_of(slurp->bytes, slurp->size, text_base_name(publication->path)));
	return true;
}

void publication_close(struct publication *publication)
{
	if (publication->picture == NULL)
		slurp_close(&publication->slurp);
}

/* ---- into the slot ------------------------------------------------------------------------- */

/* Copies a part at a time, so that a cancellation takes effect soon. */
static bool copy_turned(const struct publication *publication, uint8_t *slot, uint32_t pitch,
	bool (*stops)(void *data), void *data, char reason[TEXT_REASON_MAX])
{
	const struct pixels *pixels = &publication->picture->pixels;
	const uint32_t width = turned_width(pixels, publication->orientation);
	const uint32_t height = turned_height(pixels, publication->orientation);

	for (uint32_t y = 0; y < height; y += TURNED_ROWS) {
		uint32_t rows = height - y < TURNED_ROWS ? height - y : TURNED_ROWS;

		if (stops(data)) {
			text_print(reason, TEXT_REASON_MAX, _("was cancelled"));
			return false;
		}
		turned_rows(pixels, publication->orientation, 0, y, width, rows,
			(uint32_t *)(void *)(slot + (size_t)pitch * y), NULL);
	}
	return true;
}

/* Reads the file directly into the slot in chunks. */
static bool copy_file(const struct publication *publication, uint8_t *slot, struct digest *digest,
	bool (*stops)(void *data), void *data, char reason[TEXT_REASON_MAX])
{
	const uint64_t size = publication->slurp.file_size;

	for (uint64_t done = 0; done < size; done += CHUNK_BYTES) {
		size_t chunk = size - done < CHUNK_BYTES ? (size_t)(size - done) : CHUNK_BYTES;

		if (stops(data)) {
			text_print(reason, TEXT_REASON_MAX, _("was cancelled"));
			return false;
		}
		if (!slurp_into(&publication->slurp, slot + done, chunk, done, reason))
			return false;
		if (digest != NULL)
			digest_add(digest, slot + done, chunk);
	}
	return slurp_is_unchanged(&publication->slurp, reason);
}

bool publication_fill(const struct publication *publication, void *slot,
	struct vitrine_image *image, bool (*stops)(void *data), void *data,
	char reason[TEXT_REASON_MAX])
{
	bool has_digest = publication->checksum != VITRINE_NO_CHECKSUM;
	struct digest *digest = has_digest ? digest_create(publication->checksum) : NULL;
	bool is_filled = true;

	if (has_digest && digest == NULL) {
		text_print(reason, TEXT_REASON_MAX, _("not enough memory"));
		return false;
	}
	if (publication->picture == NULL) {
		is_filled = copy_file(publication, slot, digest, stops, data, reason);
	} else if (publication->orientation != 1) {
		is_filled = copy_turned(publication, slot, image->pitch, stops, data, reason);
	} else {
		const struct pixels *pixels = &publication->picture->pixels;

		pixels_copy_rows(slot, pixels->data, pixels->pitch, image->pitch, pixels->height);
	}
	if (has_digest && is_filled && publication->picture != NULL)
		digest_add(digest, slot, (size_t)image->size);
	if (has_digest && is_filled) {
		image->checksum = publication->checksum;
		digest_finish(digest, image->digest);
	} else {
		digest_destroy(digest);
	}
	return is_filled;
}
