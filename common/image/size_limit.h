/*
 * size_limit.h - whether what an image file promises may be decoded: the size in its header, and its
 * own, against the limit. Asked before any memory is taken, by the decoder, and again by its parent of
 * what the decoder says.
 */
#ifndef VITRINE_IMAGE_SIZE_LIMIT_H
#define VITRINE_IMAGE_SIZE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

/*
 * `limit`: bytes that the pixels may take, and so may the file. width, height: 0 if they are not known.
 * false: `reason` says why not.
 */
bool size_limit_allows(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size,
	char reason[TEXT_REASON_MAX]);

/* How many bytes decoding takes at most at one time, on both sides, as far as the header tells. */
uint64_t size_limit_need(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size);

#endif
