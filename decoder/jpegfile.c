/*
 * jpegfile.c - see jpegfile.h. libjpeg reports an error by a call that must not return: it jumps back
 * to where decoding was begun. Nothing between there and the jump owns anything but libjpeg's own
 * memory.
 */
#include "jpegfile.h"

#include <stdio.h>
#include <string.h>

#ifdef HAVE_LIBJPEG
#include <jpeglib.h>
#endif

/* The extensions are libjpeg-turbo's; the older libjpeg has none. */
#if defined(HAVE_LIBJPEG) && defined(JCS_ALPHA_EXTENSIONS)
#include <jerror.h>
#include <setjmp.h>

#include "inks.h"
#include "orientation.h"
#include "promise.h"

#define ROWS_AT_A_TIME 16

struct jpegfile {
	struct jpeg_decompress_struct info;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	bool is_cut_short;
	char warning[JMSG_LENGTH_MAX]; /* the first */
	char *reason;
};

bool jpegfile_is_there(void)
{
	return true;
}

static struct jpegfile *file_of(j_common_ptr info)
{
	return info->client_data;
}

/* libjpeg calls it, and it must not return. */
static void fail(j_common_ptr info)
{
	struct jpegfile *file = file_of(info);
	char message[JMSG_LENGTH_MAX];

	info->err->format_message(info, message);
	if (info->err->msg_code == JERR_OUT_OF_MEMORY)
		snprintf(file->reason, TEXT_REASON_MAX, "there is not enough memory");
	else
		snprintf(file->reason, TEXT_REASON_MAX,
			"is not an image that can be opened (%.150s)", message);
	longjmp(file->failed, 1);
}

/* Warnings have a level below 0, traces one above. */
static void take_message(j_common_ptr info, int level)
{
	struct jpegfile *file = file_of(info);

	if (level >= 0)
		return;
	if (info->err->msg_code == JWRN_JPEG_EOF) {
		snprintf(file->reason, TEXT_REASON_MAX, "ends too early: the file is truncated");
		longjmp(file->failed, 1);
	}
	if (info->err->num_warnings++ == 0)
		info->err->format_message(info, file->warning);
}

static void say_nothing(j_common_ptr info)
{
	(void)info;
}

/* The smallest of the reductions that cost least, and still no smaller than it must be. */
static void reduce(struct jpegfile *file, const struct raster_source *source, int orientation)
{
	struct jpeg_decompress_struct *info = &file->info;
	bool swaps = orientation_swaps(orientation);
	uint32_t width = swaps ? source->least_height : source->least_width;
	uint32_t height = swaps ? source->least_width : source->least_height;

	for (info->scale_num = 1; info->scale_num < 8; info->scale_num *= 2) {
		info->scale_denom = 8;
		jpeg_calc_output_dimensions(info);
		if (width > 0 && info->output_width >= width && info->output_height >= height)
			return;
	}
	info->scale_denom = info->scale_num;
}

/* Between the header and the first row. */
static bool begin(struct jpegfile *file, const struct raster_source *source, int orientation,
	struct raster_sink *sink)
{
	struct jpeg_decompress_struct *info = &file->info;
	const struct sniff said = {.width = info->image_width, .height = info->image_height};
	struct raster_shape shape = {.whole_width = info->image_width,
		.whole_height = info->image_height,
		.orientation = (uint32_t)orientation};

	if (!promise_is_within(source->limit, &said, source->size, file->reason))
		return false;
	reduce(file, source, orientation);
	info->out_color_space =
		info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK
			? JCS_CMYK
			: JCS_EXT_BGRA;
	jpeg_calc_output_dimensions(info);
	shape.width = info->output_width;
	shape.height = info->output_height;
	return sink->begin(sink, &shape, file->reason);
}

static void read_rows(struct jpegfile *file, struct raster_sink *sink)
{
	struct jpeg_decompress_struct *info = &file->info;
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
		if (info->out_color_space == JCS_CMYK)
			inks_to_colours(to, (size_t)count * width, info->saw_Adobe_marker);
		sink->put(sink, count);
	}
}

bool jpegfile_decode(const struct raster_source *source, const struct sniff *sniff,
	struct raster_sink *sink, struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	const int orientation = orientation_of(sniff);
	struct jpegfile file = {.reason = reason};

	file.info.err = jpeg_std_error(&file.errors);
	file.errors.error_exit = fail;
	file.errors.emit_message = take_message;
	file.errors.output_message = say_nothing;
	file.info.client_data = &file;
	if (setjmp(file.failed) != 0) {
		jpeg_destroy_decompress(&file.info);
		return false;
	}
	jpeg_create_decompress(&file.info);
	jpeg_mem_src(&file.info, source->bytes, source->size);
	jpeg_read_header(&file.info, TRUE);
	bool begun = begin(&file, source, orientation, sink);
	if (begun) {
		jpeg_start_decompress(&file.info);
		read_rows(&file, sink);
		jpeg_finish_decompress(&file.info);
	}
	jpeg_destroy_decompress(&file.info);
	result->is_opaque = true;
	if (file.warning[0] != '\0')
		snprintf(result->note, sizeof(result->note), "damaged: %.50s", file.warning);
	return begun;
}
#else
bool jpegfile_is_there(void)
{
	return false;
}

bool jpegfile_decode(const struct raster_source *source, const struct sniff *sniff,
	struct raster_sink *sink, struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	(void)source, (void)sniff, (void)sink, (void)result;
	snprintf(reason, TEXT_REASON_MAX, "this was built without libjpeg-turbo");
	return false;
}
#endif
