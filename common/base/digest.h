/*
 * digest.h - checksums of what is published, computed piece by piece: MD5 by libmd, XXH3 (64 bits)
 * by libxxhash. Either library may be left out of a build; then asking for it gives the reason. The
 * result is as struct vitrine_image stores it. Publishers and receivers call it; any thread.
 */
#ifndef VITRINE_BASE_DIGEST_H
#define VITRINE_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

#define DIGEST_BYTES    sizeof(((struct vitrine_image *)0)->digest)
#define DIGEST_TEXT_MAX 33 /* a digest in hexadecimal, with the closing NUL */

struct digest;

/* "md5", "xxh3" (any case) as enum vitrine_checksum; false: neither. */
bool digest_kind(const char *name, uint32_t *kind);

/* "md5", "xxh3"; "none" for all else. */
const char *digest_name(uint32_t kind);

/* NULL if this build can compute `kind`, else why not and the remedy: one line. */
const char *digest_missing(uint32_t kind);

/* NULL: no memory, or digest_missing(). */
struct digest *digest_create(uint32_t kind);
void digest_add(struct digest *digest, const void *bytes, size_t size);
/* Writes the result, the bytes that it does not need as zeros, and frees it. */
void digest_finish(struct digest *digest, uint8_t result[DIGEST_BYTES]);
void digest_destroy(struct digest *digest); /* without a result; NULL is allowed */

/* In hexadecimal, as md5sum and xxhsum print it. Returns `text`. */
char *digest_text(char text[DIGEST_TEXT_MAX], uint32_t kind, const uint8_t result[DIGEST_BYTES]);

#endif
