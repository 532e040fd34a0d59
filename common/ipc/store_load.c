/*
 * store_load.c - vitrine_store() and vitrine_load(): pixels between a program's array and an image.
 * Rows are converted block by block, so that intermediate results stay in the cache. Rows that need
 * no conversion are copied.
 */
#include <math.h>
#include <string.h>

#include "image.h"
#include "pixel_rows.h"
#include "vitrine.h"

enum { BLOCK = 1024 }; /* pixels; even: two pixels share their chroma */

/* ---- arguments ------------------------------------------------------------------------------- */

static bool is_planar(uint32_t format)
{
	return format == VITRINE_NV12 || format == VITRINE_YU12;
}

static bool is_yuyv(uint32_t format)
{
	return format == VITRINE_YUYV || format == VITRINE_UYVY;
}

/* The size of a row of the array in bytes; 0: its format or type is unknown. */
static uint64_t row_bytes(const struct vitrine_array *array)
{
	if (is_yuyv(array->format))
		return array->type == VITRINE_UINT8 ? ((uint64_t)array->width + 1) / 2 * 4 : 0;
	return (uint64_t)array->width * rows_pixel_bytes(array->format) *
	       rows_type_bytes(array->type);
}

static bool numbers_of(struct rows_numbers *numbers, const struct vitrine_array *array)
{
	static const double most[] = {
		[VITRINE_UINT8] = 255,
		[VITRINE_UINT16] = 65535,
		[VITRINE_FLOAT32] = 1,
		[VITRINE_FLOAT64] = 1,
	};
	const double span = array->high - array->low;

	*numbers = (struct rows_numbers){array->type, array->low, array->high, false};
	if (array->low == 0 && array->high == 0) {
		numbers->is_default_range = true;
		numbers->high = most[array->type];
		return true;
	}
	return isfinite(span) && span != 0 && isfinite(255 / span) &&
	       (array->type != VITRINE_FLOAT32 || isnormal((float)span));
}

static bool is_inside(const struct vitrine_image *image, uint32_t x, uint32_t y,
	const struct vitrine_array *array)
{
	return array->width >= 1 && array->height >= 1 &&
	       (uint64_t)x + array->width <= image->width &&
	       (uint64_t)y + array->height <= image->height;
}

static bool are_sound(const struct vitrine_image *image, const void *pixels, uint32_t x, uint32_t y,
	const struct vitrine_array *array, struct rows_numbers *numbers)
{
	uint64_t bytes, stride;

	if (image == NULL || pixels == NULL || array == NULL || array->data == NULL ||
		image->kind != VITRINE_PIXELS || !image_fits(image, UINT64_MAX) ||
		!is_inside(image, x, y, array))
		return false;
	bytes = row_bytes(array);
	stride = array->stride < 0 ? -(uint64_t)array->stride : (uint64_t)array->stride;
	return bytes != 0 && (stride >= bytes || array->height == 1) && numbers_of(numbers, array);
}

/* The conversion of a row, and the number of rows. */
struct passage {
	uint32_t from, to; /* packed formats */
	struct rows_numbers numbers;
	size_t width;
	uint32_t rows;
};

/*
 * If the rows of both the array and the image follow each other without gaps, treats them as one
 * row.
 */
static void join_rows(struct passage *passage, const struct vitrine_image *image,
	const struct vitrine_array *array)
{
	passage->width = array->width;
	passage->rows = array->height;
	if (array->width == image->width && (uint64_t)array->stride == row_bytes(array) &&
		image->pitch == (uint64_t)image->width * rows_pixel_bytes(image->format)) {
		passage->width *= array->height;
		passage->rows = 1;
	}
}

static bool is_copy(const struct passage *passage)
{
	return passage->from == passage->to && passage->numbers.type == VITRINE_UINT8 &&
	       passage->numbers.is_default_range;
}

/* ---- locations of rows ----------------------------------------------------------------------- */

static uint8_t *array_row(const struct vitrine_array *array, uint32_t row)
{
	return (uint8_t *)array->data + (int64_t)row * array->stride;
}

/*
 * Byte offsets for the chroma of an image's row: from the start of the image to the first U of the
 * row, from U to V, and from one sample to the next.
 */
struct chroma {
	size_t begin, v, step;
};

static struct chroma chroma_of(const struct vitrine_image *image, uint32_t row)
{
	const size_t pairs = ((size_t)image->pitch + 1) / 2;
	const size_t planes = (size_t)image->pitch * image->height;

	if (image->format == VITRINE_NV12)
		return (struct chroma){planes + row / 2 * (2 * pairs), 1, 2};
	return (struct chroma){
		planes + row / 2 * pairs, pairs * (((size_t)image->height + 1) / 2), 1};
}

