/*
 * text.c - see text.h. Names come from other programs' files; they are made safe here, once, so
 * that terminals and fonts need not check them.
 */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

size_t text_plain(const char *bytes, size_t *bad)
{
	const char *next = bytes;
	uint32_t character = utf8_next(&next);

	*bad = (size_t)(next - bytes);
	if (character == 0xfffd || (character == ' ' && *bytes != ' '))
		return 0;
	return *bad;
}

char *text_printable(char *text, size_t size, const char *bytes)
{
	size_t used = 0;

	while (*bytes != '\0') {
		size_t bad;
		size_t plain = text_plain(bytes, &bad);

		if (used + (plain > 0 ? plain : 3) >= size)
			break;
		if (plain > 0) {
			memcpy(text + used, bytes, plain);
			bytes += plain;
			used += plain;
		}
		for (; plain == 0 && bad > 0 && used + 3 < size; bad--, used += 3)
			snprintf(text + used, size - used, "%%%02X", (unsigned char)*bytes++);
	}
	text[used] = '\0';
	return text;
}

const char *text_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* The length without the last character if that lacks some of its bytes. */
static size_t whole_characters(const char *text, size_t length)
{
	size_t start = length;
	unsigned char first;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return length;
	first = (unsigned char)text[start - 1];
	return length - start + 1 < (size_t)(first < 0xc0   ? 1
					     : first < 0xe0 ? 2
					     : first < 0xf0 ? 3
							    : 4)
		       ? start - 1
		       : length;
}

void text_vprint(char *text, size_t size, const char *format, va_list arguments)
{
	int length = vsnprintf(text, size, format, arguments);

	if (length >= 0 && (size_t)length >= size && size > 0)
		text[whole_characters(text, size - 1)] = '\0';
}

void text_print(char *text, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vprint(text, size, format, arguments);
	va_end(arguments);
}

void text_append(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	text_vprint(text + length, size - length, format, arguments);
	va_end(arguments);
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

bool text_number(const char *text, uint32_t most, uint32_t *number)
{
	uint64_t value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
		if (value > most)
			return false;
	}
	*number = (uint32_t)value;
	return true;
}
