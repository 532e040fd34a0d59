/*
 * file_header.c - see file_header.h. One short parser per format. A parser stops where the bytes
 * end or are invalid; what it has found until then counts. Offsets are only compared with what is
 * left, so none overflows.
 */
#include "file_header.h"

#include <string.h>

#include "bytes.h"

#define HEIF_HEAD ((size_t)64 << 10) /* its properties are near its beginning */

static void read_png(struct file_header *header, const uint8_t *bytes, size_t size)
{
	size_t at = 8;

	header->cut_short = true;
	while (size - at >= 8) { /* length, name, data, checksum */
		const uint8_t *data = bytes + at + 8;
		uint32_t length = be32(bytes + at);

		if (length > size - at - 8)
			return;
		if (memcmp(data - 4, "IEND", 4) == 0)
			header->cut_short = false;
		if (memcmp(data - 4, "IHDR", 4) == 0 && length >= 8) {
			header->width = be32(data);
			header->height = be32(data + 4);
		} else if (memcmp(data - 4, "acTL", 4) == 0 && length >= 4) {
			header->frames = be32(data) > 0 ? be32(data) : 1;
		} else if (memcmp(data - 4, "eXIf", 4) == 0 && header->exif == NULL) {
			header->exif = data;
			header->exif_size = length;
		}
		at += 8 + length;
		if (size - at < 4)
			return;
		at += 4;
	}
}

/* A marker's segment, after its length. */
static void read_jpeg_segment(struct file_header *header, uint8_t marker, const uint8_t *data,
	size_t size)
{
	bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
			marker != 0xcc;

	if (is_frame && size >= 6) {
		header->height = be16(data + 1);
		header->width = be16(data + 3);
		header->components = data[5];
	} else if (marker == 0xe1 && size > 6 && header->exif == NULL &&
		   memcmp(data, "Exif\0\0", 6) == 0) {
		header->exif = data + 6;
		header->exif_size = size - 6;
	}
}

/* Returns the position of the scan; `size`: it was not reached. */
static size_t read_jpeg(struct file_header *header, const uint8_t *bytes, size_t size)
{
	size_t at = 2;

	while (size - at >= 4 && bytes[at] != 0xff) /* junk after SOI */
		at++;

	while (size - at >= 4) {
		uint8_t marker = bytes[at + 1];

		if (bytes[at] != 0xff || marker == 0xd9 || marker == 0xda)
			return at;    /* the end, or the scan: headers are before it */
		if (marker == 0xff) { /* padding */
			at++;
			continue;
		}
		if (marker == 0x01 ||
			(marker >= 0xd0 && marker <= 0xd8)) { /* they have no segment */
			at += 2;
			continue;
		}
		size_t length = be16(bytes + at + 2);
		if (length < 2 || length > size - at - 2)
			return size;
		read_jpeg_segment(header, marker, bytes + at + 4, length - 2);
		at += 2 + length;
	}
	return size;
}

/* Skips GIF's sub-blocks from `at`; returns where they end, at most `size`. */
static size_t skip_gif_blocks(const uint8_t *bytes, size_t size, size_t at)
{
	while (at < size && bytes[at] != 0) {
		if (bytes[at] >= size - at)
			return size;
		at += 1u + bytes[at];
	}
	return at < size ? at + 1 : size;
}

