/*
 * pnm.h - PBM, PGM and PPM (P1 to P6), and PAM (P7): reads headers, and converts pixels to samples
 * of one byte, 0 to 255. For files and for streams of frames: the bytes come from a function of the
 * caller. Pure.
 */
#ifndef VITRINE_IMAGE_PNM_H
#define VITRINE_IMAGE_PNM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

enum pnm_result {
	PNM_OK,
	PNM_END, /* the input ended */
	PNM_BAD, /* pnm->reason */
};

struct pnm_input {
	int (*next)(void *data); /* returns the next byte; -1: there is none */
	void *data;
};

struct pnm {
	uint32_t width, height; /* at least 1 */
	/* samples per pixel: grey; grey, alpha; RGB; RGB, alpha; has_inks: 4 or 5 */
	uint32_t depth;
	uint32_t most;      /* largest value of a sample; above 255, a sample has two bytes */
	bool is_text;       /* samples are decimal numbers */
	bool is_bitmap;     /* samples are bits: 1 is black */
	bool has_inks;      /* C, M, Y, K, and perhaps alpha */
	uint8_t table[256]; /* converts a sample of one byte */
	char reason[TEXT_REASON_MAX]; /* translatable (translatable.h) */
};

/* Reads the header of an image of the kind P1 to P7 (`kind` is the digit), from after the digit. */
enum pnm_result pnm_begin(struct pnm *pnm, char kind, const struct pnm_input *input);

/* Bytes per pixel after conversion: 1 (grey), 3 (R, G, B) or 4 (R, G, B, A). */
uint32_t pnm_pixel_bytes(const struct pnm *pnm);

/* Bytes per row in the input; not for text. */
size_t pnm_row_bytes(const struct pnm *pnm);

/* True if the rows in the input need no conversion. */
bool pnm_is_converted(const struct pnm *pnm);

/* Converts one row of pnm_row_bytes() bytes to width x pnm_pixel_bytes() bytes. */
void pnm_convert(const struct pnm *pnm, const uint8_t *bytes, uint8_t *row);

/* Reads and converts one row of text. */
enum pnm_result pnm_read_text(struct pnm *pnm, const struct pnm_input *input, uint8_t *row);

#endif
