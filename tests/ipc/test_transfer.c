/*
 * test_transfer.c - compares vitrine_store() and vitrine_load() with a reference that converts one
 * component at a time: every format, type and range, odd sizes, rows with gaps and upside down,
 * parts of an image, and invalid arguments. Checks that only the pixels are written.
 */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t packed[] = {VITRINE_R8, VITRINE_BG24, VITRINE_RG24, VITRINE_XB24,
	VITRINE_XR24, VITRINE_AB24, VITRINE_AR24};
enum { PACKED = 7, TYPES = 4, GUARD = 0xa5 };

/* ---- the reference --------------------------------------------------------------------------- */

/* Which component of a pixel is red, green, blue and alpha; -1: none. */
struct places {
	int components, at[4];
};

static struct places places_of(uint32_t format)
{
	switch (format) {
	case VITRINE_R8: return (struct places){1, {0, 0, 0, -1}};
	case VITRINE_BG24: return (struct places){3, {0, 1, 2, -1}};
	case VITRINE_RG24: return (struct places){3, {2, 1, 0, -1}};
	case VITRINE_XB24: return (struct places){4, {0, 1, 2, -1}};
	case VITRINE_XR24: return (struct places){4, {2, 1, 0, -1}};
	case VITRINE_AB24: return (struct places){4, {0, 1, 2, 3}};
	default: return (struct places){4, {2, 1, 0, 3}};
	}
}

static size_t type_bytes(uint32_t type)
{
	static const size_t bytes[] = {1, 2, 4, 8};

	return bytes[type];
}

struct colour {
	int part[4]; /* red, green, blue, alpha */
};

static struct colour colour_of(const uint8_t *pixel, uint32_t format)
{
	const struct places places = places_of(format);
	struct colour colour;

	for (int i = 0; i < 4; i++)
		colour.part[i] = places.at[i] < 0 ? 255 : pixel[places.at[i]];
	return colour;
}

/* Converts a pixel from one format to another. */
static void reorder(uint8_t *to, uint32_t to_format, const uint8_t *from, uint32_t from_format)
{
	const struct places places = places_of(to_format);
	const struct colour colour = colour_of(from, from_format);
	const int grey =
		(colour.part[0] * 19595 + colour.part[1] * 38470 + colour.part[2] * 7471 + 32768) /
		65536;

	for (int i = 0; i < places.components; i++)
		to[i] = 255; /* of the fourth, which means nothing */
	for (int i = 0; i < 4; i++)
		if (places.at[i] >= 0)
			to[places.at[i]] =
				(uint8_t)(places.components == 1 ? grey : colour.part[i]);
}

/* ---- a program's array ----------------------------------------------------------------------- */

struct canvas {
	struct vitrine_array array;
	size_t components, type; /* bytes */
	uint8_t *memory;
	size_t size;
};

static size_t row_bytes(const struct canvas *canvas)
{
	return canvas->array.width * canvas->components * canvas->type;
}

/* Makes an array with `gap` bytes after each row, filled with GUARD. The caller frees it. */
static struct canvas canvas_of(uint32_t width, uint32_t height, uint32_t format, uint32_t type,
	size_t gap, bool upside_down)
{
	struct canvas canvas = {
		.array = {.width = width, .height = height, .format = format, .type = type},
		.components = (size_t)places_of(format).components,
		.type = type_bytes(type),
	};
	const size_t stride = row_bytes(&canvas) + gap * canvas.type;

	canvas.size = stride * height;
	canvas.memory = malloc(canvas.size);
	must(canvas.memory != NULL);
	memset(canvas.memory, GUARD, canvas.size);
	canvas.array.data = canvas.memory + (upside_down ? stride * (height - 1) : 0);
	canvas.array.stride = upside_down ? -(int64_t)stride : (int64_t)stride;
	return canvas;
}

static uint8_t *component_at(const struct canvas *canvas, uint32_t x, uint32_t y, size_t component)
{
	return (uint8_t *)canvas->array.data + (int64_t)y * canvas->array.stride +
	       (x * canvas->components + component) * canvas->type;
}

