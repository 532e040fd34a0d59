/*
 * encode.c - see encode.h. Both libraries report an error by calling a function that must not
 * return, so it jumps back with longjmp(). Whatever must be freed after the jump is a member of a
 * structure that the caller of the function with the setjmp() owns.
 */
#include "encode.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <png.h>

#include "expand.h"
#include "newfile.h"
#include "translate.h"
#include "turned.h"
#include "vitrine.h"

/* Where rows come from: the pixels themselves, or one row at a time turned or expanded to XR24. */
struct rows {
	const struct pixels *pixels;
	int orientation;
	uint32_t width, height; /* turned */
	uint32_t *row;          /* one turned row, and as much scratch memory; NULL: not needed */
	atomic_uint *done;      /* counts rows that are done; NULL: not wanted */
};

static bool rows_open(struct rows *rows, const struct pixels *pixels, const struct encode_way *way,
	char reason[TEXT_REASON_MAX])
{
	int orientation = way != NULL && way->orientation != 0 ? way->orientation : 1;

	*rows = (struct rows){
		.pixels = pixels,
		.orientation = orientation,
		.width = turned_width(pixels, orientation),
		.height = turned_height(pixels, orientation),
		.done = way != NULL ? way->rows : NULL,
	};
	if (orientation == 1 && !expand_needed(pixels->format))
		return true;
	rows->row = calloc(rows->width, 2 * sizeof(*rows->row));
	if (rows->row == NULL)
		snprintf(reason, TEXT_REASON_MAX, _("not enough memory"));
	return rows->row != NULL;
}

/* Row `y`, four bytes per pixel; valid until the next call. */
static uint8_t *rows_at(const struct rows *rows, uint32_t y)
{
	const struct pixels *pixels = rows->pixels;

	if (rows->done != NULL)
		atomic_store_explicit(rows->done, y, memory_order_relaxed);
	if (rows->row == NULL)
		return (uint8_t *)(uintptr_t)pixels->data + (size_t)y * pixels->pitch;
	turned_rows(pixels, rows->orientation, 0, y, rows->width, 1, rows->row,
		rows->row + rows->width);
	return (uint8_t *)rows->row;
}

static void rows_close(struct rows *rows)
{
	free(rows->row);
}

static bool has_alpha(uint32_t format)
{
	return format == VITRINE_AR24 || format == VITRINE_AB24;
}

/* True if a pixel's bytes are in the order red, green, blue; otherwise it is blue, green, red. */
static bool is_red_first(uint32_t format)
{
	return format == VITRINE_XB24 || format == VITRINE_AB24;
}

/* ---- PNG ----------------------------------------------------------------------------------- */

struct png {
	png_struct *write;
	png_info *info;
	struct rows rows;
	bool is_fast;
	int fd;
	char *reason;
};

static void png_failed(png_struct *write, const char *message)
{
	struct png *png = png_get_error_ptr(write);

	if (png->reason[0] == '\0')
		snprintf(png->reason, TEXT_REASON_MAX, _("cannot be converted to PNG: %s"),
			message);
	png_longjmp(write, 1);
}

static void png_warned(png_struct *write, const char *message)
{
	(void)write, (void)message;
}

static void png_write_bytes(png_struct *write, png_byte *bytes, size_t size)
{
	struct png *png = png_get_io_ptr(write);
	const struct newfile file = {.fd = png->fd};
	int rc = newfile_write(&file, bytes, size);

	if (rc < 0) {
		newfile_reason(png->reason, rc);
		png_error(write, "write");
	}
}

static void png_flush_nothing(png_struct *write)
{
	(void)write;
}

