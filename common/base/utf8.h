/* utf8.h - the characters of a text that may hold any bytes. Pure; used for drawing text. */
#ifndef VITRINE_BASE_UTF8_H
#define VITRINE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4u /* bytes of one character */

/*
 * Returns the character at *text, which must not be at the NUL, and advances *text past it. A byte
 * that is not UTF-8, and a mark that changes the direction of writing (a name must not look like
 * another one), gives U+FFFD; a control character gives a space.
 */
uint32_t utf8_next(const char **text);

/* Writes one character to `out` (UTF8_MAX bytes, no NUL) and returns its length in bytes. */
size_t utf8_put(char *out, uint32_t character);

#endif
