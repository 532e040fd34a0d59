/*
 * jxl.c - vitrine-decoder-jxl's reader: JPEG XL by libjxl, with its own threads; the first frame.
 */
#include <jxl/decode.h>
#include <jxl/thread_parallel_runner.h>
#include <stdlib.h>

#include "colour.h"
#include "confine.h"
#include "reader.h"
#include "translate.h"

#define THREADS_MOST 4

static const JxlPixelFormat pixels_wanted = {4, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};

struct jxl {
	const struct reading *reading;
	JxlDecoder *decoder;
	JxlBasicInfo info;
	uint8_t *pixels; /* R G B A */
	uint8_t *profile;
	size_t profile_size;
};

/* Reads the size of the profile, and the profile. The functions lost an argument in 0.9. */
static void read_profile(struct jxl *jxl)
{
	const JxlColorProfileTarget target = JXL_COLOR_PROFILE_TARGET_DATA;
	JxlDecoderStatus status;

#if JPEGXL_NUMERIC_VERSION >= 0x00090000
	status = JxlDecoderGetICCProfileSize(jxl->decoder, target, &jxl->profile_size);
#else
	status = JxlDecoderGetICCProfileSize(jxl->decoder, &pixels_wanted, target,
		&jxl->profile_size);
#endif
	if (status != JXL_DEC_SUCCESS || jxl->profile_size > 16u << 20)
		return;
	jxl->profile = malloc(jxl->profile_size);
	if (jxl->profile == NULL)
		return;
#if JPEGXL_NUMERIC_VERSION >= 0x00090000
	status = JxlDecoderGetColorAsICCProfile(jxl->decoder, target, jxl->profile,
		jxl->profile_size);
#else
	status = JxlDecoderGetColorAsICCProfile(jxl->decoder, &pixels_wanted, target, jxl->profile,
		jxl->profile_size);
#endif
	if (status == JXL_DEC_SUCCESS)
		return;
	free(jxl->profile);
	jxl->profile = NULL;
}

/* Lossy images have no colour space of their own: requests sRGB. */
static void take_colours(struct jxl *jxl)
{
	const bool is_grey = jxl->info.num_color_channels == 1;
	const JxlColorEncoding srgb = {
		.color_space = is_grey ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB,
		.white_point = JXL_WHITE_POINT_D65,
		.primaries = JXL_PRIMARIES_SRGB,
		.transfer_function = JXL_TRANSFER_FUNCTION_SRGB,
		.rendering_intent = JXL_RENDERING_INTENT_RELATIVE,
	};

	JxlDecoderSetPreferredColorProfile(jxl->decoder, &srgb);
	read_profile(jxl);
}

static bool take_info(struct jxl *jxl)
{
	const struct reading *reading = jxl->reading;

	if (JxlDecoderGetBasicInfo(jxl->decoder, &jxl->info) != JXL_DEC_SUCCESS)
		return reading_fail(reading, N_("has an invalid header"));
	return size_limit_allows(reading->source->limit, jxl->info.xsize, jxl->info.ysize,
		reading->source->size, reading->reason);
}

static bool make_room(struct jxl *jxl)
{
	const size_t size = (size_t)jxl->info.xsize * jxl->info.ysize * 4;

	if (jxl->pixels == NULL)
		jxl->pixels = malloc(size);
	return jxl->pixels != NULL && JxlDecoderSetImageOutBuffer(jxl->decoder, &pixels_wanted,
					      jxl->pixels, size) == JXL_DEC_SUCCESS;
}

/* Takes the decoded part of a truncated file; false: there is none. */
static bool take_beginning(struct jxl *jxl)
{
	if (jxl->pixels == NULL || JxlDecoderFlushImage(jxl->decoder) != JXL_DEC_SUCCESS)
		return reading_fail_cut(jxl->reading);
	reading_note_incomplete(jxl->reading);
	return true;
}