static bool write_png(struct png *png)
{
	const struct pixels *pixels = png->rows.pixels;
	const bool with_alpha = has_alpha(pixels->format);

	if (setjmp(png_jmpbuf(png->write)) != 0)
		return false;
	png->info = png_create_info_struct(png->write);
	if (png->info == NULL)
		png_error(png->write, _("not enough memory"));
	/* libpng's own limit is a million pixels per side. */
	png_set_user_limits(png->write, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
	png_set_write_fn(png->write, png, png_write_bytes, png_flush_nothing);
	if (png->is_fast) {
		png_set_compression_level(png->write, 1);
		png_set_filter(png->write, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
	}
	png_set_IHDR(png->write, png->info, png->rows.width, png->rows.height, 8,
		with_alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png->write, png->info);
	if (!with_alpha)
		png_set_filler(png->write, 0, PNG_FILLER_AFTER);
	if (!is_red_first(pixels->format))
		png_set_bgr(png->write);
	for (uint32_t y = 0; y < png->rows.height; y++)
		png_write_row(png->write, rows_at(&png->rows, y));
	png_write_end(png->write, png->info);
	return true;
}

bool encode_png(int fd, const struct pixels *pixels, const struct encode_way *way,
	char reason[TEXT_REASON_MAX])
{
	struct png png = {.fd = fd, .reason = reason, .is_fast = way != NULL && way->is_fast};
	bool is_written;

	reason[0] = '\0';
	if (!rows_open(&png.rows, pixels, way, reason))
		return false;
	png.write = png_create_write_struct(PNG_LIBPNG_VER_STRING, &png, png_failed, png_warned);
	is_written = png.write != NULL && write_png(&png);
	if (png.write == NULL && reason[0] == '\0')
		snprintf(reason, TEXT_REASON_MAX, _("not enough memory"));
	png_destroy_write_struct(&png.write, &png.info);
	rows_close(&png.rows);
	return is_written;
}

/* ---- JPEG ---------------------------------------------------------------------------------- */

struct jpeg {
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	jmp_buf failed;
	struct rows rows;
	unsigned char *bytes; /* the file */
	unsigned long size;
	char *reason;
};

static void jpeg_failed(j_common_ptr info)
{
	struct jpeg *jpeg = info->client_data;
	char message[JMSG_LENGTH_MAX];

	info->err->format_message(info, message);
	snprintf(jpeg->reason, TEXT_REASON_MAX, _("cannot be converted to JPEG: %.150s"), message);
	longjmp(jpeg->failed, 1);
}

static void jpeg_says_nothing(j_common_ptr info)
{
	(void)info;
}

static bool compress_jpeg(struct jpeg *jpeg, int quality)
{
	struct jpeg_compress_struct *info = &jpeg->info;
	const struct pixels *pixels = jpeg->rows.pixels;

	if (setjmp(jpeg->failed) != 0)
		return false;
	jpeg_create_compress(info);
	jpeg_mem_dest(info, &jpeg->bytes, &jpeg->size);
	info->image_width = jpeg->rows.width;
	info->image_height = jpeg->rows.height;
	info->input_components = 4;
	info->in_color_space = is_red_first(pixels->format) ? JCS_EXT_RGBX : JCS_EXT_BGRX;
	jpeg_set_defaults(info);
	jpeg_set_quality(info, quality, TRUE);
	jpeg_start_compress(info, TRUE);
	while (info->next_scanline < info->image_height) {
		JSAMPROW row = rows_at(&jpeg->rows, info->next_scanline);

		jpeg_write_scanlines(info, &row, 1);
	}
	jpeg_finish_compress(info);
	return true;
}

bool encode_jpeg(int fd, const struct pixels *pixels, const struct encode_way *way, int quality,
	char reason[TEXT_REASON_MAX])
{
	const struct newfile file = {.fd = fd};
	struct jpeg jpeg = {.reason = reason};
	bool is_written;
	int rc;

	if (!rows_open(&jpeg.rows, pixels, way, reason))
		return false;
	jpeg.info.err = jpeg_std_error(&jpeg.errors);
	jpeg.errors.error_exit = jpeg_failed;
	jpeg.errors.output_message = jpeg_says_nothing;
	jpeg.info.client_data = &jpeg;
	is_written = compress_jpeg(&jpeg, quality);
	if (is_written && (rc = newfile_write(&file, jpeg.bytes, jpeg.size)) < 0) {
		newfile_reason(reason, rc);
		is_written = false;
	}
	jpeg_destroy_compress(&jpeg.info);
	free(jpeg.bytes);
	rows_close(&jpeg.rows);
	return is_written;
}
