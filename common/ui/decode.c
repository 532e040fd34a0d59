/*
 * decode.c - see decode.h. The order is: what is it (slurp), what does it promise (sniff), is there
 * room for that, then the pixels (SDL_image, under limit), was all of it there (stream, and a look
 * at the end for formats that say nothing), then upright XR24 or AR24 (convert).
 */
#include "decode.h"

#include <SDL_image.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "convert.h"
#include "limit.h"
#include "orientation.h"
#include "slurp.h"
#include "sniff.h"
#include "stream.h"

/* Photographs have their size within this much, behind thumbnails and colour profiles. */
#define HEAD_BYTES ((size_t)256 << 10)

/* SDL aligns and pads the pixels of a surface. */
#define ALLOCATION_SLACK 4096

struct decode {
	struct slurp file;
	struct sniff sniff;
	uint64_t limit;
	const char *type; /* for SDL_image, where bytes do not tell; else NULL */
	char *path;
};

/* When a file ended too early, as its decoder does not say it. */
enum ending {
	END_IS_CHECKED, /* the decoder does say it, or sniff did */
	END_CUT_SHORT,  /* some read got less than it asked for */
	END_STARVED,    /* some read got nothing (reads of whole buffers may be short) */
};

struct loading {
	SDL_Surface *(SDLCALL *load)(SDL_RWops *stream); /* NULL: IMG_LoadTyped_RW() */
	enum ending ending;
	bool takes_turns; /* its reader keeps things in static variables, or nobody looked */
};

static const struct loading loadings[] = {
	[SNIFF_UNKNOWN] = {NULL, END_IS_CHECKED, true},
	[SNIFF_PNG] = {IMG_LoadPNG_RW, END_CUT_SHORT, false},
	[SNIFF_JPEG] = {IMG_LoadJPG_RW, END_STARVED, false},
	[SNIFF_GIF] = {IMG_LoadGIF_RW, END_CUT_SHORT, false},
	[SNIFF_BMP] = {IMG_LoadBMP_RW, END_CUT_SHORT, false},
	[SNIFF_WEBP] = {IMG_LoadWEBP_RW, END_IS_CHECKED, false},
	[SNIFF_TIFF] = {IMG_LoadTIF_RW, END_CUT_SHORT, false},
	[SNIFF_QOI] = {IMG_LoadQOI_RW, END_IS_CHECKED, false},
	[SNIFF_SVG] = {IMG_LoadSVG_RW, END_IS_CHECKED, false},
	[SNIFF_XCF] = {IMG_LoadXCF_RW, END_CUT_SHORT, true},
	[SNIFF_XPM] = {IMG_LoadXPM_RW, END_IS_CHECKED, true},
	[SNIFF_OTHER] = {NULL, END_IS_CHECKED, true},
};

/* SDL_image's XPM reader keeps its line in a static buffer: the rare formats take turns. */
static pthread_mutex_t rare_formats = PTHREAD_MUTEX_INITIALIZER;

/* libtiff tells standard error itself what is wrong with a file; here the reason does that. */
static void quiet_libtiff(void)
{
	static const char *const setters[] = {"TIFFSetErrorHandler", "TIFFSetWarningHandler"};

	for (int i = 0; i < 2; i++) {
		void *(*set_handler)(void *handler);

		*(void **)&set_handler = dlsym(RTLD_DEFAULT, setters[i]);
		if (set_handler != NULL)
			set_handler(NULL);
	}
}

void decode_start(void)
{
	limit_install();
	/* Large blocks go back to the system when they are freed, whatever was freed before. */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	IMG_Init(IMG_INIT_JPG | IMG_INIT_PNG | IMG_INIT_TIF | IMG_INIT_WEBP);
	quiet_libtiff();
}

static void why_truncated(char reason[TEXT_REASON_MAX])
{
	snprintf(reason, TEXT_REASON_MAX, "ends too early: the file is truncated");
}

static void why_too_large(const struct decode *decode, char reason[TEXT_REASON_MAX])
{
	const struct sniff *sniff = &decode->sniff;
	char needs[TEXT_SIZE_MAX];
	char limit[TEXT_SIZE_MAX];

	snprintf(reason, TEXT_REASON_MAX,
		"%" PRIu64 " x %" PRIu64 " pixels would need %s; the limit is %s (--memory)",
		sniff->width, sniff->height, text_size(needs, sniff->width * sniff->height * 4),
		text_size(limit, decode->limit));
}

