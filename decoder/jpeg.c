/*
 * jpeg.c - JPEG by libjpeg-turbo: directly to 32 bits, reduced during decoding if only that is
 * needed, and with the library's message about damage. Data after the last row is ignored; missing
 * rows are grey. libjpeg reports an error by calling a function that must not return, so it jumps
 * back to the start of decoding with longjmp(). Between the two, only libjpeg's own memory is
 * owned.
 */
#ifdef HAVE_LIBJPEG
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
/* The original libjpeg has neither 32-bit words nor profiles. */
#ifndef JCS_ALPHA_EXTENSIONS
#error "libjpeg-turbo is needed, or -DVITRINE_JPEG=OFF"
#endif
#include <jerror.h>

#include "colour.h"
#include "orientation.h"
#include "reader.h"
#include "thumbnail.h"

#define ROWS_AT_A_TIME 16

struct jpeg {
	struct jpeg_decompress_struct info;
	struct jpeg_error_mgr errors;
	struct jpeg_source_mgr source;
	jmp_buf failed;
	const struct reading *reading;
	struct colour colour;
	struct reading coloured; /* with `colour` as its sink */
	JOCTET *profile;
	bool is_at_end;                /* the library wanted more bytes than the file has */
	bool is_cut;                   /* … and these were needed */
	bool has_begun;                /* the sink has */
	uint32_t whole_rows;           /* rows passed on before the end was reached */
	char message[JMSG_LENGTH_MAX]; /* the error, or the first warning */
};

/* ---- libjpeg calls these --------------------------------------------------------------------- */

static struct jpeg *jpeg_of(j_common_ptr info)
{
	return info->client_data;
}

/* Must not return. */
static void fail(j_common_ptr info)
{
	struct jpeg *jpeg = jpeg_of(info);

	info->err->format_message(info, jpeg->message);
	longjmp(jpeg->failed, 1);
}

/*
 * Warnings have a level below 0, traces above. Looking beyond the end is harmless; needing what
 * would be there is damage.
 */
static void take_message(j_common_ptr info, int level)
{
	struct jpeg *jpeg = jpeg_of(info);
	const int code = info->err->msg_code;

	if (level >= 0)
		return;
	if (jpeg->is_at_end && (code == JWRN_HIT_MARKER || code == JWRN_MUST_RESYNC ||
				       code == JWRN_ARITH_BAD_CODE))
		jpeg->is_cut = true;
	else if (info->err->num_warnings++ == 0)
		info->err->format_message(info, jpeg->message);
}

static void say_nothing(j_common_ptr info)
{
	(void)info;
}

static void start_source(j_decompress_ptr info)
{
	(void)info;
}

/* Beyond the end of the file, always provides an end-of-image mark. */
static boolean fill_source(j_decompress_ptr info)
{
	static const JOCTET end[] = {0xff, JPEG_EOI};

	jpeg_of((j_common_ptr)info)->is_at_end = true;
	info->src->next_input_byte = end;
	info->src->bytes_in_buffer = sizeof(end);
	return TRUE;
}

static void skip_source(j_decompress_ptr info, long count)
{
	if (count <= 0)
		return;
	if ((size_t)count > info->src->bytes_in_buffer) {
		fill_source(info);
		return;
	}
	info->src->next_input_byte += count;
	info->src->bytes_in_buffer -= (size_t)count;
}

static void set_source(struct jpeg *jpeg)
{
	jpeg->source = (struct jpeg_source_mgr){
		.next_input_byte = jpeg->reading->source->bytes,
		.bytes_in_buffer = jpeg->reading->source->size,
		.init_source = start_source,
		.fill_input_buffer = fill_source,
		.skip_input_data = skip_source,
		.resync_to_restart = jpeg_resync_to_restart,
		.term_source = start_source,
	};
	jpeg->info.src = &jpeg->source;
}

/* ---- before the pixels ----------------------------------------------------------------------- */

/* The smallest of the cheapest reductions that still fills the box. */
static void reduce(struct jpeg *jpeg, int orientation)
{
	const struct raster_source *source = jpeg->reading->source;
	struct jpeg_decompress_struct *info = &jpeg->info;
	uint32_t width = 0, height = 0; /* the least size, before orientation is applied */

	if (source->box_width > 0 && orientation_swaps(orientation))
		thumbnail_fit(info->image_height, info->image_width, source->box_width,
			source->box_height, &height, &width);
	else if (source->box_width > 0)
		thumbnail_fit(info->image_width, info->image_height, source->box_width,
			source->box_height, &width, &height);
	for (info->scale_num = 1; info->scale_num < 8; info->scale_num *= 2) {
		info->scale_denom = 8;
		jpeg_calc_output_dimensions(info);
		if (width > 0 && info->output_width >= width && info->output_height >= height)
			return;
	}
	info->scale_denom = info->scale_num;
}

/*
 * Inks: nearly all programs, with or without Adobe's marker, store the part of the paper that stays
 * uncovered, not the amount of ink, and readers expect that.
 */
static void take_colours(struct jpeg *jpeg)
{
	struct jpeg_decompress_struct *info = &jpeg->info;
	const bool has_inks =
		info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
	unsigned size = 0;

	info->out_color_space = has_inks ? JCS_CMYK : JCS_EXT_BGRA;
	if (!jpeg_read_icc_profile(info, &jpeg->profile, &size))
		jpeg->profile = NULL;
	colour_by_profile(&jpeg->colour, jpeg->reading, has_inks ? COLOUR_CMYK_REV : COLOUR_RGB,
		jpeg->profile, size);
	jpeg->coloured = colour_reading(jpeg->reading, &jpeg->colour);
}

