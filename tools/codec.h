/*
 * codec.h - image files to pixels and back, by SDL_image. It lies in a module, vitrine-codec.so,
 * that is loaded at the first call (beside the program, else where it was installed): loading SDL
 * takes longer than to send a file. For one thread.
 */
#ifndef VITRINE_TOOLS_CODEC_H
#define VITRINE_TOOLS_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"
#include "text.h"

/* What the module exports, as the symbol CODEC_SYMBOL. */
struct codec {
	struct picture *(*decode)(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX]);
	struct picture *(*decode_bytes)(const char *name, const uint8_t *bytes, size_t size,
		uint64_t limit, char reason[TEXT_REASON_MAX]);
	bool (*write_png)(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX]);
};
#define CODEC_SYMBOL "vitrine_codec"

/* As decode_file() and decode_bytes() of decode.h, and pngfile_write() of pngfile.h. */
struct picture *codec_decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX]);
struct picture *codec_decode_bytes(const char *name, const uint8_t *bytes, size_t size,
	uint64_t limit, char reason[TEXT_REASON_MAX]);
bool codec_write_png(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX]);

#endif
