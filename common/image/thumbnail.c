/*
 * thumbnail.c - see thumbnail.h. All weights are exact: if a source pixel is `to` units wide, then
 * a pixel of the result is `from` units wide, and every overlap is a whole number. Sums are divided
 * once, at the end.
 */
#include "thumbnail.h"

#include <stdlib.h>

#include "expand.h"
#include "vitrine.h"

/* The sums for one pixel of the result: colours (weighted by alpha if there is one), and alpha. */
struct sum {
	uint64_t channel[4];
};

struct scale {
	const struct pixels *from;
	uint32_t width; /* of the result */
	uint32_t height;
	bool alpha;
	struct sum *row;      /* one row of the source, averaged to `width` */
	struct sum *gathered; /* the sums of the current row of the result */
	uint32_t *expanded;   /* a source row as XR24; NULL: it has four bytes per pixel */
};

void thumbnail_fit(uint32_t width, uint32_t height, uint32_t box_width, uint32_t box_height,
	uint32_t *fit_width, uint32_t *fit_height)
{
	uint64_t w = width;
	uint64_t h = height;

	if (w > box_width) {
		h = (h * box_width + w / 2) / w;
		w = box_width;
	}
	if (h > box_height) {
		w = ((uint64_t)width * box_height + height / 2) / height;
		h = box_height;
	}
	*fit_width = w > 0 ? (uint32_t)w : 1;
	*fit_height = h > 0 ? (uint32_t)h : 1;
}

static void add_pixel(struct sum *sum, const uint8_t *pixel, bool alpha, uint64_t weight)
{
	uint64_t share = alpha ? weight * pixel[3] : weight;

	sum->channel[0] += share * pixel[0];
	sum->channel[1] += share * pixel[1];
	sum->channel[2] += share * pixel[2];
	sum->channel[3] += share;
}

/* Adds pixels that are covered completely: no weights, and the sums fit into registers. */
static void add_run(struct sum *sum, const uint8_t *pixel, uint32_t count, bool alpha,
	uint64_t weight)
{
	while (count > 0) {
		uint32_t part = count < 65536 ? count : 65536; /* 65536 * 255 * 255 < 2^32 */
		uint32_t total[4] = {0};

		count -= part;
		if (!alpha) {
			for (uint32_t i = 0; i < part; i++, pixel += 4) {
				total[0] += pixel[0];
				total[1] += pixel[1];
				total[2] += pixel[2];
			}
			total[3] = part;
		} else {
			for (uint32_t i = 0; i < part; i++, pixel += 4) {
				total[0] += (uint32_t)pixel[0] * pixel[3];
				total[1] += (uint32_t)pixel[1] * pixel[3];
				total[2] += (uint32_t)pixel[2] * pixel[3];
				total[3] += pixel[3];
			}
		}
		for (int c = 0; c < 4; c++)
			sum->channel[c] += weight * total[c];
	}
}

/* Averages one row of the source sideways into scale->row. */
static void gather_row(const struct scale *scale, const uint8_t *pixels)
{
	uint64_t from = scale->from->width;
	uint64_t to = scale->width;

	for (uint64_t x = 0; x < to; x++) {
		struct sum *sum = &scale->row[x];
		uint64_t first = x * from / to;               /* the source pixel where it begins */
		uint64_t last = (x + 1) * from / to;          /* and where it ends */
		uint64_t before = x * from - first * to;      /* units of `first` left of it */
		uint64_t within = (x + 1) * from - last * to; /* units of `last` in it */

		*sum = (struct sum){0};
		if (before >
			0) /* last > first, as a result pixel is at least a source pixel wide */
			add_pixel(sum, pixels + 4 * first++, scale->alpha, to - before);
		add_run(sum, pixels + 4 * first, (uint32_t)(last - first), scale->alpha, to);
		if (within > 0)
			add_pixel(sum, pixels + 4 * last, scale->alpha, within);
	}
}

static void add_row(const struct scale *scale, uint64_t weight)
{
	for (uint32_t x = 0; x < scale->width; x++)
		for (int c = 0; c < 4; c++)
			scale->gathered[x].channel[c] += weight * scale->row[x].channel[c];
}

