/*
 * sdl.c - the readers of vitrine-decoder-sdl: the formats that SDL_image reads, with a limit on
 * single allocations (sdl_limit.h) and a check whether the file was complete (rwbytes.h): some of
 * SDL_image's readers fill missing data with zeros and report success.
 */
#include <SDL_image.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "convert.h"
#include "reader.h"
#include "rwbytes.h"
#include "sdl_limit.h"
#include "translate.h"

/* SDL aligns and pads the pixels of a surface. */
#define ALLOCATION_SLACK 4096

/* How to find out that a file ended too early if its reader does not report it. */
enum ending {
	END_IS_CHECKED, /* the reader reports it, or is_cut() checks */
	END_CUT_SHORT,  /* a read returned less than requested */
	END_STARVED,    /* a read returned nothing (reads of whole buffers may be short) */
};

struct loading {
	SDL_Surface *(SDLCALL *load)(SDL_RWops *ops); /* NULL: IMG_LoadTyped_RW() */
	const char *type;                             /* the type for IMG_LoadTyped_RW() */
	enum ending ending;
};

static const struct loading loadings[FORMATS] = {
	[FORMAT_PNG] = {IMG_LoadPNG_RW, "", END_CUT_SHORT},
	[FORMAT_JPEG] = {IMG_LoadJPG_RW, "", END_STARVED},
	[FORMAT_GIF] = {IMG_LoadGIF_RW, "", END_CUT_SHORT},
	[FORMAT_BMP] = {IMG_LoadBMP_RW, "", END_IS_CHECKED},
	[FORMAT_WEBP] = {IMG_LoadWEBP_RW, "", END_IS_CHECKED},
	[FORMAT_TIFF] = {IMG_LoadTIF_RW, "", END_CUT_SHORT},
	[FORMAT_QOI] = {IMG_LoadQOI_RW, "", END_IS_CHECKED},
	[FORMAT_SVG] = {IMG_LoadSVG_RW, "", END_IS_CHECKED},
	[FORMAT_XCF] = {IMG_LoadXCF_RW, "", END_STARVED},
	[FORMAT_TGA] = {NULL, "TGA", END_CUT_SHORT},
	[FORMAT_PCX] = {IMG_LoadPCX_RW, "", END_STARVED},
	[FORMAT_ILBM] = {IMG_LoadLBM_RW, "", END_IS_CHECKED},
	[FORMAT_XV] = {IMG_LoadXV_RW, "", END_IS_CHECKED},
};

void sdl_start(void)
{
	limit_install();
	/* Initializes every format at once: the confined decoder cannot load a library later. */
	IMG_Init(IMG_INIT_JPG | IMG_INIT_PNG | IMG_INIT_TIF | IMG_INIT_WEBP);
}

/* True if rows of a BMP that is not compressed are missing. The last row's padding may be. */
static bool is_bmp_cut(const struct reading *reading)
{
	const uint8_t *bytes = reading->source->bytes;
	const size_t size = reading->source->size;
	const bool is_old = size >= 30 && le32(bytes + 14) == 12;

	if (!is_old && size < 34)
		return true;
	if (!is_old && le32(bytes + 30) != 0 && le32(bytes + 30) != 3)
		return false; /* compressed: its reader reports it */
	const uint64_t bits = is_old ? bytes[24] : bytes[28];
	const uint64_t row = reading->header->width * bits;
	const uint64_t pitch = (row + 31) / 32 * 4;
	const uint64_t rows = reading->header->height;

	return rows > 0 && le32(bytes + 10) + pitch * (rows - 1) + (row + 7) / 8 > size;
}

/* True if an SVG's first element is not closed. */
static bool is_svg_cut(const struct reading *reading)
{
	const uint8_t *bytes = reading->source->bytes;
	const size_t size = reading->source->size;
	const uint8_t *root = memmem(bytes, size, "<svg", 4);

	if (memmem(bytes, size, "</svg", 5) != NULL || memmem(bytes, size, ":svg>", 5) != NULL)
		return false;
	const uint8_t *end = root != NULL ? memchr(root, '>', (size_t)(bytes + size - root)) : NULL;
	return end == NULL || end[-1] != '/';
}

static bool is_cut(const struct reading *reading, const struct rwbytes *read)
{
	const enum format format = reading->source->format;

	switch (format) {
	case FORMAT_BMP: return is_bmp_cut(reading);
	case FORMAT_SVG: return is_svg_cut(reading);
	case FORMAT_QOI: return reading->header->cut_short;
	default: break;
	}
	switch (loadings[format].ending) {
	case END_CUT_SHORT: return read->cut_short;
	case END_STARVED: return read->starved;
	case END_IS_CHECKED: break;
	}
	return false;
}