static size_t gif_colours(uint8_t flags)
{
	return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* The canvas is the screen, or larger if the first frame is. */
static void widen_gif(struct file_header *header, const uint8_t *frame)
{
	const uint32_t width = le16(frame + 1) + le16(frame + 5);
	const uint32_t height = le16(frame + 3) + le16(frame + 7);

	if (width > header->width)
		header->width = width;
	if (height > header->height)
		header->height = height;
}

static void read_gif(struct file_header *header, const uint8_t *bytes, size_t size)
{
	uint32_t frames = 0;

	header->cut_short = true;
	if (size < 13)
		return;
	header->width = le16(bytes + 6);
	header->height = le16(bytes + 8);
	size_t at = 13 + gif_colours(bytes[10]);
	while (at < size && bytes[at] != ';') {
		if (bytes[at] == '!') {
			at = at + 2 < size ? skip_gif_blocks(bytes, size, at + 2) : size;
		} else if (bytes[at] == ',' && size - at > 11) {
			if (frames++ == 0)
				widen_gif(header, bytes + at);
			size_t data = 11 + gif_colours(bytes[at + 9]);
			at = data < size - at ? skip_gif_blocks(bytes, size, at + data) : size;
		} else {
			at++;
		}
	}
	header->frames = frames > 0 ? frames : 1;
	header->cut_short = at >= size;
}

static void read_bmp(struct file_header *header, const uint8_t *bytes, size_t size)
{
	if (size < 26)
		return;
	if (le32(bytes + 14) == 12) {
		header->width = le16(bytes + 18);
		header->height = le16(bytes + 20);
	} else {
		int64_t height = (int32_t)le32(bytes + 22); /* negative: rows top down */

		header->width = le32(bytes + 18);
		header->height = (uint64_t)(height < 0 ? -height : height);
	}
}

/* One chunk of a WebP file; ANMF holds a frame's. */
static void read_webp_chunk(struct file_header *header, const uint8_t *name, const uint8_t *data,
	size_t size)
{
	bool first = header->width == 0;

	if (memcmp(name, "VP8 ", 4) == 0 && size >= 10 && first) {
		header->width = le16(data + 6) & 0x3fff;
		header->height = le16(data + 8) & 0x3fff;
	} else if (memcmp(name, "VP8L", 4) == 0 && size >= 5 && first) {
		header->width = 1 + (le32(data + 1) & 0x3fff);
		header->height = 1 + (le32(data + 1) >> 14 & 0x3fff);
	} else if (memcmp(name, "VP8X", 4) == 0 && size >= 10 && first) {
		header->width = 1 + (uint64_t)le24(data + 4);
		header->height = 1 + (uint64_t)le24(data + 7);
	} else if (memcmp(name, "EXIF", 4) == 0) {
		header->exif = data;
		header->exif_size = size;
	} else if (memcmp(name, "ICCP", 4) == 0) {
		header->icc = data;
		header->icc_size = size;
	} else if (memcmp(name, "ANMF", 4) == 0 && size >= 16 && header->frames++ == 0) {
		header->frame_x = le24(data) * 2;
		header->frame_y = le24(data + 3) * 2;
		header->frame = data + 16;
		header->frame_size = size - 16;
	}
}

static void read_webp(struct file_header *header, const uint8_t *bytes, size_t size)
{
	size_t at = 12;

	header->frames = 0;
	while (size - at >= 8) {
		size_t length = le32(bytes + at + 4);
		size_t left = size - at - 8;

		/* The last chunk may be truncated: its header is what matters. */
		read_webp_chunk(header, bytes + at, bytes + at + 8, length < left ? length : left);
		if (length + (length & 1) >= left)
			break;
		at += 8 + length + (length & 1);
	}
	if (header->frames == 0)
		header->frames = 1;
	header->cut_short = le32(bytes + 4) > size - 8;
}

static void read_tiff(struct file_header *header, const uint8_t *bytes, size_t size)
{
	bool big = bytes[0] == 'M';
	uint32_t (*read16)(const uint8_t *) = big ? be16 : le16;
	uint32_t (*read32)(const uint8_t *) = big ? be32 : le32;

	if (size < 8 || read16(bytes + 2) != 42) /* BigTIFF: only libtiff parses it */
		return;
	size_t at = read32(bytes + 4);
	if (at >= size || size - at < 2)
		return;
	uint32_t count = read16(bytes + at);
	at += 2;
	for (uint32_t i = 0; i < count && size - at >= 12; i++, at += 12) {
		uint32_t tag = read16(bytes + at);
		uint32_t value = read16(bytes + at + 2) == 3 ? read16(bytes + at + 8)
							     : read32(bytes + at + 8);

		if (tag == 256)
			header->width = value;
		else if (tag == 257)
			header->height = value;
	}
}

static void read_qoi(struct file_header *header, const uint8_t *bytes, size_t size)
{
	static const uint8_t end[8] = {0, 0, 0, 0, 0, 0, 0, 1};

	if (size >= 12) {
		header->width = be32(bytes + 4);
		header->height = be32(bytes + 8);
	}
	/* A few bytes after the end mark are harmless. */
	size_t tail = size < 64 ? size : 64;
	header->cut_short = size < 22 || memmem(bytes + size - tail, tail, end, 8) == NULL;
}

/* HEIC and AVIF: the largest of the sizes in the properties, of the image and its parts. */
static void read_heif(struct file_header *header, const uint8_t *bytes, size_t size)
{
	const uint8_t *end = bytes + size;
	const uint8_t *at = bytes;

	while ((at = memmem(at, (size_t)(end - at), "ispe", 4)) != NULL && end - at >= 16) {
		uint64_t width = be32(at + 8), height = be32(at + 12);

		at += 4;
		if (width * height <= header->width * header->height)
			continue;
		header->width = width;
		header->height = height;
	}
}

struct file_header file_header_of(enum format format, const uint8_t *bytes, size_t size)
{
	struct file_header header = {.frames = 1};

	switch (format) {
	case FORMAT_PNG: read_png(&header, bytes, size); break;
	case FORMAT_JPEG: read_jpeg(&header, bytes, size); break;
	case FORMAT_GIF: read_gif(&header, bytes, size); break;
	case FORMAT_BMP: read_bmp(&header, bytes, size); break;
	case FORMAT_WEBP: read_webp(&header, bytes, size); break;
	case FORMAT_TIFF: read_tiff(&header, bytes, size); break;
	case FORMAT_QOI: read_qoi(&header, bytes, size); break;
	case FORMAT_HEIC:
	case FORMAT_AVIF: read_heif(&header, bytes, size < HEIF_HEAD ? size : HEIF_HEAD); break;
	default: break;
	}
	return header;
}

bool file_ends_early(enum format format, const uint8_t *bytes, size_t size)
{
	struct file_header header = {.frames = 1};

	if (format != FORMAT_JPEG)
		return file_header_of(format, bytes, size).cut_short;
	size_t scan = read_jpeg(&header, bytes, size);
	return memmem(bytes + scan, size - scan, "\xff\xd9", 2) == NULL;
}