/* Whether what the header promises, or the file itself, is more than the limit allows. */
static bool is_within_limit(const struct decode *decode, char reason[TEXT_REASON_MAX])
{
	const struct sniff *sniff = &decode->sniff;
	char size[TEXT_SIZE_MAX];
	char limit[TEXT_SIZE_MAX];

	/* SDL counts a side as an int; and below that no product here overflows. */
	if (sniff->width > INT32_MAX || sniff->height > INT32_MAX) {
		snprintf(reason, TEXT_REASON_MAX,
			"promises %" PRIu64 " x %" PRIu64 " pixels: its header is damaged",
			sniff->width, sniff->height);
		return false;
	}
	if (sniff->width * sniff->height > decode->limit / 4) {
		why_too_large(decode, reason);
		return false;
	}
	if (decode->file.file_size > decode->limit) {
		snprintf(reason, TEXT_REASON_MAX, "is a file of %s; the limit is %s (--memory)",
			text_size(size, decode->file.file_size), text_size(limit, decode->limit));
		return false;
	}
	return true;
}

/* What SDL_image needs to be told, since these files have no magic bytes. */
static const char *type_by_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && strcasecmp(dot, ".tga") == 0 ? "TGA" : NULL;
}

static struct decode *new_decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = calloc(1, sizeof(*decode));

	if (decode == NULL || (decode->path = strdup(path)) == NULL) {
		free(decode);
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	decode->limit = limit;
	decode->type = type_by_name(path);
	decode->file.fd = -1;
	return decode;
}

/* Looks at the bytes that are there: whether it is an image, and one that may be decoded. */
static bool look(struct decode *decode, char reason[TEXT_REASON_MAX])
{
	decode->sniff = sniff_bytes(decode->file.bytes, decode->file.size);
	if (decode->sniff.format != SNIFF_UNKNOWN || decode->type != NULL)
		return is_within_limit(decode, reason);
	snprintf(reason, TEXT_REASON_MAX, "is not an image, or of a kind that is not known");
	return false;
}

struct decode *decode_open(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(path, limit, reason);

	if (decode != NULL && slurp_open(&decode->file, path, HEAD_BYTES, reason) &&
		look(decode, reason))
		return decode;
	decode_close(decode);
	return NULL;
}

uint64_t decode_need(const struct decode *decode)
{
	const struct sniff *sniff = &decode->sniff;
	uint64_t pixels = sniff->width * sniff->height;

	/* The surface and its copy; or, if the header does not say, a guess by the file. */
	uint64_t guess = pixels > 0 ? pixels * 8 : decode->file.file_size * 16;
	uint64_t most = decode->limit < UINT64_MAX / 4 ? decode->limit * 2 : UINT64_MAX / 2;

	return decode->file.file_size + (guess < most ? guess : most);
}

static bool is_whole(const struct decode *decode, const struct stream *stream)
{
	switch (loadings[decode->sniff.format].ending) {
	case END_IS_CHECKED: return true;
	case END_CUT_SHORT: return !stream->cut_short;
	case END_STARVED: return !stream->starved;
	}
	return true;
}

static SDL_Surface *load(const struct decode *decode, SDL_RWops *stream)
{
	const struct loading *loading = &loadings[decode->sniff.format];
	SDL_Surface *surface;

	if (loading->load != NULL && !loading->takes_turns)
		return loading->load(stream);
	pthread_mutex_lock(&rare_formats);
	surface = loading->load != NULL ? loading->load(stream)
					: IMG_LoadTyped_RW(stream, 0, decode->type);
	pthread_mutex_unlock(&rare_formats);
	return surface;
}

/* Why there is no surface: the limit, the end of the file, or what SDL_image says. */
static void why_not_loaded(const struct decode *decode, const struct stream *stream,
	uint64_t refused, char reason[TEXT_REASON_MAX])
{
	char needs[TEXT_SIZE_MAX];
	char limit[TEXT_SIZE_MAX];

	if (refused > 0)
		snprintf(reason, TEXT_REASON_MAX,
			"would need %s of memory at once; the limit is %s (--memory)",
			text_size(needs, refused), text_size(limit, decode->limit));
	else if (loadings[decode->sniff.format].load != NULL && !is_whole(decode, stream))
		why_truncated(reason);
	else
		snprintf(reason, TEXT_REASON_MAX, "is not an image that can be opened (%s)",
			IMG_GetError());
}

static SDL_Surface *load_bytes(const struct decode *decode, const uint8_t *bytes, size_t size,
	char reason[TEXT_REASON_MAX])
{
	struct stream stream;
	SDL_RWops *ops = stream_open(&stream, bytes, size);

	if (ops == NULL) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	SDL_ClearError();
	limit_begin(decode->limit + ALLOCATION_SLACK);
	SDL_Surface *surface = load(decode, ops);
	uint64_t refused = limit_end();
	SDL_RWclose(ops);

	if (surface == NULL) {
		why_not_loaded(decode, &stream, refused, reason);
	} else if (!is_whole(decode, &stream)) {
		why_truncated(reason);
		SDL_FreeSurface(surface);
		surface = NULL;
	}
	return surface;
}

