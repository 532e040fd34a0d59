/* frame_size.c - see frame_size.h. */
#include "frame_size.h"

#include <stdio.h>
#include <strings.h>

const char *const frame_sizes_usual[] = {"16K", "1080p", "4K"};

bool frame_size_read(const char *text, uint32_t *width, uint32_t *height)
{
	static const struct {
		const char *name;
		uint32_t width, height;
	} known[] = {
		{"16K", 64, 64}, {"1080p", 1920, 1080}, {"4K", 3840, 2160}, {"24MP", 6000, 4000}};
	char rest;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(text, known[i].name) == 0) {
			*width = known[i].width;
			*height = known[i].height;
			return true;
		}
	}
	return sscanf(text, "%ux%u%c", width, height, &rest) == 2 && *width >= 4 && *height >= 4 &&
	       *width <= 32768 && *height <= 32768;
}
