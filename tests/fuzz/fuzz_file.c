/*
 * fuzz_file.c - what is looked at in a file before anybody decodes it: its format, its promises,
 * its EXIF block, its media type. An input is a file; its first byte says what its name is: one of
 * these, or the bytes up to the next '\0', as many of them as a name has.
 */
#include <SDL.h>
#include <limits.h>
#include <string.h>

#include "file_header.h"
#include "hostile.h"
#include "mediatype.h"
#include "rwbytes.h"

/* A bit of the first byte: the name is in the input. */
enum { OWN_NAME = 0x80 };

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static bool lies_inside(const uint8_t *part, size_t part_size, const uint8_t *bytes, size_t size)
{
	return part == NULL ||
	       (part >= bytes && part_size <= size && (size_t)(part - bytes) <= size - part_size);
}

/* Reads as a decoder does that believes what it read. */
static void read_stream(const uint8_t *bytes, size_t size)
{
	struct rwbytes stream;
	SDL_RWops *ops = rwbytes_open(&stream, bytes, size);
	uint8_t buffer[256];

	must(ops != NULL);
	for (size_t i = 0; i + 2 < size && i < 64; i += 3) {
		SDL_RWseek(ops, (Sint64)(int8_t)bytes[i] * bytes[i + 1], bytes[i + 2] % 3);
		must(SDL_RWread(ops, buffer, 1 + bytes[i] % 16, bytes[i + 1] % 16) <= 16);
		must(SDL_RWtell(ops) >= 0 && SDL_RWtell(ops) <= (Sint64)size);
	}
	SDL_RWclose(ops);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	static const char *const names[] = {"x", "x.svg", "x.txt", "x.tga", ".png", "x.c"};
	struct file_header header;
	char own[NAME_MAX + 1];
	const char *name;
	uint32_t orientation;
	uint8_t which;

	if (size == 0)
		return -1;
	which = *input++;
	size--;
	if (which & OWN_NAME) {
		size_t length = strnlen((const char *)input, size < NAME_MAX ? size : NAME_MAX);

		memcpy(own, input, length);
		own[length] = '\0';
		input += length;
		size -= length;
	}
	name = which & OWN_NAME ? own : names[which % (sizeof(names) / sizeof(names[0]))];
	header = file_header_of(format_of(input, size, name), input, size);
	must(lies_inside(header.exif, header.exif_size, input, size));
	must(lies_inside(header.frame, header.frame_size, input, size));
	orientation = file_orientation(&header);
	must(orientation >= 1 && orientation <= 8);
	must(mediatype_of(input, size, name) != NULL);
	format_is_image_name(name);
	read_stream(input, size);
	return 0;
}