/* Locates an image's row from column `x` on; `x` is even. */
static struct rows_yuv yuv_of(const struct vitrine_image *image, size_t x, uint32_t row)
{
	const uint8_t *data = image->data;
	const struct chroma chroma = chroma_of(image, row);
	const uint8_t *u = data + chroma.begin + x / 2 * chroma.step;

	return (struct rows_yuv){
		.luma = data + (size_t)image->pitch * row + x,
		.u = u,
		.v = u + chroma.v,
		.luma_step = 1,
		.chroma_step = chroma.step,
		.has_bt709 = rows_have_bt709(image->height),
	};
}

/* Locates an array's row of YUYV or UYVY. */
static struct rows_yuv yuyv_of(const struct vitrine_image *image, const uint8_t *pair,
	uint32_t format)
{
	const size_t luma = format == VITRINE_UYVY ? 1 : 0;

	return (struct rows_yuv){
		.luma = pair + luma,
		.u = pair + (1 - luma),
		.v = pair + (1 - luma) + 2,
		.luma_step = 2,
		.chroma_step = 4,
		.has_bt709 = rows_have_bt709(image->height),
	};
}

/* ---- storing --------------------------------------------------------------------------------- */

static void store_packed(const struct passage *passage, uint8_t *to, const uint8_t *from)
{
	const size_t components = rows_pixel_bytes(passage->from);
	const size_t pixel = components * rows_type_bytes(passage->numbers.type);
	const size_t to_pixel = rows_pixel_bytes(passage->to);
	const bool is_same = passage->from == passage->to;
	const bool are_bytes =
		passage->numbers.type == VITRINE_UINT8 && passage->numbers.is_default_range;
	uint8_t bytes[4 * BLOCK];

	if (is_copy(passage)) {
		memcpy(to, from, passage->width * pixel);
		return;
	}
	for (size_t x = 0; x < passage->width; x += BLOCK) {
		const size_t count = passage->width - x < BLOCK ? passage->width - x : BLOCK;
		const uint8_t *source = from + x * pixel;

		if (!are_bytes) {
			uint8_t *narrow = is_same ? to + x * to_pixel : &bytes[0];

			rows_narrow(narrow, source, count * components, &passage->numbers);
			source = narrow;
		}
		if (!is_same)
			rows_reorder(to + x * to_pixel, passage->to, source, passage->from, count);
	}
}

/* Stores YUYV or UYVY as a packed format. */
static void store_colours(const struct vitrine_image *image, uint8_t *to, const uint8_t *from,
	const struct vitrine_array *array)
{
	const struct rows_yuv yuv = yuyv_of(image, from, array->format);

	if (image->format == VITRINE_R8)
		rows_grey(to, &yuv, array->width);
	else
		rows_colour(&to, image->format, &yuv, array->width);
}

static uint8_t mean(unsigned one, unsigned other)
{
	return (uint8_t)((one + other + 1) / 2);
}

/*
 * Stores YUYV or UYVY as planes. Two rows share their chroma, which is the mean of both: the first
 * row stores its own, and the second one averages it with that.
 */
static void store_planes(const struct vitrine_image *image, uint8_t *data, uint32_t x, uint32_t row,
	const uint8_t *from, const struct vitrine_array *array)
{
	const struct rows_yuv yuv = yuyv_of(image, from, array->format);
	const struct chroma chroma = chroma_of(image, row);
	const bool is_first = row % 2 == 0;
	uint8_t *luma = data + (size_t)image->pitch * row + x;
	uint8_t *u = data + chroma.begin + x / 2 * chroma.step;

	for (size_t i = 0; i < array->width; i++)
		luma[i] = yuv.luma[2 * i];
	for (size_t i = 0; i < ((size_t)array->width + 1) / 2; i++, u += chroma.step) {
		u[0] = is_first ? yuv.u[4 * i] : mean(u[0], yuv.u[4 * i]);
		u[chroma.v] = is_first ? yuv.v[4 * i] : mean(u[chroma.v], yuv.v[4 * i]);
	}
}

