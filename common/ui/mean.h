/* mean.h - the mean of four pixels of 32 bits, with alpha or padding in the upper eight. */
#ifndef VITRINE_UI_MEAN_H
#define VITRINE_UI_MEAN_H

#include <stdbool.h>
#include <stdint.h>

/* The mean of four opaque pixels, two colours at a time. */
static inline uint32_t mean_of_opaque(const uint32_t p[4])
{
	const uint32_t mask = 0x00ff00ff, rounding = 0x00020002;
	uint32_t low = (p[0] & mask) + (p[1] & mask) + (p[2] & mask) + (p[3] & mask);
	uint32_t high =
		(p[0] >> 8 & mask) + (p[1] >> 8 & mask) + (p[2] >> 8 & mask) + (p[3] >> 8 & mask);

	return ((low + rounding) >> 2 & mask) | ((high + rounding) >> 2 & mask) << 8;
}

/* The same with alpha: a transparent pixel's colour does not count. */
static inline uint32_t mean_with_alpha(const uint32_t p[4])
{
	uint32_t alpha = 0, colours[3] = {0};

	for (int i = 0; i < 4; i++) {
		alpha += p[i] >> 24;
		for (int k = 0; k < 3; k++)
			colours[k] += (p[i] >> (8 * k) & 0xff) * (p[i] >> 24);
	}
	if (alpha == 0)
		return 0;
	for (int k = 0; k < 3; k++)
		colours[k] = (colours[k] + alpha / 2) / alpha;
	return (alpha + 2) / 4 << 24 | colours[2] << 16 | colours[1] << 8 | colours[0];
}

static inline uint32_t mean_of_four(const uint32_t p[4], bool has_alpha)
{
	return has_alpha ? mean_with_alpha(p) : mean_of_opaque(p);
}

#endif
