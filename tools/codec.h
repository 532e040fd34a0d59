/*
 * codec.h - pixels to image files, by SDL_image. It lies in a module, vitrine-codec.so, that is
 * loaded at the first call (beside the program, else where it was installed): loading SDL takes
 * longer than to send a file. For one thread. From files to pixels the way is decode.h.
 */
#ifndef VITRINE_TOOLS_CODEC_H
#define VITRINE_TOOLS_CODEC_H

#include <stdbool.h>

#include "pixels.h"
#include "text.h"

/* What the module exports, as the symbol CODEC_SYMBOL. */
struct codec {
	bool (*write_png)(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX]);
	bool (*write_jpeg)(int fd, const struct pixels *pixels, int quality,
		char reason[TEXT_REASON_MAX]);
};
#define CODEC_SYMBOL "vitrine_codec"

/* As those of pngfile.h. */
bool codec_write_png(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX]);
bool codec_write_jpeg(int fd, const struct pixels *pixels, int quality,
	char reason[TEXT_REASON_MAX]);

#endif
