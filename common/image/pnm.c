/* pnm.c - see pnm.h. */
#include "pnm.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "translatable.h"
#include "translate.h"

#define SIDE_MOST  (UINT32_C(1) << 24)
#define WORD_MAX   16
#define LINE_MAX   256
#define LINES_MOST 64 /* of a PAM header */

static enum pnm_result refuse(struct pnm *pnm, const char *reason)
{
	snprintf(pnm->reason, sizeof(pnm->reason), "%s", reason);
	return PNM_BAD;
}

static enum pnm_result refuse_field(struct pnm *pnm, const char *what, const char *value)
{
	char shown[32];

	translatable_write(pnm->reason, sizeof(pnm->reason), N_("has an impossible header: %s %s"),
		"%s\n%s", what, text_printable(shown, sizeof(shown), value));
	return PNM_BAD;
}

static enum pnm_result refuse_sample(struct pnm *pnm, const char *value)
{
	char shown[32];

	translatable_write(pnm->reason, sizeof(pnm->reason),
		N_("has a pixel with the impossible value %s"), "%s",
		text_printable(shown, sizeof(shown), value));
	return PNM_BAD;
}

/* ---- words and numbers ----------------------------------------------------------------------- */

static int next_byte(const struct pnm_input *input)
{
	return input->next(input->data);
}

/* Skips the rest of a comment. Returns its newline, or -1. */
static int skip_comment(const struct pnm_input *input)
{
	int byte;

	do
		byte = next_byte(input);
	while (byte >= 0 && byte != '\n');
	return byte;
}

/* Returns the next byte that is neither white space nor in a comment, or -1. */
static int skip_blank(const struct pnm_input *input)
{
	int byte;

	do {
		byte = next_byte(input);
		if (byte == '#')
			byte = skip_comment(input);
	} while (byte >= 0 && isspace(byte));
	return byte;
}

/* Reads the next word, and the white space or comment that ends it. */
static enum pnm_result read_word(struct pnm *pnm, const struct pnm_input *input,
	char word[WORD_MAX])
{
	size_t length = 0;
	int byte = skip_blank(input);

	if (byte < 0)
		return PNM_END;
	for (; byte >= 0 && byte != '#' && !isspace(byte); byte = next_byte(input)) {
		if (length == WORD_MAX - 1)
			return refuse(pnm, N_("has an invalid header"));
		word[length++] = (char)byte;
	}
	if (byte == '#')
		skip_comment(input);
	word[length] = '\0';
	return PNM_OK;
}

static enum pnm_result set_number(struct pnm *pnm, const char *what, const char *word,
	uint32_t most, uint32_t *number)
{
	return text_number(word, most, number) && *number > 0 ? PNM_OK
							      : refuse_field(pnm, what, word);
}

static enum pnm_result read_number(struct pnm *pnm, const struct pnm_input *input, const char *what,
	uint32_t most, uint32_t *number)
{
	char word[WORD_MAX];
	enum pnm_result result = read_word(pnm, input, word);

	return result == PNM_OK ? set_number(pnm, what, word, most, number) : result;
}

/* ---- headers --------------------------------------------------------------------------------- */

/* "640 480 255"; P1 and P4 have no largest value. */
static enum pnm_result read_pnm(struct pnm *pnm, char kind, const struct pnm_input *input)
{
	enum pnm_result result;

	pnm->is_text = kind <= '3';
	pnm->is_bitmap = kind == '1' || kind == '4';
	pnm->depth = kind == '3' || kind == '6' ? 3 : 1;
	pnm->most = 1;
	result = read_number(pnm, input, N_("width"), SIDE_MOST, &pnm->width);
	if (result == PNM_OK)
		result = read_number(pnm, input, N_("height"), SIDE_MOST, &pnm->height);
	if (result == PNM_OK && !pnm->is_bitmap)
		result = read_number(pnm, input, N_("largest value"), UINT16_MAX, &pnm->most);
	return result;
}

/* Reads a line without its newline; of one that is too long, the beginning. */
static enum pnm_result read_line(const struct pnm_input *input, char line[LINE_MAX])
{
	size_t length = 0;
	int byte;

