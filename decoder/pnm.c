/*
 * pnm.c - the portable anymaps as files: P1 to P6, and PAM (P7), with a largest value of up to
 * 65535. All bytes are in memory; an invalid number ends the parsing.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

#define SIDE_MOST (1u << 24)

struct pnm {
	const uint8_t *at;
	const uint8_t *end;
	uint32_t width, height;
	uint32_t depth; /* samples a pixel: grey; grey, alpha; RGB; RGB, alpha */
	uint32_t most;  /* a sample's largest value */
	bool is_plain;  /* samples are decimal numbers */
	bool is_bitmap; /* a sample is a bit: 1 is black */
	bool is_at_end; /* a sample was missing */
};

/* ---- the header ------------------------------------------------------------------------------------ */

static void skip_blank(struct pnm *pnm)
{
	while (pnm->at < pnm->end && (isspace(*pnm->at) || *pnm->at == '#')) {
		if (*pnm->at == '#')
			while (pnm->at < pnm->end && *pnm->at != '\n')
				pnm->at++;
		else
			pnm->at++;
	}
}

/* The next number; false: there is none, or it is beyond `most`. */
static bool read_number(struct pnm *pnm, uint32_t most, uint32_t *number)
{
	skip_blank(pnm);
	if (pnm->at >= pnm->end || !isdigit(*pnm->at))
		return false;
	for (*number = 0; pnm->at < pnm->end && isdigit(*pnm->at); pnm->at++) {
		*number = *number * 10 + (uint32_t)(*pnm->at - '0');
		if (*number > most)
			return false;
	}
	return true;
}

static bool read_pnm_header(struct pnm *pnm)
{
	const uint32_t digit = pnm->at[1] - (uint32_t)'0';

	pnm->is_plain = digit <= 3;
	pnm->is_bitmap = digit == 1 || digit == 4;
	pnm->depth = digit == 3 || digit == 6 ? 3 : 1;
	pnm->most = 1;
	pnm->at += 2;
	if (!read_number(pnm, SIDE_MOST, &pnm->width) || !read_number(pnm, SIDE_MOST, &pnm->height))
		return false;
	if (!pnm->is_bitmap && !read_number(pnm, 65535, &pnm->most))
		return false;
	pnm->at += pnm->at < pnm->end; /* one white space */
	return pnm->most > 0;
}

/* Whether the next word is this one; if so, skips it. */
static bool takes_word(struct pnm *pnm, const char *word)
{
	const size_t length = strlen(word);

	if ((size_t)(pnm->end - pnm->at) <= length || memcmp(pnm->at, word, length) != 0 ||
		!isspace(pnm->at[length]))
		return false;
	pnm->at += length;
	return true;
}

static bool read_pam_header(struct pnm *pnm)
{
	pnm->at += 2;
	for (int line = 0; line < 100; line++) {
		skip_blank(pnm);
		bool is_good = true;
		if (takes_word(pnm, "ENDHDR"))
			break;
		if (takes_word(pnm, "WIDTH"))
			is_good = read_number(pnm, SIDE_MOST, &pnm->width);
		else if (takes_word(pnm, "HEIGHT"))
			is_good = read_number(pnm, SIDE_MOST, &pnm->height);
		else if (takes_word(pnm, "DEPTH"))
			is_good = read_number(pnm, 4, &pnm->depth);
		else if (takes_word(pnm, "MAXVAL"))
			is_good = read_number(pnm, 65535, &pnm->most);
		else /* DEPTH already says what TUPLTYPE does */
			while (pnm->at < pnm->end && *pnm->at != '\n')
				pnm->at++;
		if (!is_good)
			return false;
	}
	while (pnm->at < pnm->end && *pnm->at != '\n')
		pnm->at++;
	pnm->at += pnm->at < pnm->end;
	return pnm->depth > 0 && pnm->most > 0;
}

/* ---- the pixels ------------------------------------------------------------------------------------ */