/* Sets the reason for a missing surface: the limit, the end of the file, or SDL_image's error. */
static bool fail_loading(const struct reading *reading, const struct rwbytes *read,
	uint64_t refused)
{
	char needs[TEXT_SIZE_MAX];
	char limit[TEXT_SIZE_MAX];

	if (refused > 0)
		return reading_fail_with(reading,
			N_("would need %s of memory at once; the limit is %s (--memory)"), "%s\n%s",
			text_size(needs, refused), text_size(limit, reading->source->limit));
	if (is_cut(reading, read) || read->starved)
		return reading_fail_cut(reading);
	return reading_fail_library(reading, IMG_GetError());
}

/* NULL: the reason is set. */
static SDL_Surface *load(const struct reading *reading)
{
	const struct loading *loading = &loadings[reading->source->format];
	struct rwbytes read;
	SDL_RWops *ops = rwbytes_open(&read, reading->source->bytes, reading->source->size);

	if (ops == NULL) {
		reading_fail_memory(reading);
		return NULL;
	}
	if (reading->source->format == FORMAT_BMP)
		read.padding = 3; /* the last row may lack its padding */
	SDL_ClearError();
	limit_begin(reading->source->limit + ALLOCATION_SLACK);
	SDL_Surface *surface = loading->load != NULL ? loading->load(ops)
						     : IMG_LoadTyped_RW(ops, 0, loading->type);
	uint64_t refused = limit_end();
	SDL_RWclose(ops);

	if (surface == NULL) {
		fail_loading(reading, &read, refused);
	} else if (is_cut(reading, &read)) {
		reading_fail_cut(reading);
		SDL_FreeSurface(surface);
		surface = NULL;
	}
	return surface;
}

/* Features that nanosvg, which SDL_image draws with, silently ignores. */
static void note_svg(const struct reading *reading)
{
	static const char *const elements[] = {"<text", "<use", "<image", "<filter", "<mask"};
	char found[32] = "";

	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		size_t used = strlen(found);

		if (memmem(reading->source->bytes, reading->source->size, elements[i],
			    strlen(elements[i])) != NULL)
			snprintf(found + used, sizeof(found) - used, "%s%s", used > 0 ? ", " : "",
				elements[i] + 1);
	}
	if (found[0] != '\0')
		reading_note_with(reading, N_("not drawn: %s"), "%s", found);
}

/*
 * SDL_image 2.6 drops the wrong bits of rows that end within a byte, and takes the two colours from
 * a palette that such files do not have.
 */
static bool is_pcx_of_bits(const struct reading *reading)
{
	const uint8_t *bytes = reading->source->bytes;

	if (reading->source->format != FORMAT_PCX || reading->source->size < 128 || bytes[3] != 1)
		return false;
	const unsigned width = (le32(bytes + 8) - le32(bytes + 4) + 1) & 0xffff;

	return bytes[65] == 1 || width % 8 != 0;
}

bool sdl_read(const struct reading *reading)
{
	const enum format format = reading->source->format;
	SDL_Surface *surface;

	if (format == FORMAT_JPEG && reading->header->components == 4)
		return reading_fail(reading, N_("is a CMYK image, and this program was built "
						"without libjpeg"));
	if (format == FORMAT_SVGZ)
		return reading_fail(reading,
			N_("is a compressed SVG, which cannot be opened here; this decompresses "
			   "it: gunzip -S svgz FILE"));
	if (is_pcx_of_bits(reading))
		return reading_fail(reading,
			N_("is a PCX image with 1 bit per sample, which cannot be "
			   "opened here; this converts it: convert FILE image.png "
			   "(package imagemagick)"));
	surface = load(reading);
	if (surface == NULL)
		return false;
	if (surface->w <= 0 || surface->h <= 0 ||
		!reading_begin(reading, (uint32_t)surface->w, (uint32_t)surface->h,
			file_orientation(reading->header))) {
		SDL_FreeSurface(surface);
		return reading->reason[0] != '\0' ? false
						  : reading_fail(reading, N_("has no pixels"));
	}
	if (!convert_surface(surface, reading->sink, &reading->result->is_opaque))
		return reading_fail_memory(reading);
	if (format == FORMAT_SVG)
		note_svg(reading);
	reading_note_frames(reading, reading->header->frames);
	return true;
}

static reader *reader_of(enum format format)
{
	switch (format) {
	case FORMAT_BMP:
	case FORMAT_QOI:
	case FORMAT_SVG:
	case FORMAT_SVGZ:
	case FORMAT_TGA:
	case FORMAT_XCF:
	case FORMAT_PCX:
	case FORMAT_ILBM:
	case FORMAT_XV: return sdl_read;
	default: return NULL;
	}
}

const struct reader_set sdl_readers = {.start = sdl_start, .reader_of = reader_of};