static double number_at(const struct canvas *canvas, uint32_t x, uint32_t y, size_t component)
{
	const uint8_t *at = component_at(canvas, x, y, component);
	uint16_t word;
	float single;
	double number;

	switch (canvas->array.type) {
	case VITRINE_UINT8: return *at;
	case VITRINE_UINT16: memcpy(&word, at, 2); return word;
	case VITRINE_FLOAT32: memcpy(&single, at, 4); return (double)single;
	default: memcpy(&number, at, 8); return number;
	}
}

static void put_number(const struct canvas *canvas, uint32_t x, uint32_t y, size_t component,
	double number)
{
	uint8_t *at = component_at(canvas, x, y, component);
	const float single = (float)number;
	uint16_t word;

	switch (canvas->array.type) {
	case VITRINE_UINT8: *at = (uint8_t)(int)number; break;
	case VITRINE_UINT16:
		word = (uint16_t)(int)number;
		memcpy(at, &word, 2);
		break;
	case VITRINE_FLOAT32: memcpy(at, &single, 4); break;
	default: memcpy(at, &number, 8);
	}
}

/* Checks that the bytes between the rows are unchanged. */
static void gaps_are_untouched(const struct canvas *canvas)
{
	const size_t stride = canvas->size / canvas->array.height;

	for (size_t y = 0; y < canvas->array.height; y++)
		for (size_t at = row_bytes(canvas); at < stride; at++)
			must_equal(canvas->memory[y * stride + at], GUARD);
}

/* ---- an image -------------------------------------------------------------------------------- */

static uint32_t random_state = 1;

