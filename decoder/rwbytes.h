/*
 * stream.h - bytes in memory as an SDL_RWops that notices when a decoder asks for more than there
 * is. Several decoders fill what is missing with grey and call it a success; whoever looks at the
 * stream afterwards knows better. decode calls it.
 */
#ifndef VITRINE_DECODER_STREAM_H
#define VITRINE_DECODER_STREAM_H

#include <SDL_rwops.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rwbytes {
	const uint8_t *bytes;
	size_t size;
	size_t at;
	bool cut_short; /* a read got fewer bytes than it asked for */
	bool starved;   /* a read got none */
};

/* `stream` must live until SDL_RWclose(), its bytes too. NULL: no memory. */
SDL_RWops *rwbytes_open(struct rwbytes *stream, const uint8_t *bytes, size_t size);

#endif
