/*
 * heif.c - the reader of vitrine-decoder-heif: HEIC and AVIF by libheif, which also rotates images
 * as their metadata say. Its libraries decode with their own threads.
 */
#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>

#include "colour.h"
#include "confine.h"
#include "reader.h"
#include "translate.h"

static bool fail_library(const struct reading *reading, const struct heif_error *error)
{
	if (error->code == heif_error_Invalid_input && error->subcode == heif_suberror_End_of_data)
		return reading_fail_cut(reading);
	if (error->code == heif_error_Unsupported_filetype ||
		error->code == heif_error_Unsupported_feature)
		return reading_fail_kind(reading, error->message);
	return reading_fail_library(reading, error->message);
}

/* ---- colours --------------------------------------------------------------------------------- */

/*
 * If numbers define the colour space: those of sRGB, and of video, which is close to it, need no
 * conversion.
 */
static void take_numbers(const struct reading *reading, struct colour *colour,
	const struct heif_color_profile_nclx *nclx)
{
	struct colour_numbers numbers = {
		.white = {nclx->color_primary_white_x, nclx->color_primary_white_y},
		.red = {nclx->color_primary_red_x, nclx->color_primary_red_y},
		.green = {nclx->color_primary_green_x, nclx->color_primary_green_y},
		.blue = {nclx->color_primary_blue_x, nclx->color_primary_blue_y},
	};

	if (nclx->color_primaries <= heif_color_primaries_unspecified ||
		!(numbers.white[1] > 0.01 && numbers.red[1] > 0.01 && numbers.green[1] > 0.01 &&
			numbers.blue[1] > 0.001))
		return;
	if (nclx->transfer_characteristics == heif_transfer_characteristic_linear)
		numbers.gamma = 1;
	else if (nclx->transfer_characteristics ==
		 heif_transfer_characteristic_ITU_R_BT_470_6_System_M)
		numbers.gamma = 2.2;
	colour_by_numbers(colour, reading, &numbers);
}

static void take_colours(const struct reading *reading, struct colour *colour,
	struct heif_image_handle *handle)
{
	struct heif_color_profile_nclx *nclx = NULL;
	const size_t size = heif_image_handle_get_raw_color_profile_size(handle);
	uint8_t *profile = size > 0 && size < 16u << 20 ? malloc(size) : NULL;

	colour_by_profile(colour, reading, COLOUR_RGB, NULL, 0);
	if (profile != NULL &&
		heif_image_handle_get_raw_color_profile(handle, profile).code == heif_error_Ok) {
		colour_by_profile(colour, reading, COLOUR_RGB, profile, size);
	} else if (heif_image_handle_get_nclx_color_profile(handle, &nclx).code == heif_error_Ok) {
		take_numbers(reading, colour, nclx);
		heif_nclx_color_profile_free(nclx);
	}
	free(profile);
}

/* ---- pixels ---------------------------------------------------------------------------------- */

/* Converts bytes R G B A to words. */
static void convert_row(const uint8_t *from, uint32_t *to, uint32_t width, bool is_multiplied)
{
	for (uint32_t x = 0; x < width; x++, from += 4) {
		uint32_t r = from[0], g = from[1], b = from[2];
		const uint32_t a = from[3];

		if (is_multiplied && a < 255) {
			r = straight_alpha(r, a);
			g = straight_alpha(g, a);
			b = straight_alpha(b, a);
		}
		to[x] = a << 24 | r << 16 | g << 8 | b;
	}
}

static bool put_image(const struct reading *reading, const struct heif_image *image,
	bool is_multiplied)
{
	int pitch = 0;
	const uint8_t *rows =
		heif_image_get_plane_readonly(image, heif_channel_interleaved, &pitch);
	const int width = heif_image_get_width(image, heif_channel_interleaved);
	const int height = heif_image_get_height(image, heif_channel_interleaved);

	if (rows == NULL || width <= 0 || height <= 0 || pitch / 4 < width)
		return reading_fail(reading, N_("has no pixels"));
	if (!reading_begin(reading, (uint32_t)width, (uint32_t)height, 1))
		return false;
	for (uint32_t y = 0; y < (uint32_t)height;) {
		uint32_t count = (uint32_t)height - y;
		uint32_t *to = reading->sink->room(reading->sink, &count);

		for (uint32_t i = 0; i < count; i++)
			convert_row(rows + (size_t)(y + i) * (size_t)pitch,
				to + (size_t)i * (uint32_t)width, (uint32_t)width, is_multiplied);
		reading->result->is_opaque &=
			reading_are_opaque(to, (size_t)count * (uint32_t)width);
		reading->sink->put(reading->sink, count);
		y += count;
	}
	return true;
}

static bool decode_image(const struct reading *reading, struct heif_image_handle *handle)
{
	const int width = heif_image_handle_get_width(handle);
	const int height = heif_image_handle_get_height(handle);
	struct heif_decoding_options *options;
	struct heif_image *image = NULL;
	struct heif_error error;
	struct colour colour;

	if (width <= 0 || height <= 0)
		return reading_fail(reading, N_("has no pixels"));
	if (!size_limit_allows(reading->source->limit, (uint64_t)width, (uint64_t)height,
		    reading->source->size, reading->reason))
		return false;
	options = heif_decoding_options_alloc();
	if (options != NULL)
		options->convert_hdr_to_8bit = 1;
	error = heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGBA,
		options);
	heif_decoding_options_free(options);
	if (error.code != heif_error_Ok)
		return fail_library(reading, &error);
	take_colours(reading, &colour, handle);
	const struct reading coloured = colour_reading(reading, &colour);
	bool is_put =
		put_image(&coloured, image, heif_image_handle_is_premultiplied_alpha(handle) != 0);
	heif_image_release(image);
	return is_put;
}

static bool heif_read(const struct reading *reading)
{
	struct heif_context *context = heif_context_alloc();
	struct heif_image_handle *handle = NULL;
	struct heif_error error;
	bool is_read = false;

	if (context == NULL)
		return reading_fail_memory(reading);
	error = heif_context_read_from_memory_without_copy(context, reading->source->bytes,
		reading->source->size, NULL);
	if (error.code == heif_error_Ok)
		error = heif_context_get_primary_image_handle(context, &handle);
	if (error.code == heif_error_Ok)
		is_read = decode_image(reading, handle);
	else
		fail_library(reading, &error);
	if (handle != NULL)
		heif_image_handle_release(handle);
	heif_context_free(context);
	return is_read;
}

static void start(void)
{
#if LIBHEIF_HAVE_VERSION(1, 14, 0)
	heif_init(NULL); /* loads libheif's plugins, which are separate files since 1.14 */
#endif
}

static reader *reader_of(enum format format)
{
	return format == FORMAT_HEIC || format == FORMAT_AVIF ? heif_read : NULL;
}

const struct reader_set heif_readers = {
	.start = start, .reader_of = reader_of, .needs = CONFINE_THREADS};
