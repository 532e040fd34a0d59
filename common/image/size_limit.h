/*
 * size_limit.h - checks the size of an image, by its header, and of its file against the limit
 * before memory is allocated: in the decoder, and again in its parent, which does not trust the
 * decoder.
 */
#ifndef VITRINE_IMAGE_SIZE_LIMIT_H
#define VITRINE_IMAGE_SIZE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

/*
 * `limit`: the most bytes for the pixels, and for the file. width, height: 0 if not known. false:
 * `reason` says why not, and is translatable (translatable.h).
 */
bool size_limit_allows(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size,
	char reason[TEXT_REASON_MAX]);

/*
 * The most bytes that decoding uses at any time, in both processes together, estimated from the
 * header.
 */
uint64_t size_limit_need(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size);

#endif
