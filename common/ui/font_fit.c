/*
 * font_fit.c - the part of font.h that makes texts fit: shortening and wrapping. It only measures.
 */
#include "font.h"
#include "utf8.h"

#include <string.h>

static const char ellipsis[] = "…";

static size_t count_characters(const char *text)
{
	size_t count = 0;
	for (; *text != '\0'; count++)
		utf8_next(&text);
	return count;
}

static const char *skip(const char *text, size_t characters)
{
	while (characters-- > 0)
		utf8_next(&text);
	return text;
}

/* `kept` of the `total` characters of `text` with an ellipsis; false if `size` is too small. */
static bool cut(char *out, size_t size, const char *text, size_t total, size_t kept,
	enum font_cut how)
{
	size_t tail = how == FONT_CUT_MIDDLE ? kept / 2 : 0;
	size_t head_bytes = (size_t)(skip(text, kept - tail) - text);
	const char *end = skip(text, total - tail);
	size_t tail_bytes = strlen(end);

	if (head_bytes + strlen(ellipsis) + tail_bytes >= size)
		return false;
	memcpy(out, text, head_bytes);
	memcpy(out + head_bytes, ellipsis, sizeof(ellipsis));
	memcpy(out + head_bytes + strlen(ellipsis), end, tail_bytes + 1);
	return true;
}

int font_shorten(struct fonts *fonts, struct font_style style, enum font_cut how, int width,
	const char *text, char *out, size_t size)
{
	size_t total = count_characters(text);
	size_t low = 0;
	size_t high = total; /* low fits or is 0, high does not */

	if (strlen(text) < size) {
		memcpy(out, text, strlen(text) + 1);
		int whole = total <= FONT_TEXT_MAX ? font_width(fonts, style, out) : width + 1;
		if (whole <= width)
			return whole;
	}
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (cut(out, size, text, total, middle, how) &&
			font_width(fonts, style, out) <= width)
			low = middle;
		else
			high = middle;
	}
	if (!cut(out, size, text, total, low, how) || font_width(fonts, style, out) > width)
		out[0] = '\0';
	return font_width(fonts, style, out);
}

static int width_of(struct fonts *fonts, struct font_style style, const char *text, size_t length)
{
	char part[FONT_TEXT_MAX];
	if (length >= sizeof(part))
		length = sizeof(part) - 1;
	memcpy(part, text, length);
	part[length] = '\0';
	return font_width(fonts, style, part);
}

/* The number of bytes of a too wide word that fit; at least one character. */
static size_t broken_word(struct fonts *fonts, struct font_style style, int width, const char *text,
	size_t length)
{
	const char *end = text;
	utf8_next(&end);
	while (end < text + length) {
		const char *next = end;
		utf8_next(&next);
		if (width_of(fonts, style, text, (size_t)(next - text)) > width)
			break;
		end = next;
	}
	return (size_t)(end - text);
}

/* The length in bytes of the line that begins at `text`. */
static size_t line_length(struct fonts *fonts, struct font_style style, int width, const char *text)
{
	size_t fits = 0;

	for (size_t end = 0; text[end] != '\0' && text[end] != '\n';) {
		end += strspn(text + end, " ");
		end += strcspn(text + end, " \n");
		if (width_of(fonts, style, text, end) > width)
			return fits > 0 ? fits : broken_word(fonts, style, width, text, end);
		fits = end;
	}
	return fits;
}

size_t font_wrap(struct fonts *fonts, struct font_style style, int width, const char *text,
	struct font_line *lines, size_t max)
{
	size_t count = 0;
	size_t at = 0;

	while (text[at] != '\0') {
		size_t length = line_length(fonts, style, width, text + at);
		if (count < max)
			lines[count] = (struct font_line){at, length};
		count++;
		at += length;
		if (text[at] == '\n')
			at++;
		else
			at += strspn(text + at, " ");
	}
	return count;
}
