/* anymap.c - reads files of PBM, PGM, PPM and PAM: common/image/pnm.c for the decoder. */
#include <stdlib.h>

#include "pnm.h"
#include "reader.h"
#include "translatable.h"

struct file {
	const uint8_t *at;
	const uint8_t *end;
};

static int next_byte(void *data)
{
	struct file *file = data;

	return file->at < file->end ? *file->at++ : -1;
}

/* Reads the next row. */
static enum pnm_result read_row(struct pnm *pnm, struct file *file, uint8_t *row)
{
	const struct pnm_input input = {next_byte, file};
	size_t size;

	if (pnm->is_text)
		return pnm_read_text(pnm, &input, row);
	size = pnm_row_bytes(pnm);
	if ((size_t)(file->end - file->at) < size)
		return PNM_END;
	pnm_convert(pnm, file->at, row);
	file->at += size;
	return PNM_OK;
}

/* Packs pixels of 1, 3 or 4 bytes into words 0xAARRGGBB. */
static void pack(const uint8_t *at, uint32_t pixel, uint32_t count, uint32_t *words)
{
	for (uint32_t x = 0; x < count; x++, at += pixel) {
		const uint32_t green = at[pixel > 1 ? 1 : 0];
		const uint32_t blue = at[pixel > 1 ? 2 : 0];
		const uint32_t alpha = pixel == 4 ? at[3] : 255;

		words[x] = alpha << 24 | (uint32_t)at[0] << 16 | green << 8 | blue;
	}
}

static void read_rows(struct pnm *pnm, struct file *file, const struct reading *reading,
	uint8_t *row, uint32_t *words)
{
	enum pnm_result result = PNM_OK;
	char why[TEXT_REASON_MAX];
	uint32_t y = 0;

	while (y < pnm->height && (result = read_row(pnm, file, row)) == PNM_OK) {
		pack(row, pnm_pixel_bytes(pnm), pnm->width, words);
		reading_put_rows(reading, words, pnm->width, pnm->width, 1);
		y++;
	}
	if (y < pnm->height)
		reading_put_grey(reading, pnm->width, pnm->height - y);
	if (result == PNM_END)
		reading_note_incomplete(reading);
	else if (result == PNM_BAD)
		reading_note_damaged(reading,
			translatable_translate(why, sizeof(why), pnm->reason));
}

bool pnm_read(const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	struct file file = {source->bytes, source->bytes + source->size};
	const struct pnm_input input = {next_byte, &file};
	enum pnm_result result;
	uint32_t *words;
	uint8_t *row;
	struct pnm pnm;

	next_byte(&file); /* P */
	result = pnm_begin(&pnm, (char)next_byte(&file), &input);
	if (result == PNM_END)
		return reading_fail_cut(reading);
	if (result == PNM_BAD)
		return reading_fail(reading, pnm.reason);
	if (!reading_begin(reading, pnm.width, pnm.height, 1))
		return false;
	row = malloc((size_t)pnm.width * 4);
	words = malloc((size_t)pnm.width * 4);
	if (row != NULL && words != NULL)
		read_rows(&pnm, &file, reading, row, words);
	else
		result = PNM_BAD;
	free(words);
	free(row);
	return result == PNM_OK || reading_fail_memory(reading);
}
