/*
 * pixel_rows.h - conversions of a row of pixels: between packed formats, between bytes and wider
 * numbers, and from YUV to colours. The functions write only to *to; the caller has checked every
 * argument.
 */
#ifndef VITRINE_IPC_PIXEL_ROWS_H
#define VITRINE_IPC_PIXEL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes per pixel of a packed format (R8, BG24, XR24 …): 1, 3 or 4; 0: another format. */
unsigned rows_pixel_bytes(uint32_t format);

/* The size of an enum vitrine_type in bytes; 0: no such type. */
size_t rows_type_bytes(uint32_t type);

/*
 * Converts `count` pixels from one packed format to another. A missing alpha becomes 255; grey is
 * the luma of BT.601. `to` and `from` must not overlap.
 */
void rows_reorder(uint8_t *to, uint32_t to_format, const uint8_t *from, uint32_t from_format,
	size_t count);

/* The type of an array's numbers, and the values that correspond to the bytes 0 and 255. */
struct rows_numbers {
	uint32_t type; /* enum vitrine_type */
	double low, high;
	bool is_default_range; /* no low and high: uint8 unchanged, uint16 by its high byte */
};

/* Converts `count` numbers to bytes: rounded, clipped, NaN becomes 0. */
void rows_narrow(uint8_t *to, const void *from, size_t count, const struct rows_numbers *numbers);

/* Converts `count` bytes to numbers. */
void rows_widen(void *to, const uint8_t *from, size_t count, const struct rows_numbers *numbers);

/* True if an image of this height uses the matrix of BT.709; otherwise it uses that of BT.601. */
bool rows_have_bt709(uint32_t height);

/*
 * The location of a row of YUV. The first pixel is the left one of a pair that shares its chroma.
 */
struct rows_yuv {
	const uint8_t *luma, *u, *v;
	const uint8_t *below; /* luma of the row below, if it has the same chroma; or NULL */
	size_t luma_step, chroma_step; /* bytes from one sample to the next */
	bool has_bt709;                /* the matrix; see rows_have_bt709() */
};

/*
 * Converts `count` limited-range pixels to a packed format other than R8 and writes them to to[0].
 * If yuv->below is set, also converts the pixels below them and writes those to to[1].
 */
void rows_colour(uint8_t *const to[], uint32_t format, const struct rows_yuv *yuv, size_t count);

/* Converts the luma of `count` pixels to full-range grey. */
void rows_grey(uint8_t *to, const struct rows_yuv *yuv, size_t count);

#endif
