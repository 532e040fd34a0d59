/*
 * icon.c - icons and cursors of Windows: the largest image in the file and, of equal sizes, the
 * deepest. It is a PNG, or a bitmap without a file header and with a mask below it.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "reader.h"
#include "translate.h"

struct bitmap {
	const uint8_t *colours; /* palette: B G R 0 */
	const uint8_t *rows;    /* from the bottom up */
	const uint8_t *mask;    /* one bit per pixel: 1 is transparent; NULL: no mask */
	uint32_t width, height;
	uint32_t bits;
	size_t pitch, mask_pitch;
};

/*
 * ---- choosing
 * ------------------------------------------------------------------------------------
 */

/* The position of an entry's image; false: outside of the file. */
static bool find_image(const struct raster_source *source, const uint8_t *entry,
	const uint8_t **image, size_t *size)
{
	const size_t offset = le32(entry + 12);

	*size = le32(entry + 8);
	*image = source->bytes + offset;
	if (offset >= source->size || source->size - offset < 40)
		return false;
	if (*size > source->size - offset)
		*size = source->size - offset;
	return *size >= 40;
}

static bool is_png(const uint8_t *image)
{
	return memcmp(image, "\x89PNG\r\n\x1a\n", 8) == 0;
}

/* Ranks images by the number of pixels, then by bits per pixel. */
static uint64_t worth_of(const uint8_t *entry, const uint8_t *image)
{
	const uint64_t width = entry[0] != 0 ? entry[0] : 256,
		       height = entry[1] != 0 ? entry[1] : 256;
	const uint64_t bits = is_png(image) ? 32 : le16(image + 14);

	return (width * height) << 16 | bits;
}

static const uint8_t *choose(const struct raster_source *source, size_t *size)
{
	const uint32_t count = source->size >= 6 ? le16(source->bytes + 4) : 0;
	const uint8_t *best = NULL;
	uint64_t most = 0;

	for (uint32_t i = 0; i < count && 6 + 16 * ((size_t)i + 1) <= source->size; i++) {
		const uint8_t *entry = source->bytes + 6 + 16 * (size_t)i, *image;
		size_t image_size;

		if (!find_image(source, entry, &image, &image_size) ||
			worth_of(entry, image) <= most)
			continue;
		most = worth_of(entry, image);
		best = image;
		*size = image_size;
	}
	return best;
}

/* ---- a bitmap -------------------------------------------------------------------------------- */

/* false: its header makes no sense, or rows are missing. */
static bool open_bitmap(struct bitmap *bitmap, const uint8_t *image, size_t size)
{
	const size_t header = le32(image);

	*bitmap = (struct bitmap){.width = le32(image + 4),
		.height = le32(image + 8) / 2, /* the mask counts, too */
		.bits = le16(image + 14)};
	const bool is_known = bitmap->bits == 1 || bitmap->bits == 4 || bitmap->bits == 8 ||
			      bitmap->bits == 16 || bitmap->bits == 24 || bitmap->bits == 32;
	if (header < 40 || header > size || !is_known || bitmap->width == 0 ||
		bitmap->width > 4096 || bitmap->height == 0 || bitmap->height > 4096)
		return false;
	size_t colours = bitmap->bits <= 8 ? le32(image + 32) : 0;
	if (bitmap->bits <= 8 && (colours == 0 || colours > 256))
		colours = (size_t)1 << bitmap->bits;
	bitmap->pitch = ((size_t)bitmap->width * bitmap->bits + 31) / 32 * 4;
	bitmap->mask_pitch = ((size_t)bitmap->width + 31) / 32 * 4;
	const size_t rows = header + colours * 4, mask = rows + bitmap->pitch * bitmap->height;
	if (mask > size)
		return false;
	bitmap->colours = image + header;
	bitmap->rows = image + rows;
	if (mask + bitmap->mask_pitch * bitmap->height <= size)
		bitmap->mask = image + mask;
	return true;
}

/* Scales five bits to eight. */
static uint32_t widened(uint32_t value)
{
	value &= 31;
	return value << 3 | value >> 2;
}

static uint32_t colour_at(const struct bitmap *bitmap, const uint8_t *row, uint32_t x)
{
	const uint32_t bits = bitmap->bits;

	if (bits == 32)
		return le32(row + 4 * (size_t)x);
	if (bits == 24)
		return UINT32_C(0xff000000) | (uint32_t)row[3 * (size_t)x + 2] << 16 |
		       le16(row + 3 * (size_t)x);
	if (bits == 16) {
		const uint32_t fives = le16(row + 2 * (size_t)x);

		return UINT32_C(0xff000000) | widened(fives >> 10) << 16 |
		       widened(fives >> 5) << 8 | widened(fives);
	}
	const uint32_t in_byte = 8 / bits, shift = (in_byte - 1 - x % in_byte) * bits;
	const uint32_t index = (uint32_t)row[x / in_byte] >> shift & ((1u << bits) - 1);
	const uint8_t *colour = bitmap->colours + 4 * (size_t)index;
	return colour < bitmap->rows ? UINT32_C(0xff000000) | (le32(colour) & 0xffffff)
				     : UINT32_C(0xff000000);
}

/* With 32 bits, eight are alpha, unless all are 0: then the mask applies. */
static bool has_alpha(const struct bitmap *bitmap)
{
	for (uint32_t y = 0; bitmap->bits == 32 && y < bitmap->height; y++)
		for (uint32_t x = 0; x < bitmap->width; x++)
			if (bitmap->rows[y * bitmap->pitch + 4 * (size_t)x + 3] != 0)
				return true;
	return false;
}

static void read_row(const struct bitmap *bitmap, uint32_t y, bool has_its_alpha, uint32_t *to)
{
	const uint8_t *row = bitmap->rows + (bitmap->height - 1 - y) * bitmap->pitch;
	const uint8_t *mask = bitmap->mask != NULL
				      ? bitmap->mask + (bitmap->height - 1 - y) * bitmap->mask_pitch
				      : NULL;

	for (uint32_t x = 0; x < bitmap->width; x++) {
		to[x] = colour_at(bitmap, row, x);
		if (has_its_alpha)
			continue;
		to[x] |= UINT32_C(0xff000000);
		if (mask != NULL && (mask[x / 8] << x % 8 & 0x80) != 0)
			to[x] = 0;
	}
}

static bool read_bitmap(const struct reading *reading, const uint8_t *image, size_t size)
{
	struct bitmap bitmap;

	if (!open_bitmap(&bitmap, image, size))
		return reading_fail(reading,
			N_("contains a bitmap that is damaged, or ends too early"));
	uint32_t *row = malloc((size_t)bitmap.width * 4);
	if (row == NULL)
		return reading_fail_memory(reading);
	const bool has_its_alpha = has_alpha(&bitmap);
	const bool has_begun = reading_begin(reading, bitmap.width, bitmap.height, 1);
	for (uint32_t y = 0; has_begun && y < bitmap.height; y++) {
		read_row(&bitmap, y, has_its_alpha, row);
		reading_put_rows(reading, row, bitmap.width, bitmap.width, 1);
	}
	free(row);
	return has_begun;
}

bool icon_read(const struct reading *reading)
{
	size_t size = 0;
	const uint8_t *image = choose(reading->source, &size);

	if (image == NULL)
		return reading_fail(reading, N_("contains no complete image"));
	return is_png(image) ? reading_part(reading, FORMAT_PNG, image, size)
			     : read_bitmap(reading, image, size);
}
