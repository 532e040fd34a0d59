/* inks.c - see inks.h. */
#include "inks.h"

/* How much of the light an ink lets through, and black of that: both as 0 to 255. */
static uint32_t through(uint32_t ink, uint32_t black)
{
	return (ink * black + 127) / 255;
}

void inks_to_colours(uint32_t *pixels, size_t count, bool is_inverted)
{
	uint32_t flip = is_inverted ? 0 : 0xffffffff;

	for (size_t i = 0; i < count; i++) {
		uint32_t inks = pixels[i] ^ flip; /* K Y M C: how much light each lets through */
		uint32_t black = inks >> 24;

		pixels[i] = UINT32_C(0xff000000) | through(inks & 255, black) << 16 |
			    through(inks >> 8 & 255, black) << 8 | through(inks >> 16 & 255, black);
	}
}