	while ((byte = next_byte(input)) >= 0 && byte != '\n')
		if (length < LINE_MAX - 1)
			line[length++] = (char)byte;
	line[length] = '\0';
	return byte >= 0 ? PNM_OK : PNM_END;
}

/*
 * Takes "WIDTH 640" and the like. DEPTH already says what TUPLTYPE does, except for inks; other
 * lines are skipped.
 */
static enum pnm_result take_pam_line(struct pnm *pnm, char *line)
{
	static const char blank[] = " \t\r";
	const struct {
		const char *name;
		const char *what;
		uint32_t most;
		uint32_t *number;
	} fields[] = {
		{"WIDTH", "WIDTH", SIDE_MOST, &pnm->width},
		{"HEIGHT", "HEIGHT", SIDE_MOST, &pnm->height},
		{"DEPTH", "DEPTH", UINT16_MAX, &pnm->depth},
		{"MAXVAL", "MAXVAL", UINT16_MAX, &pnm->most},
	};
	char *rest = line;
	const char *name = strtok_r(line, blank, &rest);
	const char *value = strtok_r(NULL, blank, &rest);

	if (name != NULL && value != NULL && strcmp(name, "TUPLTYPE") == 0)
		pnm->has_inks = strcmp(value, "CMYK") == 0 || strcmp(value, "CMYK_ALPHA") == 0;
	for (size_t i = 0; name != NULL && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(name, fields[i].name) == 0)
			return set_number(pnm, fields[i].what, value != NULL ? value : "",
				fields[i].most, fields[i].number);
	return PNM_OK;
}

static enum pnm_result read_pam(struct pnm *pnm, const struct pnm_input *input)
{
	enum pnm_result result = PNM_OK;
	bool is_end = false;
	char line[LINE_MAX];

	for (int i = 0; i < LINES_MOST && result == PNM_OK && !is_end; i++) {
		result = read_line(input, line);
		is_end = strncmp(line, "ENDHDR", 6) == 0;
		if (result == PNM_OK)
			result = take_pam_line(pnm, line);
	}
	if (result == PNM_OK && (!is_end || pnm->width == 0 || pnm->height == 0 ||
					pnm->depth == 0 || pnm->most == 0))
		return refuse(pnm,
			N_("has a header in which WIDTH, HEIGHT, DEPTH, MAXVAL or ENDHDR is missing"));
	if (result == PNM_OK &&
		!(pnm->has_inks ? pnm->depth == 4 || pnm->depth == 5 : pnm->depth <= 4)) {
		translatable_write(pnm->reason, sizeof(pnm->reason),
			N_("has samples that are neither grey, RGB nor CMYK (DEPTH %s)"), "%u",
			pnm->depth);
		return PNM_BAD;
	}
	return result;
}

enum pnm_result pnm_begin(struct pnm *pnm, char kind, const struct pnm_input *input)
{
	enum pnm_result result;