static bool begin(struct jpeg *jpeg)
{
	const uint32_t orientation = file_orientation(jpeg->reading->header);
	struct jpeg_decompress_struct *info = &jpeg->info;

	/* Before memory is allocated: libjpeg may have read another size than file_header.c. */
	if (!size_limit_allows(jpeg->reading->source->limit, info->image_width, info->image_height,
		    jpeg->reading->source->size, jpeg->reading->reason))
		return false;
	take_colours(jpeg);
	reduce(jpeg, (int)orientation);
	jpeg_calc_output_dimensions(info);
	const struct raster_shape shape = {info->output_width, info->output_height,
		info->image_width, info->image_height, orientation};
	jpeg->has_begun = reading_begin_shape(&jpeg->coloured, &shape);
	return jpeg->has_begun;
}

/* ---- the pixels ------------------------------------------------------------------------------ */

/* The light that passes one ink and black, each given as 0 to 255. */
static uint32_t through(uint32_t ink, uint32_t black)
{
	return (ink * black + 127) / 255;
}

/*
 * Converts bytes that say how much light C, M, Y and K let through to words 0xffRRGGBB, in place.
 */
static void convert_inks(uint32_t *pixels, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint32_t inks = pixels[i], black = inks >> 24;

		pixels[i] = UINT32_C(0xff000000) | through(inks & 255, black) << 16 |
			    through(inks >> 8 & 255, black) << 8 | through(inks >> 16 & 255, black);
	}
}

static void read_rows(struct jpeg *jpeg)
{
	struct jpeg_decompress_struct *info = &jpeg->info;
	struct raster_sink *sink = jpeg->coloured.sink;
	const uint32_t width = info->output_width;

	while (info->output_scanline < info->output_height) {
		JSAMPROW rows[ROWS_AT_A_TIME];
		uint32_t count = info->output_height - info->output_scanline;

		if (count > ROWS_AT_A_TIME)
			count = ROWS_AT_A_TIME;
		uint32_t *to = sink->room(sink, &count);
		for (uint32_t i = 0; i < count; i++)
			rows[i] = (JSAMPROW)(to + (size_t)i * width);
		count = jpeg_read_scanlines(info, rows, count);
		if (info->out_color_space == JCS_CMYK && jpeg->colour.way == NULL)
			convert_inks(to, (size_t)count * width);
		sink->put(sink, count);
		jpeg->whole_rows += count;
	}
}

/* True if a file with several scans lacks some: coefficients are missing or lack bits. */
static bool lacks_scans(const struct jpeg *jpeg)
{
	const struct jpeg_decompress_struct *info = &jpeg->info;

	if (info->coef_bits == NULL)
		return false;
	for (int component = 0; component < info->num_components; component++)
		for (int i = 0; i < DCTSIZE2; i++)
			if (info->coef_bits[component][i] != 0)
				return true;
	return false;
}

static void take_notes(const struct jpeg *jpeg)
{
	if (jpeg->is_cut || (jpeg->is_at_end && lacks_scans(jpeg)))
		reading_note_incomplete(jpeg->reading);
	else if (jpeg->message[0] != '\0')
		reading_note_damaged(jpeg->reading, jpeg->message);
}

static bool fail_beginning(const struct jpeg *jpeg)
{
	if (jpeg->reading->reason[0] != '\0')
		return false;
	if (jpeg->is_at_end)
		return reading_fail_cut(jpeg->reading);
	if (jpeg->errors.msg_code == JERR_OUT_OF_MEMORY)
		return reading_fail_memory(jpeg->reading);
	return reading_fail_library(jpeg->reading, jpeg->message);
}

/* false: it failed before the first row. */
static bool read_pixels(struct jpeg *jpeg)
{
	if (setjmp(jpeg->failed) != 0)
		return jpeg->has_begun;
	jpeg_create_decompress(&jpeg->info);
	set_source(jpeg);
	jpeg_save_markers(&jpeg->info, JPEG_APP0 + 2, 0xffff);
	jpeg_read_header(&jpeg->info, TRUE);
	if (jpeg->info.data_precision != 8) /* libjpeg-turbo 3 has other functions for these rows */
		ERREXIT1(&jpeg->info, JERR_BAD_PRECISION, jpeg->info.data_precision);
	if (!begin(jpeg))
		return false;
	jpeg_start_decompress(&jpeg->info);
	read_rows(jpeg);
	return true;
}

bool jpeg_read(const struct reading *reading)
{
	struct jpeg jpeg = {.reading = reading};

	jpeg.info.err = jpeg_std_error(&jpeg.errors);
	jpeg.errors.error_exit = fail;
	jpeg.errors.emit_message = take_message;
	jpeg.errors.output_message = say_nothing;
	jpeg.info.client_data = &jpeg;
	bool is_read = read_pixels(&jpeg);
	if (is_read) {
		/* An error after the first row: the rest is grey. */
		reading_put_grey(&jpeg.coloured, jpeg.info.output_width,
			jpeg.info.output_height - jpeg.whole_rows);
		take_notes(&jpeg);
	} else {
		fail_beginning(&jpeg);
	}
	free(jpeg.profile);
	jpeg_destroy_decompress(&jpeg.info);
	return is_read;
}
#else
extern int jpeg_is_left_to_sdl;
#endif
