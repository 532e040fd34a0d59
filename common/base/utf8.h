/*
 * utf8.h - characters of a text that may hold any bytes. Pure; for the drawing of text.
 */
#ifndef VITRINE_BASE_UTF8_H
#define VITRINE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4u /* bytes of one character */

/*
 * The character at *text, which must not be at the closing NUL; *text moves behind it. A byte that is
 * not UTF-8 gives U+FFFD, and so do marks that turn the direction of writing (a name must not look
 * like another one); control characters give a space.
 */
uint32_t utf8_next(const char **text);

/* Writes one character to `out` (UTF8_MAX bytes, no NUL); returns how many bytes it has. */
size_t utf8_put(char *out, uint32_t character);

/* The start of the character before `at`; `at` must be above `text`. */
const char *utf8_before(const char *text, const char *at);

#endif