static uint32_t any(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

/*
 * Makes an image with `gap` more bytes in each row and random contents. The caller frees
 * image->data.
 */
static struct vitrine_image image_of(uint32_t width, uint32_t height, uint32_t format, uint32_t gap)
{
	struct vitrine_image image;
	uint8_t *data;

	must_equal(vitrine_pixels(&image, "x", width, height, format), VITRINE_OK);
	image.pitch += gap;
	if (gap > 0)
		image.size += ((uint64_t)gap + 1) * height * 2; /* chroma has gaps, too */
	data = malloc((size_t)image.size);
	must(data != NULL);
	for (uint64_t i = 0; i < image.size; i++)
		data[i] = (uint8_t)any(256);
	image.data = data;
	return image;
}

static uint8_t *data_of(const struct vitrine_image *image)
{
	return (uint8_t *)(uintptr_t)image->data;
}

/* ---- packed formats -------------------------------------------------------------------------- */

/* The number that corresponds to a byte. */
static double number_of(const struct canvas *canvas, uint8_t byte)
{
	static const double most[] = {255, 65535, 1, 1};
	const struct vitrine_array *array = &canvas->array;
	const bool is_own = array->low == 0 && array->high == 0;
	const double high = is_own ? most[array->type] : array->high;

	return array->low + byte * (high - array->low) / 255;
}

/*
 * Fills the array with numbers that correspond to random bytes, and returns these bytes. The caller
 * frees them.
 */
static uint8_t *fill(const struct canvas *canvas)
{
	const struct vitrine_array *array = &canvas->array;
	const bool is_float = array->type >= VITRINE_FLOAT32;
	uint8_t *bytes = malloc(array->width * array->height * canvas->components);
	size_t at = 0;

	must(bytes != NULL);
	for (uint32_t y = 0; y < array->height; y++)
		for (uint32_t x = 0; x < array->width; x++)
			for (size_t i = 0; i < canvas->components; i++, at++) {
				const double step = number_of(canvas, 1) - number_of(canvas, 0);
				double number;

				bytes[at] = (uint8_t)any(256);
				number = number_of(canvas, bytes[at]);
				if (is_float) /* anywhere between two roundings */
					number += step * ((int)any(99) - 49) / 100;
				else
					number = floor(number + 0.5);
				put_number(canvas, x, y, i, number);
			}
	return bytes;
}

static void stores(const struct canvas *canvas, const struct vitrine_image *image, uint32_t x0,
	uint32_t y0)
{
	const struct vitrine_array *array = &canvas->array;
	const size_t pixel = (size_t)places_of(image->format).components;
	uint8_t *bytes = fill(canvas);
	uint8_t *expected = malloc((size_t)image->size);

	memcpy(expected, image->data, (size_t)image->size);
	for (uint32_t y = 0; y < array->height; y++)
		for (uint32_t x = 0; x < array->width; x++) {
			const uint8_t *from =
				bytes + ((size_t)y * array->width + x) * canvas->components;
			uint8_t *to = expected + (size_t)(y0 + y) * image->pitch + (x0 + x) * pixel;

			if (array->format == image->format)
				memcpy(to, from, pixel);
			else
				reorder(to, image->format, from, array->format);
		}
	must_equal(vitrine_store(image, data_of(image), x0, y0, array), VITRINE_OK);
	must(memcmp(image->data, expected, (size_t)image->size) == 0);
	gaps_are_untouched(canvas);
	free(expected);
	free(bytes);
}

static void loads(const struct canvas *canvas, const struct vitrine_image *image, uint32_t x0,
	uint32_t y0)
{
	const struct vitrine_array *array = &canvas->array;
	const size_t pixel = (size_t)places_of(image->format).components;
	const bool is_float = array->type >= VITRINE_FLOAT32;

	must_equal(vitrine_load(image, x0, y0, array), VITRINE_OK);
	for (uint32_t y = 0; y < array->height; y++)
		for (uint32_t x = 0; x < array->width; x++) {
			const uint8_t *from =
				data_of(image) + (size_t)(y0 + y) * image->pitch + (x0 + x) * pixel;
			uint8_t wanted[4];

			if (array->format == image->format)
				memcpy(wanted, from, pixel);
			else
				reorder(wanted, array->format, from, image->format);
			for (size_t i = 0; i < canvas->components; i++) {
				const double number = number_of(canvas, wanted[i]);
				const double got = number_at(canvas, x, y, i);
				const double off = is_float ? fabs(number) * 1e-6 + 1e-6 : 0;

				must(fabs(got - (is_float ? number : floor(number + 0.5))) <= off);
			}
		}
	gaps_are_untouched(canvas);
}

/* Tests a whole image, and a part of a larger one. */
static void both_ways(uint32_t format, uint32_t other, uint32_t type, double low, double high)
{
	static const uint32_t sizes[][2] = {{1, 1}, {3, 2}, {1025, 2}};

	for (unsigned i = 0; i < 3 * 3; i++) {
		const uint32_t width = sizes[i / 3][0], height = sizes[i / 3][1];
		const bool is_part = i % 3 == 2;
		struct canvas canvas =
			canvas_of(width, height, other, type, i % 3 == 0 ? 0 : 3, i % 3 == 1);
		struct vitrine_image image = image_of(width + (is_part ? 5 : 0),
			height + (is_part ? 2 : 0), format, i % 3 == 0 ? 0 : 7);

		canvas.array.low = low;
		canvas.array.high = high;
		stores(&canvas, &image, is_part ? 3 : 0, is_part ? 1 : 0);
		loads(&canvas, &image, is_part ? 3 : 0, is_part ? 1 : 0);
		free(data_of(&image));
		free(canvas.memory);
	}
}

static void every_format_becomes_every_other(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PACKED * PACKED * TYPES; i++)
		both_ways(packed[i % PACKED], packed[i / PACKED % PACKED], i / PACKED / PACKED, 0,
			0);
}

static void ranges_may_be_given(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		const uint32_t format = i == 0 ? VITRINE_BG24 : VITRINE_AR24;

		both_ways(format, VITRINE_BG24, VITRINE_UINT16, 1000, 52000);
		both_ways(format, VITRINE_BG24, VITRINE_UINT16, 65535, 0); /* upside down */
		both_ways(format, VITRINE_BG24, VITRINE_FLOAT32, -5, 5);
		both_ways(format, VITRINE_BG24, VITRINE_FLOAT32, 1, 0);
		both_ways(format, VITRINE_BG24, VITRINE_FLOAT64, 1e12, 1e12 + 2550);
		both_ways(format, VITRINE_BG24, VITRINE_UINT8, 255, 0);
	}
}

