/*
 * text.c - see text.h. Names come from other programs' files: what they hold is checked here, once,
 * so that neither a terminal nor a font has to.
 */
#include "text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Whether a character would leave the line, or change the direction of what follows it. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* How many bytes the well-formed, harmless UTF-8 character at `bytes` has; 0: it is none. */
static size_t character_length(const unsigned char *bytes)
{
	static const uint32_t least[] = {
		0, 0, 0x80, 0x800, 0x10000}; /* shorter forms are refused */
	uint32_t c = bytes[0];
	size_t length = c < 0x80   ? 1
			: c < 0xc0 ? 0
			: c < 0xe0 ? 2
			: c < 0xf0 ? 3
			: c < 0xf8 ? 4
				   : 0;

	if (length > 1)
		c &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80) /* the closing NUL ends it here, too */
			return 0;
		c = c << 6 | (bytes[i] & 0x3f);
	}
	if (length == 0 || c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return is_control(c) ? 0 : length;
}

char *text_printable(char *text, size_t size, const char *bytes)
{
	const unsigned char *from = (const unsigned char *)bytes;
	size_t used = 0;

	while (*from != '\0') {
		size_t length = character_length(from);
		size_t needs = length > 0 ? length : 3;

		if (used + needs >= size)
			break;
		if (length > 0) {
			memcpy(text + used, from, length);
			from += length;
		} else {
			snprintf(text + used, size - used, "%%%02X", *from++);
		}
		used += needs;
	}
	text[used] = '\0';
	return text;
}

const char *text_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

char *text_size(char text[TEXT_SIZE_MAX], uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	size_t unit = 0;
	double value = (double)bytes / 1024;

	if (bytes < 1024) {
		snprintf(text, TEXT_SIZE_MAX, "%" PRIu64 " B", bytes);
		return text;
	}
	while (value >= 1023.95 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		unit++;
	}
	snprintf(text, TEXT_SIZE_MAX, "%.1f", value);
	char *point = strchr(text, '.');
	if (point != NULL && point[1] == '0')
		*point = '\0';
	size_t length = strlen(text);
	snprintf(text + length, TEXT_SIZE_MAX - length, " %s", units[unit]);
	return text;
}
