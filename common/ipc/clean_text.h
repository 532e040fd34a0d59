/*
 * clean_text.h - makes text that enters or leaves the segment harmless: bounded, valid UTF-8, no
 * control characters.
 */
#ifndef VITRINE_IPC_CLEAN_TEXT_H
#define VITRINE_IPC_CLEAN_TEXT_H

#include <stddef.h>

/*
 * Copies up to `length` bytes of `text` (or up to its NUL) to `clean`, which has room for `size`
 * bytes. Valid UTF-8 is kept; control characters, slashes and bytes that are not UTF-8 become %XX.
 * Text that does not fit is cut between characters. The result always ends with a NUL.
 */
void clean_text(char *clean, size_t size, const char *text, size_t length);

/* The last component of a path: "b" for "a/b/". *length receives its length in bytes. */
const char *base_name(const char *path, size_t *length);

#endif
