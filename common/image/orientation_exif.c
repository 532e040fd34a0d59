/*
 * orientation_exif.c - reads the orientation of a file: the part of orientation.h that needs libexif,
 * which looks at the block that sniff found. libtiff has already mirrored what it decoded, but does
 * not turn it: for TIFF only the turning is left.
 */
#include "orientation.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBEXIF
#include <libexif/exif-data.h>

/* The first directory, which has the orientation, is at the block's beginning. */
#define BLOCK_MAX 65536

static int read_exif(const uint8_t *block, size_t size)
{
	static const uint8_t magic[6] = "Exif\0";
	int orientation = 1;
	uint8_t *copy;

	if (size >= sizeof(magic) && memcmp(block, magic, sizeof(magic)) == 0) {
		block += sizeof(magic); /* some writers of PNG and WebP leave it there */
		size -= sizeof(magic);
	}
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	ExifData *data = exif_data_new();
	copy = malloc(sizeof(magic) + size);
	if (data != NULL && copy != NULL) {
		memcpy(copy, magic, sizeof(magic));
		memcpy(copy + sizeof(magic), block, size);
		exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
		exif_data_load_data(data, copy, (unsigned)(sizeof(magic) + size));
		ExifEntry *entry =
			exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
		if (entry != NULL && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
			orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
	}
	free(copy);
	if (data != NULL)
		exif_data_unref(data);
	return orientation;
}
#else
static int read_exif(const uint8_t *block, size_t size)
{
	(void)block;
	(void)size;
	return 1;
}
#endif

int orientation_of(const struct sniff *sniff)
{
	static const int turn_tiff[] = {1, 1, 1, 1, 1, 5, 7, 5, 7};
	int orientation = 1;

	if (sniff->exif != NULL)
		orientation = read_exif(sniff->exif, sniff->exif_size);
	if (sniff->tiff_orientation >= 1 && sniff->tiff_orientation <= 8)
		orientation = turn_tiff[sniff->tiff_orientation];
	return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