static uint8_t rounded(uint64_t sum, uint64_t area)
{
	return (uint8_t)((sum + area / 2) / area);
}

/* Divides the sums, writes the row, and begins the next one. */
static void finish_row(const struct scale *scale, uint8_t *to)
{
	uint64_t area = (uint64_t)scale->from->width * scale->from->height;

	for (uint32_t x = 0; x < scale->width; x++, to += 4) {
		struct sum *sum = &scale->gathered[x];
		uint64_t shown = sum->channel[3] > 0 ? sum->channel[3] : 1;

		for (int c = 0; c < 3; c++)
			to[c] = rounded(sum->channel[c], shown);
		to[3] = scale->alpha ? rounded(sum->channel[3], area) : 255;
		*sum = (struct sum){0};
	}
}

/* Row `y` of the source, four bytes per pixel. */
static const uint8_t *source_row(const struct scale *scale, uint32_t y)
{
	const struct pixels *from = scale->from;

	if (scale->expanded == NULL)
		return from->data + (size_t)y * from->pitch;
	expand_rows(from, 0, y, from->width, 1, scale->expanded);
	return (const uint8_t *)scale->expanded;
}

static void scale_rows(const struct scale *scale, uint8_t *to)
{
	uint64_t from = scale->from->height;
	uint64_t left = from; /* units that the row of the result still needs */

	for (uint64_t y = 0; y < from; y++) {
		uint64_t units = scale->height; /* of this row of the source */

		gather_row(scale, source_row(scale, (uint32_t)y));
		if (units >= left) {
			add_row(scale, left);
			finish_row(scale, to);
			to += (size_t)scale->width * 4;
			units -= left;
			left = from;
		}
		if (units > 0)
			add_row(scale, units);
		left -= units;
	}
}

bool thumbnail_scale(const struct pixels *from, uint32_t width, uint32_t height, uint8_t *to)
{
	bool alpha = from->format == VITRINE_AR24 || from->format == VITRINE_AB24;
	bool expands = expand_needed(from->format);
	bool known =
		alpha || expands || from->format == VITRINE_XR24 || from->format == VITRINE_XB24;

	/* 2^40 pixels: then no sum can be over 2^40 * 255 * 255 < 2^64. */
	if (!known || width == 0 || height == 0 || width > from->width || height > from->height ||
		(uint64_t)from->width * from->height > UINT64_C(1) << 40)
		return false;

	struct sum *sums = calloc((size_t)width * 2, sizeof(*sums));
	uint32_t *expanded = expands ? calloc(from->width, sizeof(*expanded)) : NULL;
	bool has_memory = sums != NULL && (!expands || expanded != NULL);
	struct scale scale = {
		.from = from,
		.width = width,
		.height = height,
		.alpha = alpha,
		.row = sums,
		.gathered = sums + width,
		.expanded = expanded,
	};
	if (has_memory)
		scale_rows(&scale, to);
	free(expanded);
	free(sums);
	return has_memory;
}

struct picture *thumbnail_of(struct picture *picture, uint32_t box_width, uint32_t box_height)
{
	struct pixels small = {.format = picture->pixels.format};

	thumbnail_fit(picture->pixels.width, picture->pixels.height, box_width, box_height,
		&small.width, &small.height);
	if (small.width == picture->pixels.width && small.height == picture->pixels.height)
		return picture_ref(picture);

	small.pitch = small.width * 4;
	uint8_t *memory = malloc((size_t)small.pitch * small.height);
	small.data = memory;
	if (memory == NULL ||
		!thumbnail_scale(&picture->pixels, small.width, small.height, memory)) {
		free(memory);
		return NULL;
	}
	struct picture *thumbnail = picture_new(&small, picture->path, memory, free);
	if (thumbnail == NULL) {
		free(memory);
		return NULL;
	}
	thumbnail->width = picture->width;
	thumbnail->height = picture->height;
	thumbnail->file_size = picture->file_size;
	thumbnail->mtime = picture->mtime;
	thumbnail->frames = picture->frames;
	thumbnail->is_damaged = picture->is_damaged;
	for (int i = 0; i < PICTURE_NOTE_MAX; i++)
		thumbnail->note[i] = picture->note[i];
	return thumbnail;
}
