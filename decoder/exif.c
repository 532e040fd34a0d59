/*
 * exif.c - reads the orientation of a file: the part of file_header.h that needs libexif, which
 * looks at the block that file_header.c found.
 */
#include "file_header.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBEXIF
#include <libexif/exif-data.h>

/* The first directory, which has the orientation, is at the block's beginning. */
#define BLOCK_MAX 65536

/* The standard says SHORT, but some cameras and programs write another integer type. */
static int integer_of(const ExifEntry *entry, ExifByteOrder order)
{
	switch (entry->format) {
	case EXIF_FORMAT_BYTE:
	case EXIF_FORMAT_SBYTE: return entry->size >= 1 ? entry->data[0] : 1;
	case EXIF_FORMAT_SHORT:
	case EXIF_FORMAT_SSHORT: return entry->size >= 2 ? exif_get_short(entry->data, order) : 1;
	case EXIF_FORMAT_LONG:
	case EXIF_FORMAT_SLONG: return entry->size >= 4 ? exif_get_slong(entry->data, order) : 1;
	default: return 1;
	}
}

static int read_exif(const uint8_t *block, size_t size)
{
	static const uint8_t magic[6] = "Exif\0";
	int orientation = 1;
	uint8_t *copy;

	if (size >= sizeof(magic) && memcmp(block, magic, sizeof(magic)) == 0) {
		block += sizeof(magic); /* some writers of PNG and WebP include it */
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
		if (entry != NULL)
			orientation = integer_of(entry, exif_data_get_byte_order(data));
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

uint32_t exif_orientation(const uint8_t *block, size_t size)
{
	const int orientation = read_exif(block, size);

	return orientation >= 1 && orientation <= 8 ? (uint32_t)orientation : 1;
}

uint32_t file_orientation(const struct file_header *header)
{
	return header->exif != NULL ? exif_orientation(header->exif, header->exif_size) : 1;
}