static void numbers_are_rounded_and_clipped(void **state)
{
	static const struct {
		double number;
		uint8_t byte;
	} cases[] = {{-1, 0}, {-0.0, 0}, {0.5, 128}, {1, 255}, {1.001, 255}, {1e30, 255},
		{INFINITY, 255}, {-INFINITY, 0}, {NAN, 0}, {0.00195, 0}, {0.00197, 1}};
	enum { COUNT = 11 };

	(void)state;
	for (uint32_t type = VITRINE_FLOAT32; type <= VITRINE_FLOAT64; type++) {
		struct canvas canvas = canvas_of(COUNT, 1, VITRINE_R8, type, 0, false);
		struct vitrine_image image = image_of(COUNT, 1, VITRINE_R8, 0);

		for (uint32_t i = 0; i < COUNT; i++)
			put_number(&canvas, i, 0, 0, cases[i].number);
		must_equal(vitrine_store(&image, data_of(&image), 0, 0, &canvas.array), VITRINE_OK);
		for (uint32_t i = 0; i < COUNT; i++)
			must_equal(data_of(&image)[i], cases[i].byte);
		free(data_of(&image));
		free(canvas.memory);
	}
}

/* ---- YUV ------------------------------------------------------------------------------------- */

/* The definition of YUV: limited range, and the weights of red and blue in luma. */
static void colour_of_yuv(const int yuv[3], bool is_high, double rgb[3])
{
	const double red = is_high ? 0.2126 : 0.299, blue = is_high ? 0.0722 : 0.114;
	const double light = (yuv[0] - 16) * 255.0 / 219;
	const double cb = (yuv[1] - 128) * 255.0 / 224, cr = (yuv[2] - 128) * 255.0 / 224;

	rgb[0] = light + 2 * (1 - red) * cr;
	rgb[2] = light + 2 * (1 - blue) * cb;
	rgb[1] = light - (2 * red * (1 - red) * cr + 2 * blue * (1 - blue) * cb) / (1 - red - blue);
	for (int i = 0; i < 3; i++)
		rgb[i] = rgb[i] < 0 ? 0 : rgb[i] > 255 ? 255 : rgb[i];
}

/* Y, U and V of a pixel of NV12 or YU12. */
static void yuv_at(const struct vitrine_image *image, uint32_t x, uint32_t y, int yuv[3])
{
	const uint8_t *data = image->data;
	const size_t half = (image->pitch + 1) / 2;
	const uint8_t *planes = data + (size_t)image->pitch * image->height;

	yuv[0] = data[(size_t)image->pitch * y + x];
	if (image->format == VITRINE_NV12) {
		yuv[1] = planes[y / 2 * (2 * half) + x / 2 * 2];
		yuv[2] = planes[y / 2 * (2 * half) + x / 2 * 2 + 1];
	} else {
		yuv[1] = planes[y / 2 * half + x / 2];
		yuv[2] = planes[half * ((image->height + 1) / 2) + y / 2 * half + x / 2];
	}
}

static void is_near(const struct canvas *canvas, uint32_t x, uint32_t y, const int yuv[3],
	bool is_high)
{
	const struct places places = places_of(canvas->array.format);
	double rgb[3];

	colour_of_yuv((const int[]){yuv[0], places.components == 1 ? 128 : yuv[1],
			      places.components == 1 ? 128 : yuv[2]},
		is_high, rgb);
	for (int i = 0; i < 3; i++) {
		double got = number_at(canvas, x, y, (size_t)places.at[i]);

		must(fabs((canvas->array.type == VITRINE_FLOAT32 ? got * 255 : got) - rgb[i]) <
			0.51);
	}
}

