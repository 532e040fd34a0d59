/*
 * rwbytes.h - bytes in memory as an SDL_RWops that notices when a reader asks for more than there is.
 * Several of SDL_image's readers fill what is missing with grey and return success. sdl.c calls it.
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
	size_t padding; /* so many zero bytes can be read behind the end; 0 at first */
	bool cut_short; /* a read got fewer bytes than it asked for */
	bool starved;   /* a read got none */
};

/* `stream` must live until SDL_RWclose(), its bytes too. NULL: no memory. */
SDL_RWops *rwbytes_open(struct rwbytes *stream, const uint8_t *bytes, size_t size);

#endif
