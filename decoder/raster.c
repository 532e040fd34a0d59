/*
 * raster.c - see raster.h. The order is: what does it promise (sniff), is that allowed (promise), then
 * the pixels (libjpeg, or SDL_image under limit), was all of it there (stream, and a look at the end
 * for formats that say nothing), and the rows as 32-bit words (convert).
 */
#include "raster.h"

#include <SDL_image.h>
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "jpegfile.h"
#include "limit.h"
#include "orientation.h"
#include "promise.h"
#include "sniff.h"
#include "stream.h"

/* SDL aligns and pads the pixels of a surface. */
#define ALLOCATION_SLACK 4096

/* A file that is being decoded. */
struct work {
	const struct raster_source *source;
	struct sniff sniff;
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
	[SNIFF_AVIF] = {NULL, END_IS_CHECKED, true},
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

void raster_start(void)
{
	limit_install();
	/* Large blocks go back to the system when they are freed, whatever was freed before. */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	/* All that it was built with: the decoder cannot open a library later. */
	IMG_Init(IMG_INIT_JPG | IMG_INIT_PNG | IMG_INIT_TIF | IMG_INIT_WEBP | IMG_INIT_JXL |
		 IMG_INIT_AVIF);
	quiet_libtiff();
}

static void why_truncated(char reason[TEXT_REASON_MAX])
{
	snprintf(reason, TEXT_REASON_MAX, "ends too early: the file is truncated");
}

static bool is_whole(const struct work *work, const struct stream *stream)
{
	switch (loadings[work->sniff.format].ending) {
	case END_IS_CHECKED: return true;
	case END_CUT_SHORT: return !stream->cut_short;
	case END_STARVED: return !stream->starved;
	}
	return true;
}

static SDL_Surface *load(const struct work *work, SDL_RWops *stream)
{
	const struct loading *loading = &loadings[work->sniff.format];
	SDL_Surface *surface;

	if (loading->load != NULL && !loading->takes_turns)
		return loading->load(stream);
	pthread_mutex_lock(&rare_formats);
	surface = loading->load != NULL ? loading->load(stream)
					: IMG_LoadTyped_RW(stream, 0, work->source->type);
	pthread_mutex_unlock(&rare_formats);
	return surface;
}

/* Why there is no surface: the limit, the end of the file, or what SDL_image says. */
static void why_not_loaded(const struct work *work, const struct stream *stream, uint64_t refused,
	char reason[TEXT_REASON_MAX])
{
	char needs[TEXT_SIZE_MAX];
	char limit[TEXT_SIZE_MAX];

	if (refused > 0)
		snprintf(reason, TEXT_REASON_MAX,
			"would need %s of memory at once; the limit is %s (--memory)",
			text_size(needs, refused), text_size(limit, work->source->limit));
	else if (loadings[work->sniff.format].load != NULL && !is_whole(work, stream))
		why_truncated(reason);
	else
		snprintf(reason, TEXT_REASON_MAX, "is not an image that can be opened (%s)",
			IMG_GetError());
}

static SDL_Surface *load_bytes(const struct work *work, const uint8_t *bytes, size_t size,
	char reason[TEXT_REASON_MAX])
{
	struct stream stream;
	SDL_RWops *ops = stream_open(&stream, bytes, size);

	if (ops == NULL) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	SDL_ClearError();
	limit_begin(work->source->limit + ALLOCATION_SLACK);
	SDL_Surface *surface = load(work, ops);
	uint64_t refused = limit_end();
	SDL_RWclose(ops);

	if (surface == NULL) {
		why_not_loaded(work, &stream, refused, reason);
	} else if (!is_whole(work, &stream)) {
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
static SDL_Surface *load_webp_frame(const struct work *work, char reason[TEXT_REASON_MAX])
{
	const struct sniff *sniff = &work->sniff;
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
	SDL_Surface *surface = load_bytes(work, still, size, reason);
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

static SDL_Surface *load_surface(const struct work *work, char reason[TEXT_REASON_MAX])
{
	if (work->sniff.frame != NULL)
		return load_webp_frame(work, reason);
	return load_bytes(work, work->source->bytes, work->source->size, reason);
}

/* A file whose header did not say how large it is may need more than the limit as 32 bits. */
static bool is_allowed(struct work *work, const SDL_Surface *surface, char reason[TEXT_REASON_MAX])
{
	if (surface->w <= 0 || surface->h <= 0) {
		snprintf(reason, TEXT_REASON_MAX, "has no pixels");
		return false;
	}
	work->sniff.width = (uint64_t)surface->w;
	work->sniff.height = (uint64_t)surface->h;
	return promise_is_within(work->source->limit, &work->sniff, work->source->size, reason);
}

static bool decode_by_sdl(struct work *work, struct raster_sink *sink, struct raster_result *result,
	char reason[TEXT_REASON_MAX])
{
	SDL_Surface *surface = load_surface(work, reason);

	if (surface == NULL)
		return false;
	const struct raster_shape shape = {
		.width = (uint32_t)surface->w,
		.height = (uint32_t)surface->h,
		.whole_width = (uint32_t)surface->w,
		.whole_height = (uint32_t)surface->h,
		.orientation = (uint32_t)orientation_of(&work->sniff),
	};
	if (!is_allowed(work, surface, reason) || !sink->begin(sink, &shape, reason)) {
		SDL_FreeSurface(surface);
		return false;
	}
	if (!convert_surface(surface, meaning_of(&work->sniff), sink, &result->is_opaque)) {
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory for its pixels");
		return false;
	}
	if (work->sniff.frames > 1)
		snprintf(result->note, sizeof(result->note), "first of %u frames",
			work->sniff.frames);
	return true;
}

bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	struct work work = {source, sniff_bytes(source->bytes, source->size)};

	*result = (struct raster_result){0};
	if (!promise_is_within(source->limit, &work.sniff, source->size, reason))
		return false;
	if (work.sniff.cut_short) {
		why_truncated(reason);
		return false;
	}
	if (work.sniff.damaged) {
		snprintf(reason, TEXT_REASON_MAX, "is a damaged or truncated XPM image");
		return false;
	}
	if (work.sniff.format == SNIFF_JPEG && jpegfile_is_there())
		return jpegfile_decode(source, &work.sniff, sink, result, reason);
	return decode_by_sdl(&work, sink, result, reason);
}
