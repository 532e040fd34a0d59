/*
 * frames_yuv.c - see frames.h: planes of video with 8 to 16 bits per sample, converted to what the
 * slot holds: YU12 of limited range, with the matrix that the windows assume. Grey has full range.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "frames_parts.h"
#include "translate.h"

/* ---- the planes ------------------------------------------------------------------------------ */

/* Converts little-endian two-byte samples to bytes, in place. */
static void narrow(const struct frames *frames, uint8_t *bytes, size_t count)
{
	const unsigned shift = frames->bits - 8;
	const unsigned half = 1u << shift >> 1;

	for (size_t i = 0; i < count; i++) {
		unsigned value = ((unsigned)bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8) + half;

		bytes[i] = (uint8_t)(value >> shift < 255 ? value >> shift : 255);
	}
}

static void put_luma(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	const uint32_t width = frames->image.width;

	if (frames->bits > 8)
		narrow(frames, bytes, width);
	memcpy(slot + part->offset + (size_t)row * width, bytes, width);
}

/*
 * Reduces a row of chroma that has more than one sample per two pixels, or is one of two rows: adds
 * the samples up, and writes the averages when all rows are there.
 */
static void put_chroma(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	const uint32_t across = 2 / frames->chroma_x;
	const uint32_t down = 2 / frames->chroma_y;
	const uint32_t width = (frames->image.width + 1) / 2;
	const size_t last = (frames->image.width - 1) / frames->chroma_x;
	const bool is_first = row % down == 0;
	uint8_t *to = slot + part->offset + (size_t)(row / down) * width;
	uint32_t rows = row % down + 1;

	if (frames->bits > 8)
		narrow(frames, bytes, last + 1);
	for (uint32_t x = 0; x < width; x++) {
		size_t at = (size_t)x * across;
		unsigned sum = across == 1 ? bytes[at] * 2u
					   : (unsigned)bytes[at] + bytes[at < last ? at + 1 : last];

		frames->sums[x] = (uint16_t)(is_first ? sum : frames->sums[x] + sum);
	}
	if (rows < down && row + 1 < part->rows)
		return;
	for (uint32_t x = 0; x < width; x++)
		to[x] = (uint8_t)((frames->sums[x] + rows) / (2 * rows));
}

/* Copies the chroma of NV12 or NV21. */
static void put_pairs(struct frames *frames, const struct frames_part *part, uint32_t row,
	uint8_t *bytes, uint8_t *slot)
{
	const size_t size = (size_t)(frames->image.width + 1) / 2 * 2;

	memcpy(slot + part->offset + row * size, bytes, size);
}

static enum frames_result add_chroma(struct frames *frames, const size_t strides[FRAMES_PARTS])
{
	const struct vitrine_image *image = &frames->image;
	const uint32_t half = (image->width + 1) / 2;
	const size_t plane = (size_t)half * ((image->height + 1) / 2);
	struct frames_part part = {
		.row_bytes = (image->width + frames->chroma_x - 1) / frames->chroma_x,
		.rows = (image->height + frames->chroma_y - 1) / frames->chroma_y,
		.offset = (size_t)image->pitch * image->height,
		.put = put_chroma,
	};

	part.row_bytes *= frames->bits > 8 ? 2 : 1;
	if (image->format == VITRINE_NV12) {
		part.row_bytes = (size_t)half * 2;
		part.put = put_pairs;
	}
	if (strides[1] > part.row_bytes)
		part.row_bytes = strides[1];
	if (frames->sums == NULL)
		frames->sums = calloc(half, sizeof(*frames->sums));
	if (frames->sums == NULL)
		return frames_refuse(frames, _("needs more memory than is available"));
	if (frames_add_part(frames, &part) != FRAMES_OK)
		return FRAMES_BAD;
	part.offset += plane;
	return image->format == VITRINE_NV12 ? FRAMES_OK : frames_add_part(frames, &part);
}

enum frames_result frames_add_planes(struct frames *frames, const size_t strides[FRAMES_PARTS])
{
	const struct vitrine_image *image = &frames->image;
	const size_t wide = frames->bits > 8 ? 2 : 1;
	const bool has_chroma = frames->chroma_x != 0;
	const bool is_as_read = wide == 1 && strides[0] == 0 &&
				(!has_chroma || frames->chroma_x * frames->chroma_y == 4);
	struct frames_part part = {.row_bytes = (size_t)image->size, .rows = 1};

	if (is_as_read)
		return frames_add_part(frames, &part);
	part = (struct frames_part){
		.row_bytes = image->width * wide, .rows = image->height, .put = put_luma};
	if (strides[0] > part.row_bytes)
		part.row_bytes = strides[0];
	if (frames_add_part(frames, &part) != FRAMES_OK)
		return FRAMES_BAD;
	return has_chroma ? add_chroma(frames, strides) : FRAMES_OK;
}

/* ---- the range ------------------------------------------------------------------------------- */

