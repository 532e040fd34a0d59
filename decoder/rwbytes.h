/*
 * rwbytes.h - bytes in memory as an SDL_RWops that notices when a reader asks for more than there
 * is. Several of SDL_image's readers fill what is missing with grey and return success. sdl.c calls
 * it.
 */
#ifndef VITRINE_DECODER_RWBYTES_H
#define VITRINE_DECODER_RWBYTES_H

#include <SDL_rwops.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rwbytes {
	const uint8_t *bytes;
	size_t size;
	size_t at;
	size_t padding; /* number of zero bytes that can be read after the end; initially 0 */
	bool cut_short; /* a read returned fewer bytes than requested */
	bool starved;   /* a read returned no bytes */
};

/* `stream` and its bytes must exist until SDL_RWclose(). NULL: no memory. */
SDL_RWops *rwbytes_open(struct rwbytes *stream, const uint8_t *bytes, size_t size);

#endif