	*pnm = (struct pnm){.width = 0};
	result = kind == '7' ? read_pam(pnm, input) : read_pnm(pnm, kind, input);
	for (uint32_t i = 0; result == PNM_OK && i < 256; i++)
		pnm->table[i] =
			(uint8_t)(i < pnm->most ? (i * 255 + pnm->most / 2) / pnm->most : 255);
	return result;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

uint32_t pnm_pixel_bytes(const struct pnm *pnm)
{
	if (pnm->has_inks)
		return pnm->depth - 1;
	return pnm->depth == 2 ? 4 : pnm->depth;
}

size_t pnm_row_bytes(const struct pnm *pnm)
{
	const size_t samples = (size_t)pnm->width * pnm->depth;

	return pnm->is_bitmap ? (samples + 7) / 8 : pnm->most > UINT8_MAX ? samples * 2 : samples;
}

bool pnm_is_converted(const struct pnm *pnm)
{
	return !pnm->is_text && pnm->most == UINT8_MAX && pnm->depth != 2 && !pnm->has_inks;
}

static uint8_t scale(const struct pnm *pnm, uint32_t value)
{
	if (value <= UINT8_MAX)
		return pnm->table[value];
	return (uint8_t)(value < pnm->most ? (value * 255 + pnm->most / 2) / pnm->most : 255);
}

static void convert_bits(const struct pnm *pnm, const uint8_t *bytes, uint8_t *row)
{
	for (uint32_t x = 0; x < pnm->width; x++)
		row[x] = bytes[x / 8] << x % 8 & 0x80 ? 0 : 255; /* the first is the highest */
}

/* Converts all samples without regard to their meaning. */
static void convert_samples(const struct pnm *pnm, const uint8_t *bytes, uint8_t *samples)
{
	const size_t count = (size_t)pnm->width * pnm->depth;

	if (pnm->most <= UINT8_MAX)
		for (size_t i = 0; i < count; i++)
			samples[i] = pnm->table[bytes[i]];
	else
		for (size_t i = 0; i < count; i++)
			samples[i] = scale(pnm, (uint32_t)bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

/* Grey and alpha, which fill the first half of the row, become R, G, B and alpha. */
static void spread_grey(uint8_t *row, uint32_t width)
{
	for (uint32_t x = width; x-- > 0;) {
		const uint8_t grey = row[2 * x];
		const uint8_t alpha = row[2 * x + 1];

		memcpy(row + 4 * (size_t)x, (const uint8_t[]){grey, grey, grey, alpha}, 4);
	}
}

/* Sample `i` of a row, scaled. */
static uint32_t sample_of(const struct pnm *pnm, const uint8_t *bytes, size_t i)
{
	return pnm->most <= UINT8_MAX ? pnm->table[bytes[i]]
				      : scale(pnm, (uint32_t)bytes[2 * i] << 8 | bytes[2 * i + 1]);
}

/* C, M, Y and K each say how much light they absorb; K absorbs all three colours. */
static void convert_inks(const struct pnm *pnm, const uint8_t *bytes, uint8_t *row)
{
	for (size_t at = 0; at < (size_t)pnm->width * pnm->depth; at += pnm->depth) {
		const uint32_t black = sample_of(pnm, bytes, at + 3);

		for (size_t i = 0; i < 3; i++)
			*row++ = (uint8_t)(((255 - sample_of(pnm, bytes, at + i)) * (255 - black) +
						   127) /
					   255);
		if (pnm->depth == 5)
			*row++ = (uint8_t)sample_of(pnm, bytes, at + 4);
	}
}

void pnm_convert(const struct pnm *pnm, const uint8_t *bytes, uint8_t *row)
{
	if (pnm->has_inks)
		convert_inks(pnm, bytes, row);
	else if (pnm->is_bitmap)
		convert_bits(pnm, bytes, row);
	else if (pnm_is_converted(pnm))
		memcpy(row, bytes, pnm_row_bytes(pnm));
	else
		convert_samples(pnm, bytes, row);
	if (pnm->depth == 2)
		spread_grey(row, pnm->width);
}

/* The next sample of a text; in a bitmap, digits may follow each other without white space. */
static enum pnm_result read_sample(struct pnm *pnm, const struct pnm_input *input, uint8_t *sample)
{
	char word[WORD_MAX] = "";
	uint32_t value;

	if (pnm->is_bitmap) {
		const int byte = skip_blank(input);

		if (byte < 0)
			return PNM_END;
		word[0] = (char)byte;
	} else {
		enum pnm_result result = read_word(pnm, input, word);

		if (result != PNM_OK)
			return result;
	}
	if (!text_number(word, pnm->is_bitmap ? 1 : UINT16_MAX, &value))
		return refuse_sample(pnm, word);
	*sample = pnm->is_bitmap ? (uint8_t)(value == 0 ? 255 : 0) : scale(pnm, value);
	return PNM_OK;
}

enum pnm_result pnm_read_text(struct pnm *pnm, const struct pnm_input *input, uint8_t *row)
{
	const size_t count = (size_t)pnm->width * pnm->depth;
	enum pnm_result result = PNM_OK;

	for (size_t i = 0; i < count && result == PNM_OK; i++)
		result = read_sample(pnm, input, &row[i]);
	return result;
}