/* Decodes the first frame; false: the reason is set. */
static bool decode(struct jxl *jxl)
{
	const struct reading *reading = jxl->reading;

	for (;;) {
		switch (JxlDecoderProcessInput(jxl->decoder)) {
		case JXL_DEC_BASIC_INFO:
			if (!take_info(jxl))
				return false;
			break;
		case JXL_DEC_COLOR_ENCODING: take_colours(jxl); break;
		case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
			if (!make_room(jxl))
				return reading_fail_memory(reading);
			break;
		case JXL_DEC_FULL_IMAGE: return true;
		case JXL_DEC_NEED_MORE_INPUT: return take_beginning(jxl);
		case JXL_DEC_ERROR:
			return reading_fail(reading, N_("is not a JPEG XL image that can be opened "
							"(its data is invalid)"));
		default: return reading_fail(reading, N_("contains no image that can be opened"));
		}
	}
}

static void put_rows(const struct reading *reading, const struct jxl *jxl)
{
	const uint32_t width = jxl->info.xsize;
	const uint8_t *from = jxl->pixels;

	for (uint32_t left = jxl->info.ysize; left > 0;) {
		uint32_t count = left;
		uint32_t *to = reading->sink->room(reading->sink, &count);

		for (size_t i = 0; i < (size_t)count * width; i++, from += 4)
			to[i] = (uint32_t)from[3] << 24 | (uint32_t)from[0] << 16 |
				(uint32_t)from[1] << 8 | from[2];
		reading->result->is_opaque &= reading_are_opaque(to, (size_t)count * width);
		reading->sink->put(reading->sink, count);
		left -= count;
	}
}

static bool put_image(const struct jxl *jxl)
{
	const struct reading *reading = jxl->reading;
	struct colour colour;

	colour_by_profile(&colour, reading, COLOUR_RGB, jxl->profile, jxl->profile_size);
	const struct reading coloured = colour_reading(reading, &colour);
	if (!reading_begin(&coloured, jxl->info.xsize, jxl->info.ysize, 1))
		return false;
	put_rows(&coloured, jxl);
	if (jxl->info.have_animation)
		reading_note(reading, N_("first frame of an animation"));
	return true;
}

static bool start_decoder(struct jxl *jxl, void *runner)
{
	const struct raster_source *source = jxl->reading->source;
	JxlDecoder *decoder = jxl->decoder;

	if (decoder == NULL || runner == NULL ||
		JxlDecoderSetParallelRunner(decoder, JxlThreadParallelRunner, runner) !=
			JXL_DEC_SUCCESS ||
		JxlDecoderSubscribeEvents(decoder, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING |
							   JXL_DEC_FULL_IMAGE) != JXL_DEC_SUCCESS)
		return false;
	JxlDecoderSetUnpremultiplyAlpha(decoder, JXL_TRUE);
	/*
	 * Without JxlDecoderCloseInput(), libjxl reports for a truncated file that it needs more
	 * input.
	 */
	JxlDecoderSetInput(decoder, source->bytes, source->size);
	return true;
}

static bool jxl_read(const struct reading *reading)
{
	size_t threads = JxlThreadParallelRunnerDefaultNumWorkerThreads();
	void *runner = JxlThreadParallelRunnerCreate(NULL,
		threads < THREADS_MOST ? threads : THREADS_MOST);
	struct jxl jxl = {.reading = reading, .decoder = JxlDecoderCreate(NULL)};
	bool is_read = start_decoder(&jxl, runner) ? decode(&jxl) && put_image(&jxl)
						   : reading_fail_memory(reading);

	if (jxl.decoder != NULL)
		JxlDecoderDestroy(jxl.decoder);
	if (runner != NULL)
		JxlThreadParallelRunnerDestroy(runner);
	free(jxl.pixels);
	free(jxl.profile);
	return is_read;
}

static reader *reader_of(enum format format)
{
	return format == FORMAT_JXL ? jxl_read : NULL;
}

const struct reader_set jxl_readers = {.reader_of = reader_of, .needs = CONFINE_THREADS};