static void video_becomes_colours(void **state)
{
	static const uint32_t sizes[][2] = {{1, 1}, {5, 3}, {1029, 3}, {6, 721}};
	static const uint32_t formats[] = {VITRINE_NV12, VITRINE_YU12};

	(void)state;
	for (unsigned i = 0; i < 4 * 2 * PACKED * 2; i++) {
		const uint32_t *size = sizes[i % 4];
		struct vitrine_image image = image_of(size[0], size[1], formats[i / 4 % 2], i % 3);
		/* The whole image, and a part from an odd column and row on. */
		const uint32_t from = i / 8 / PACKED == 1 && size[0] > 1 ? 1 : 0;
		struct canvas canvas =
			canvas_of(size[0] - from, size[1] - from, packed[i / 8 % PACKED],
				i % 5 == 0 ? VITRINE_FLOAT32 : VITRINE_UINT8, i % 2, false);
		int yuv[3];

		must_equal(vitrine_load(&image, from, from, &canvas.array), VITRINE_OK);
		for (uint32_t y = from; y < size[1]; y++)
			for (uint32_t x = from; x < size[0]; x++) {
				yuv_at(&image, x, y, yuv);
				is_near(&canvas, x - from, y - from, yuv, size[1] >= 720);
			}
		gaps_are_untouched(&canvas);
		free(data_of(&image));
		free(canvas.memory);
	}
}

/* Makes a frame of YUYV or UYVY; the caller frees its memory. */
static struct vitrine_array camera_frame(uint32_t width, uint32_t height, uint32_t format)
{
	const size_t stride = (size_t)(width + 1) / 2 * 4;
	uint8_t *memory = malloc(stride * height);

	must(memory != NULL);
	for (size_t i = 0; i < stride * height; i++)
		memory[i] = (uint8_t)any(256);
	return (struct vitrine_array){.data = memory,
		.stride = (int64_t)stride,
		.width = width,
		.height = height,
		.format = format};
}

static void camera_yuv(const struct vitrine_array *frame, uint32_t x, uint32_t y, int yuv[3])
{
	const uint8_t *pair = (const uint8_t *)frame->data + (int64_t)y * frame->stride + x / 2 * 4;
	const int first = frame->format == VITRINE_UYVY ? 1 : 0;

	yuv[0] = pair[first + (int)(x % 2) * 2];
	yuv[1] = pair[1 - first];
	yuv[2] = pair[3 - first];
}

static void cameras_become_colours(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * PACKED; i++) {
		struct vitrine_array frame =
			camera_frame(1027, 3, i % 2 == 0 ? VITRINE_YUYV : VITRINE_UYVY);
		struct vitrine_image image = image_of(1030, 5, packed[i / 2], 3);
		struct canvas canvas = {
			.array = {data_of(&image), image.pitch, 1030, 5, image.format,
				VITRINE_UINT8, 0, 0},
			.components = (size_t)places_of(image.format).components,
			.type = 1,
		};
		int yuv[3];

		must_equal(vitrine_store(&image, data_of(&image), 3, 1, &frame), VITRINE_OK);
		for (uint32_t y = 0; y < frame.height; y++)
			for (uint32_t x = 0; x < frame.width; x++) {
				camera_yuv(&frame, x, y, yuv);
				is_near(&canvas, x + 3, y + 1, yuv, false);
			}
		free(data_of(&image));
		free(frame.data);
	}
}

