/*
 * text.h - text for people to read: names that may hold any bytes, and sizes in readable units.
 * Used by the log, notices and status lines; draws nothing. All functions: any thread.
 */
#ifndef VITRINE_BASE_TEXT_H
#define VITRINE_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough for one reason or message about a file, including its NUL. */
#define TEXT_REASON_MAX 256

/* Enough for any result of text_size(). */
#define TEXT_SIZE_MAX 24

/*
 * Copies `bytes` to `text` (of `size` > 0 bytes) as valid UTF-8 on one line: control characters and
 * bytes that are not UTF-8 become %XX. Cuts at a whole character if it does not fit. Returns
 * `text`.
 */
char *text_printable(char *text, size_t size, const char *bytes);

/*
 * The length of the character at `bytes` (not the NUL) if it may be shown as it is. 0: the next
 * *bad bytes may not, because they are not UTF-8, a control character, or a mark that changes the
 * direction of writing.
 */
size_t text_plain(const char *bytes, size_t *bad);

/* The last component of a path: "photo.png" for "/a/photo.png"; the whole path if there is none. */
const char *text_base_name(const char *path);

/*
 * As snprintf(), but cuts at a whole character: for translated texts, which may be longer than the
 * English ones.
 */
__attribute__((format(printf, 3, 4))) void text_print(char *text, size_t size, const char *format,
	...);
__attribute__((format(printf, 3, 0))) void text_vprint(char *text, size_t size, const char *format,
	va_list arguments);

/* Appends formatted output to the string in `text`, as far as its `size` bytes allow. */
__attribute__((format(printf, 3, 4))) void text_append(char *text, size_t size, const char *format,
	...);

/* "512 B", "10.7 MiB", "1 GiB": one decimal place where it is useful. Returns `text`. */
char *text_size(char text[TEXT_SIZE_MAX], uint64_t bytes);

/* Parses all of "640". false: it is not a decimal number, or it is above `most`. */
bool text_number(const char *text, uint32_t most, uint32_t *number);

#endif
