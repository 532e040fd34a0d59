/*
 * promise.h - whether what an image file promises may be decoded: the size in its header, and its
 * own, against the limit. Asked before any memory is taken, by the window's side (decode) and again
 * by the decoder's (raster).
 */
#ifndef VITRINE_UI_PROMISE_H
#define VITRINE_UI_PROMISE_H

#include <stdbool.h>
#include <stdint.h>

#include "sniff.h"
#include "text.h"

/* `limit`: bytes that the pixels may take, and so may the file. false: `reason` says why not. */
bool promise_is_within(uint64_t limit, const struct sniff *sniff, uint64_t file_size,
	char reason[TEXT_REASON_MAX]);

/* How many bytes decoding takes at most at one time, on both sides, as far as the header tells. */
uint64_t promise_need(uint64_t limit, const struct sniff *sniff, uint64_t file_size);

#endif
