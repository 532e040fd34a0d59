/*
 * xpm.h - makes sure that an XPM file is what it says before SDL_image reads it: that reader trusts
 * lengths, and pixels that no colour was defined for end the program. Any thread.
 */
#ifndef VITRINE_UI_XPM_H
#define VITRINE_UI_XPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xpm {
	uint32_t width; /* 0: the file does not say it, or not sensibly */
	uint32_t height;
	bool is_sound; /* every colour is complete, and every pixel has one */
};

/* Looks at a whole file, or at the beginning of one. Never reads outside of the bytes. */
struct xpm xpm_check(const uint8_t *bytes, size_t size);

#endif
