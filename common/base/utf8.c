/* utf8.c - see utf8.h. */
#include "utf8.h"

#include <stdbool.h>

#define REPLACEMENT 0xfffdu

static bool turns_direction(uint32_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static uint32_t shown(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
		return ' ';
	return turns_direction(c) || c == 0xfeff ? REPLACEMENT : c;
}

uint32_t utf8_next(const char **text)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)*text;
	unsigned more = *at < 0x80   ? 0
			: *at < 0xc2 ? 4
			: *at < 0xe0 ? 1
			: *at < 0xf0 ? 2
			: *at < 0xf5 ? 3
				     : 4;
	uint32_t c;

	(*text)++;
	if (more == 0)
		return shown(*at);
	if (more == 4)
		return REPLACEMENT;
	c = *at & (0x3fu >> more);
	for (unsigned i = 1; i <= more; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (at[i] & 0x3fu);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return REPLACEMENT;
	*text += more;
	return shown(c);
}

size_t utf8_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00u >> length & 0xff) | c);
	return length;
}