static void put_le(uint8_t *to, size_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

/*
 * libwebp's plain decoder refuses animations: the first frame's chunks are put into a still image's
 * file of their own.
 */
static SDL_Surface *load_webp_frame(const struct decode *decode, char reason[TEXT_REASON_MAX])
{
	const struct sniff *sniff = &decode->sniff;
	size_t size = 30 + sniff->frame_size;
	uint8_t *still = calloc(1, size);

	if (still == NULL) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	memcpy(still, "RIFF\0\0\0\0WEBPVP8X", 16);
	put_le(still + 4, size - 8, 4);
	put_le(still + 16, 10, 4); /* bytes of VP8X: flags, width and height */
	still[20] = 0x10;          /* may have alpha */
	put_le(still + 24, sniff->width - 1, 3);
	put_le(still + 27, sniff->height - 1, 3);
	memcpy(still + 30, sniff->frame, sniff->frame_size);
	SDL_Surface *surface = load_bytes(decode, still, size, reason);
	free(still);
	return surface;
}

static enum convert_meaning meaning_of(const struct sniff *sniff)
{
	if (sniff->format == SNIFF_TIFF)
		return CONVERT_PREMULTIPLIED;
	if (sniff->format == SNIFF_JPEG && sniff->components == 4)
		return sniff->adobe ? CONVERT_CMYK_INVERTED : CONVERT_CMYK;
	return CONVERT_AS_IT_SAYS;
}

static struct picture *make_picture(const struct decode *decode, SDL_Surface *surface,
	char reason[TEXT_REASON_MAX])
{
	struct converted converted;

	if (!convert_surface(surface, meaning_of(&decode->sniff), orientation_of(&decode->sniff),
		    &converted)) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory for its pixels");
		return NULL;
	}
	struct picture *picture =
		picture_new(&converted.pixels, decode->path, converted.memory, converted.release);
	if (picture == NULL) {
		converted.release(converted.memory);
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	picture->file_size = decode->file.file_size;
	picture->mtime = decode->file.mtime;
	if (decode->sniff.frames > 1)
		snprintf(picture->note, PICTURE_NOTE_MAX, "first of %" PRIu32 " frames",
			decode->sniff.frames);
	return picture;
}

struct picture *decode_run(struct decode *decode, char reason[TEXT_REASON_MAX])
{
	SDL_Surface *surface;

	if (!slurp_rest(&decode->file, reason))
		return NULL;
	decode->sniff = sniff_bytes(decode->file.bytes, decode->file.size);
	if (!is_within_limit(decode, reason))
		return NULL;
	if (decode->sniff.cut_short) {
		why_truncated(reason);
		return NULL;
	}
	if (decode->sniff.damaged) {
		snprintf(reason, TEXT_REASON_MAX, "is a damaged or truncated XPM image");
		return NULL;
	}
	if (decode->sniff.frame != NULL)
		surface = load_webp_frame(decode, reason);
	else
		surface = load_bytes(decode, decode->file.bytes, decode->file.size, reason);
	if (surface == NULL)
		return NULL;
	/* A file whose header did not say how large it is may need more than the limit as 32 bits. */
	decode->sniff.width = (uint64_t)surface->w;
	decode->sniff.height = (uint64_t)surface->h;
	if (surface->w <= 0 || surface->h <= 0 || !is_within_limit(decode, reason)) {
		if (surface->w <= 0 || surface->h <= 0)
			snprintf(reason, TEXT_REASON_MAX, "has no pixels");
		SDL_FreeSurface(surface);
		return NULL;
	}
	return make_picture(decode, surface, reason);
}

void decode_close(struct decode *decode)
{
	if (decode == NULL)
		return;
	slurp_close(&decode->file);
	free(decode->path);
	free(decode);
}

struct picture *decode_file(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = decode_open(path, limit, reason);
	struct picture *picture = decode != NULL ? decode_run(decode, reason) : NULL;

	decode_close(decode);
	return picture;
}

struct picture *decode_bytes(const char *name, const uint8_t *bytes, size_t size, uint64_t limit,
	char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(name, limit, reason);
	struct picture *picture = NULL;

	if (decode == NULL)
		return NULL;
	/* As if the whole file had been read; nothing writes there. */
	decode->file.bytes = (uint8_t *)(uintptr_t)bytes;
	decode->file.size = size;
	decode->file.file_size = size;
	if (look(decode, reason))
		picture = decode_run(decode, reason);
	decode->file.bytes = NULL; /* the caller's */
	decode_close(decode);
	return picture;
}