static void cameras_become_planes(void **state)
{
	static const uint32_t formats[] = {VITRINE_NV12, VITRINE_YU12};

	(void)state;
	for (unsigned i = 0; i < 2 * 2; i++) {
		struct vitrine_array frame =
			camera_frame(7, 5, i % 2 == 0 ? VITRINE_YUYV : VITRINE_UYVY);
		struct vitrine_image image = image_of(7, 5, formats[i / 2], i);
		int wanted[3], below[3], got[3];

		must_equal(vitrine_store(&image, data_of(&image), 0, 0, &frame), VITRINE_OK);
		for (uint32_t y = 0; y < 5; y++)
			for (uint32_t x = 0; x < 7; x++) {
				const uint32_t pair = y / 2 * 2;

				camera_yuv(&frame, x, y, wanted);
				yuv_at(&image, x, y, got);
				must_equal(got[0], wanted[0]);
				camera_yuv(&frame, x, pair, wanted);
				camera_yuv(&frame, x, pair + 1 < 5 ? pair + 1 : pair, below);
				must_equal(got[1], (wanted[1] + below[1] + 1) / 2);
				must_equal(got[2], (wanted[2] + below[2] + 1) / 2);
			}
		free(data_of(&image));
		free(frame.data);
	}
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void refuses(const struct vitrine_image *image, uint32_t x, uint32_t y,
	const struct vitrine_array *array)
{
	must_equal(vitrine_store(image, data_of(image), x, y, array), VITRINE_EINVAL);
	must_equal(vitrine_load(image, x, y, array), VITRINE_EINVAL);
}

static void hostile_arguments_are_refused(void **state)
{
	struct vitrine_image image = image_of(4, 3, VITRINE_BG24, 0), other;
	uint8_t bytes[64] = {0};
	const struct vitrine_array good = {
		.data = bytes, .stride = 12, .width = 4, .height = 3, .format = VITRINE_BG24};
	struct vitrine_array bad;

	(void)state;
	must_equal(vitrine_store(&image, data_of(&image), 0, 0, &good), VITRINE_OK);
	must_equal(vitrine_store(&image, NULL, 0, 0, &good), VITRINE_EINVAL);
	must_equal(vitrine_store(NULL, bytes, 0, 0, &good), VITRINE_EINVAL);
	must_equal(vitrine_load(NULL, 0, 0, &good), VITRINE_EINVAL);
	refuses(&image, 0, 0, NULL);
	refuses(&image, 1, 0, &good);
	refuses(&image, 0, 1, &good);
	refuses(&image, UINT32_MAX, UINT32_MAX, &good);
#define WITH(...) (bad = good, __VA_ARGS__, refuses(&image, 0, 0, &bad))
	WITH(bad.data = NULL);
	WITH(bad.width = 0);
	WITH(bad.height = 0);
	WITH(bad.width = UINT32_MAX);
	WITH(bad.height = UINT32_MAX);
	WITH(bad.stride = 11);
	WITH(bad.stride = -11);
	WITH(bad.stride = 0);
	WITH(bad.format = VITRINE_NV12);
	WITH(bad.format = 0);
	WITH(bad.type = VITRINE_FLOAT64 + 1);
	WITH(bad.type = VITRINE_UINT16); /* the stride is of bytes */
	WITH(bad.low = 3, bad.high = 3);
	WITH(bad.low = NAN);
	WITH(bad.high = INFINITY);
	WITH(bad.low = -1e308, bad.high = 1e308);
	WITH(bad.low = 0, bad.high = 1e-320);
	WITH(bad.format = VITRINE_YUYV, bad.type = VITRINE_FLOAT32);
#undef WITH
	bad = good;
	bad.stride = INT64_MIN; /* of one row it does not matter */
	bad.height = 1;
	must_equal(vitrine_store(&image, data_of(&image), 0, 0, &bad), VITRINE_OK);
	bad.format = VITRINE_YUYV;
	must_equal(vitrine_load(&image, 0, 0, &bad), VITRINE_EINVAL);
	for (int i = 0; i < 4; i++) {
		other = image;
		other.pitch -= i == 0;
		other.size -= i == 1;
		other.kind = i == 2 ? VITRINE_FILE : VITRINE_PIXELS;
		other.format = i == 3 ? VITRINE_YUYV : VITRINE_BG24;
		refuses(&other, 0, 0, &good);
	}
	free(data_of(&image));
	image = image_of(4, 4, VITRINE_YU12, 0);
	must_equal(vitrine_store(&image, data_of(&image), 0, 0, &good), VITRINE_EINVAL);
	bad = good;
	bad.format = VITRINE_UYVY;
	bad.width = 2;
	must_equal(vitrine_store(&image, data_of(&image), 1, 0, &bad), VITRINE_EINVAL);
	must_equal(vitrine_store(&image, data_of(&image), 2, 1, &bad), VITRINE_OK);
	free(data_of(&image));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_becomes_every_other),
		cmocka_unit_test(ranges_may_be_given),
		cmocka_unit_test(numbers_are_rounded_and_clipped),
		cmocka_unit_test(video_becomes_colours),
		cmocka_unit_test(cameras_become_colours),
		cmocka_unit_test(cameras_become_planes),
		cmocka_unit_test(hostile_arguments_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