static uint32_t scale(const struct pnm *pnm, uint32_t value)
{
	return value >= pnm->most ? 255 : (value * 255 + pnm->most / 2) / pnm->most;
}

/* A sample in a text file; in a bitmap, digits may follow each other directly. */
static uint32_t plain_sample(struct pnm *pnm)
{
	uint32_t value = 0;

	skip_blank(pnm);
	if (pnm->at >= pnm->end || !isdigit(*pnm->at)) {
		pnm->is_at_end = true;
		return 0;
	}
	if (pnm->is_bitmap)
		return *pnm->at++ == '0' ? 255 : 0;
	if (!read_number(pnm, 65535, &value))
		pnm->is_at_end = true;
	return scale(pnm, value);
}

static uint32_t binary_sample(struct pnm *pnm)
{
	const bool is_wide = pnm->most > 255;
	uint32_t value = *pnm->at++;

	if (is_wide)
		value = value << 8 | *pnm->at++;
	return scale(pnm, value);
}

static uint32_t pixel_of(const uint32_t samples[4], uint32_t depth)
{
	const bool is_grey = depth <= 2;
	const uint32_t alpha = depth == 2 ? samples[1] : depth == 4 ? samples[3] : 255;
	const uint32_t green = is_grey ? samples[0] : samples[1];
	const uint32_t blue = is_grey ? samples[0] : samples[2];

	return alpha << 24 | samples[0] << 16 | green << 8 | blue;
}

static void read_row(struct pnm *pnm, uint32_t *to)
{
	uint32_t samples[4];

	for (uint32_t x = 0; x < pnm->width; x++) {
		for (uint32_t i = 0; i < pnm->depth; i++)
			samples[i] = pnm->is_plain ? plain_sample(pnm) : binary_sample(pnm);
		to[x] = pixel_of(samples, pnm->depth);
	}
}

/* Eight pixels a byte. */
static void read_bits(struct pnm *pnm, uint32_t *to)
{
	for (uint32_t x = 0; x < pnm->width; x++)
		to[x] = (pnm->at[x / 8] << x % 8 & 0x80) != 0 ? UINT32_C(0xff000000)
							      : UINT32_C(0xffffffff);
	pnm->at += (pnm->width + 7) / 8;
}

/* false: the file ends before it. */
static bool next_row(struct pnm *pnm, uint32_t *to)
{
	const size_t sample = pnm->most > 255 ? 2 : 1;
	const size_t row = pnm->is_bitmap ? ((size_t)pnm->width + 7) / 8
					  : (size_t)pnm->width * pnm->depth * sample;

	if (!pnm->is_plain && (size_t)(pnm->end - pnm->at) < row)
		return false;
	if (pnm->is_bitmap && !pnm->is_plain)
		read_bits(pnm, to);
	else
		read_row(pnm, to);
	return !pnm->is_at_end;
}

static void read_rows(struct pnm *pnm, const struct reading *reading)
{
	uint32_t *row = malloc((size_t)pnm->width * 4);

	for (uint32_t y = 0; y < pnm->height; y++) {
		if (row == NULL || !next_row(pnm, row)) {
			reading_put_grey(reading, pnm->width, pnm->height - y);
			reading_note_incomplete(reading);
			break;
		}
		reading_put_rows(reading, row, pnm->width, pnm->width, 1);
	}
	free(row);
}

bool pnm_read(const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	struct pnm pnm = {.at = source->bytes, .end = source->bytes + source->size};

	if (source->size < 3 ||
		!(source->format == FORMAT_PAM ? read_pam_header(&pnm) : read_pnm_header(&pnm)))
		return reading_fail(reading, "has an invalid header for %s %s image",
			format_article(source->format), format_info(source->format)->name);
	if (!reading_begin(reading, pnm.width, pnm.height, 1))
		return false;
	read_rows(&pnm, reading);
	return true;
}