/* Maps 0 … 255 to `low` … `low` + `span`, or back. */
static void fill_table(uint8_t table[256], unsigned low, unsigned span, bool widens)
{
	for (unsigned i = 0; i < 256; i++) {
		unsigned inside = i < low ? 0 : i > low + span ? span : i - low;

		table[i] = (uint8_t)(widens ? (inside * 255 + span / 2) / span
					    : low + (i * span + 127) / 255);
	}
}

static void translate(const uint8_t table[256], uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = table[bytes[i]];
}

static void change_range(struct frames *frames, uint8_t *slot, size_t luma)
{
	const struct vitrine_image *image = &frames->image;
	const bool is_grey = image->format == VITRINE_R8;

	if (frames->is_full == is_grey)
		return;
	fill_table(frames->table, 16, 219, is_grey);
	translate(frames->table, slot, luma);
	fill_table(frames->table, 16, 224, false);
	translate(frames->table, slot + luma, (size_t)image->size - luma);
}

/* ---- the matrix ------------------------------------------------------------------------------ */

/* The weights of red and blue in luma, which define a matrix. */
struct weights {
	double red, blue;
};

static const struct weights weights_of[] = {
	[FRAMES_BT601] = {0.299, 0.114},
	[FRAMES_BT709] = {0.2126, 0.0722},
	[FRAMES_BT2020] = {0.2627, 0.0593},
};

/* Luma, Cb and Cr change linearly with Cb and Cr: their coefficients, in units of 1/65536. */
struct change {
	int32_t luma[2], cb[2], cr[2];
};

/*
 * Takes the colour that Cb or Cr alone produces, and computes its components in the other matrix.
 */
static void change_one(struct change *change, int i, struct weights from, struct weights to)
{
	const double cb = i == 0 ? 1 : 0;
	const double cr = 1 - cb;
	const double red = 2 * (1 - from.red) * cr;
	const double blue = 2 * (1 - from.blue) * cb;
	const double green = -(from.red * red + from.blue * blue) / (1 - from.red - from.blue);
	const double luma = to.red * red + to.blue * blue + (1 - to.red - to.blue) * green;

	change->luma[i] = (int32_t)lround(65536 * luma * 219 / 224);
	change->cb[i] = (int32_t)lround(65536 * (blue - luma) / (2 * (1 - to.blue)));
	change->cr[i] = (int32_t)lround(65536 * (red - luma) / (2 * (1 - to.red)));
}

static int32_t weigh(const int32_t parts[2], int32_t cb, int32_t cr)
{
	return (parts[0] * cb + parts[1] * cr + 32768) >> 16;
}

static uint8_t clamp(int32_t value)
{
	return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Converts the chroma at *u and *v, and the four pixels of luma at `luma` that it colours. */
static void change_four(const struct change *change, uint8_t *luma, size_t right, size_t down,
	uint8_t *u, uint8_t *v)
{
	const int32_t cb = *u - 128;
	const int32_t cr = *v - 128;
	const int32_t more = weigh(change->luma, cb, cr);

	*u = clamp(weigh(change->cb, cb, cr) + 128);
	*v = clamp(weigh(change->cr, cb, cr) + 128);
	if (more == 0)
		return;
	luma[0] = clamp(luma[0] + more);
	if (right != 0)
		luma[right] = clamp(luma[right] + more);
	if (down != 0)
		luma[down] = clamp(luma[down] + more);
	if (right != 0 && down != 0)
		luma[right + down] = clamp(luma[right + down] + more);
}

static void change_matrix(const struct frames *frames, uint8_t *slot, size_t luma)
{
	const struct vitrine_image *image = &frames->image;
	const bool is_nv12 = image->format == VITRINE_NV12;
	const uint32_t width = image->width;
	const size_t half = (width + 1) / 2;
	const size_t rows = (image->height + 1) / 2;
	const enum frames_matrix from = frames->options.matrix;
	const enum frames_matrix to = expand_has_bt709(image->height) ? FRAMES_BT709 : FRAMES_BT601;
	struct change change;

	if (from == FRAMES_OWN_MATRIX || from == to || image->format == VITRINE_R8)
		return;
	for (int i = 0; i < 2; i++)
		change_one(&change, i, weights_of[from], weights_of[to]);
	for (size_t y = 0; y < rows; y++)
		for (size_t x = 0; x < half; x++) {
			uint8_t *u = slot + luma + (is_nv12 ? 2 * (y * half + x) : y * half + x);
			uint8_t *v = u + (is_nv12 ? 1 : half * rows);

			change_four(&change, slot + 2 * y * width + 2 * x,
				2 * x + 1 < width ? 1 : 0, 2 * y + 1 < image->height ? width : 0, u,
				v);
		}
}

void frames_finish_yuv(struct frames *frames, uint8_t *slot)
{
	const struct vitrine_image *image = &frames->image;
	const size_t luma = (size_t)image->pitch * image->height;

	change_range(frames, slot, luma);
	change_matrix(frames, slot, luma);
}