int vitrine_store(const struct vitrine_image *image, void *data, uint32_t x, uint32_t y,
	const struct vitrine_array *array)
{
	struct passage passage;

	if (!are_sound(image, data, x, y, array, &passage.numbers))
		return VITRINE_EINVAL;
	if (is_planar(image->format) && (!is_yuyv(array->format) || x % 2 != 0))
		return VITRINE_EINVAL;
	passage.from = array->format;
	passage.to = image->format;
	join_rows(&passage, image, array);
	for (uint32_t row = 0; row < passage.rows; row++) {
		const uint8_t *from = array_row(array, row);
		uint8_t *to = (uint8_t *)data + (size_t)image->pitch * (y + row);

		if (is_planar(image->format)) {
			store_planes(image, data, x, y + row, from, array);
			continue;
		}
		to += (size_t)x * rows_pixel_bytes(image->format);
		if (is_yuyv(array->format))
			store_colours(image, to, from, array);
		else
			store_packed(&passage, to, from);
	}
	return VITRINE_OK;
}

/* ---- loading --------------------------------------------------------------------------------- */

/*
 * Returns `count` pixels of an image's row, from column `x` on, as bytes of the packed format
 * passage->from. For a packed image they are in the image itself. Planes are converted into `room`,
 * to the array's format; if `x` is odd, `room` must have space for one pixel more.
 */
static const uint8_t *bytes_of(const struct vitrine_image *image, const struct passage *passage,
	size_t x, uint32_t row, size_t count, uint8_t *room)
{
	const size_t odd = x % 2;
	struct rows_yuv yuv;

	if (!is_planar(image->format))
		return (const uint8_t *)image->data + (size_t)image->pitch * row +
		       x * rows_pixel_bytes(image->format);
	/* Chroma begins at an even column. */
	yuv = yuv_of(image, x - odd, row);
	if (passage->from == VITRINE_R8)
		rows_grey(room, &yuv, count + odd);
	else
		rows_colour(&room, passage->from, &yuv, count + odd);
	return room + odd * rows_pixel_bytes(passage->from);
}

static void load_row(const struct vitrine_image *image, const struct passage *passage, uint32_t x,
	uint32_t row, uint8_t *to)
{
	const size_t components = rows_pixel_bytes(passage->to);
	const size_t pixel = components * rows_type_bytes(passage->numbers.type);
	const bool are_bytes =
		passage->numbers.type == VITRINE_UINT8 && passage->numbers.is_default_range;
	uint8_t colours[4 * (BLOCK + 1)], bytes[4 * BLOCK];

	if (is_copy(passage) && !is_planar(image->format)) {
		memcpy(to, bytes_of(image, passage, x, row, 0, NULL), passage->width * pixel);
		return;
	}
	for (size_t done = 0; done < passage->width; done += BLOCK, to += BLOCK * pixel) {
		const size_t count = passage->width - done < BLOCK ? passage->width - done : BLOCK;
		/*
		 * Planes can be converted directly into the array if no other conversion follows.
		 */
		uint8_t *room = are_bytes && x % 2 == 0 ? to : &colours[0];
		const uint8_t *source = bytes_of(image, passage, x + done, row, count, room);

		if (passage->from != passage->to) {
			uint8_t *ordered = are_bytes ? to : &bytes[0];

			rows_reorder(ordered, passage->to, source, passage->from, count);
			source = ordered;
		}
		if (!are_bytes)
			rows_widen(to, source, count * components, &passage->numbers);
		else if (source != to)
			memcpy(to, source, count * pixel); /* the first column was odd */
	}
}

/*
 * Loads two rows together that share their chroma. Returns false and loads nothing if the next two
 * rows do not share it, or if the array does not hold colours in bytes.
 */
static bool load_two_rows(const struct vitrine_image *image, const struct passage *passage,
	uint32_t x, uint32_t y, const struct vitrine_array *array, uint32_t row)
{
	struct rows_yuv yuv;

	if (!is_planar(image->format) || !is_copy(passage) || passage->to == VITRINE_R8 ||
		x % 2 != 0 || (y + row) % 2 != 0 || row + 1 == passage->rows)
		return false;
	yuv = yuv_of(image, x, y + row);
	yuv.below = yuv.luma + image->pitch;
	rows_colour((uint8_t *const[]){array_row(array, row), array_row(array, row + 1)},
		passage->to, &yuv, passage->width);
	return true;
}

int vitrine_load(const struct vitrine_image *image, uint32_t x, uint32_t y,
	const struct vitrine_array *array)
{
	struct passage passage;

	if (image == NULL || !are_sound(image, image->data, x, y, array, &passage.numbers) ||
		is_yuyv(array->format))
		return VITRINE_EINVAL;
	passage.to = array->format;
	passage.from = is_planar(image->format) ? array->format : image->format;
	join_rows(&passage, image, array);
	for (uint32_t row = 0; row < passage.rows; row++) {
		if (load_two_rows(image, &passage, x, y, array, row))
			row++;
		else
			load_row(image, &passage, x, y + row, array_row(array, row));
	}
	return VITRINE_OK;
}
