/*
 * digest.h - checksums of published data, computed piece by piece: MD5 by libmd, XXH3 (64 bits) by
 * libxxhash. A build may omit either library; a request for it then fails with the reason. The
 * result has the form that struct vitrine_image stores. Any thread.
 */
#ifndef VITRINE_BASE_DIGEST_H
#define VITRINE_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

#define DIGEST_BYTES    sizeof(((struct vitrine_image *)0)->digest)
#define DIGEST_TEXT_MAX 33 /* a digest in hexadecimal, with its NUL */

struct digest;

/* Converts "md5" or "xxh3" (any case) to enum vitrine_checksum; false for any other name. */
bool digest_kind(const char *name, uint32_t *kind);

/* "md5" or "xxh3"; "none" for any other kind. */
const char *digest_name(uint32_t kind);

/* NULL if this build can compute `kind`; otherwise one line with the reason and the remedy. */
const char *digest_missing(uint32_t kind);

/* NULL: out of memory, or digest_missing(). */
struct digest *digest_create(uint32_t kind);
void digest_add(struct digest *digest, const void *bytes, size_t size);
/* Writes the result, padded with zeros, and frees the digest. */
void digest_finish(struct digest *digest, uint8_t result[DIGEST_BYTES]);
void digest_destroy(struct digest *digest); /* frees it without a result; NULL is allowed */

/* The checksum of `size` bytes. False: out of memory, or digest_missing(). */
bool digest_of(uint32_t kind, const void *bytes, size_t size, uint8_t result[DIGEST_BYTES]);

/* The digest in hexadecimal, as md5sum and xxhsum print it. Returns `text`. */
char *digest_text(char text[DIGEST_TEXT_MAX], uint32_t kind, const uint8_t result[DIGEST_BYTES]);

#endif
