/* name.h - text that goes into or comes out of the segment: bounded, valid UTF-8, harmless. */
#ifndef VITRINE_NAME_H
#define VITRINE_NAME_H

#include <stddef.h>

/*
 * Copies up to `length` bytes of `text` (or up to its NUL) to `clean`, which has room for `size`:
 * valid UTF-8 stays, control characters, slashes and bytes that are no UTF-8 become %XX. What does
 * not fit is cut off between characters. Always closes with NUL.
 */
void clean_text(char *clean, size_t size, const char *text, size_t length);

/* The last part of a path; "a/b/" gives "b". *length receives its length in bytes. */
const char *base_name(const char *path, size_t *length);

#endif
