/* clean_text.c - see clean_text.h. */
#include "clean_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/*
 * The length in bytes of the UTF-8 character at `text`; `left` bytes may be read. 0: not UTF-8 (RFC
 * 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t character(const uint8_t *text, size_t left)
{
	uint8_t first = text[0];
	uint8_t low = 0x80, high = 0xbf; /* bounds of the second byte */
	size_t length;

	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (first == 0xe0)
		low = 0xa0;
	if (first == 0xed)
		high = 0x9f;
	if (first == 0xf0)
		low = 0x90;
	if (first == 0xf4)
		high = 0x8f;
	if (length > left || text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/* C0 and C1 control characters, DEL, and the slash, which would turn a name into a path. */
static bool harmful(const uint8_t *text, size_t length)
{
	return (length == 1 && (text[0] < 0x20 || text[0] == 0x7f || text[0] == '/')) ||
	       (length == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

void clean_text(char *clean, size_t size, const char *text, size_t length)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t left = strnlen(text, length);
	size_t used = 0;

	while (left > 0) {
		size_t taken = character(at, left);

		if (taken > 0 && !harmful(at, taken)) {
			if (used + taken >= size)
				break;
			memcpy(clean + used, at, taken);
			used += taken;
		} else {
			taken = 1;
			if (used + 3 >= size)
				break;
			snprintf(clean + used, 4, "%%%02X", *at);
			used += 3;
		}
		at += taken;
		left -= taken;
	}
	clean[used] = '\0';
}

const char *base_name(const char *path, size_t *length)
{
	size_t end = strlen(path);
	size_t start;

	while (end > 0 && path[end - 1] == '/')
		end--;
	start = end;
	while (start > 0 && path[start - 1] != '/')
		start--;
	*length = end - start;
	return path + start;
}
