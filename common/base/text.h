/*
 * text.h - text for people: names that may hold any bytes, and sizes in units that can be read.
 * Log, notices and status lines use it; it draws nothing. Every function is for any thread.
 */
#ifndef VITRINE_BASE_TEXT_H
#define VITRINE_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Enough for one reason or message about a file, with the closing NUL. */
#define TEXT_REASON_MAX 256

/* Enough for any text_size(). */
#define TEXT_SIZE_MAX 24

/*
 * Copies `bytes` to `text` (of `size` > 0 bytes) as valid UTF-8 on one line: what is not UTF-8, and
 * control characters, become %XX. Cut at a whole character if it does not fit. Returns `text`.
 */
char *text_printable(char *text, size_t size, const char *bytes);

/*
 * How many bytes at `bytes` (not the closing NUL) are a character that may be shown as it is. 0: the
 * next *bad bytes may not: they are no UTF-8, a control character, or a mark that turns the
 * direction of writing.
 */
size_t text_plain(const char *bytes, size_t *bad);

/* The last part of a path: "photo.png" of "/a/photo.png"; the whole of it if there is no part. */
const char *text_base_name(const char *path);

/* Prints behind the text that is in `text`, as far as its `size` bytes go. */
__attribute__((format(printf, 3, 4))) void text_append(char *text, size_t size, const char *format,
	...);

/* "s", or "" after 1: for what is counted. */
const char *text_plural(long long count);

/* "512 B", "10.7 MiB", "1 GiB": one decimal where it says something. Returns `text`. */
char *text_size(char text[TEXT_SIZE_MAX], uint64_t bytes);

#endif
