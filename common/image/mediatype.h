/*
 * mediatype.h - what kind of file some bytes are, as a media type (RFC 6838): by what they begin
 * with, then by the name, then by whether they are text. A hint for people and programs, never a
 * promise. Pure; any thread.
 */
#ifndef VITRINE_IMAGE_MEDIATYPE_H
#define VITRINE_IMAGE_MEDIATYPE_H

#include <stddef.h>
#include <stdint.h>

/* Never NULL. The first FORMAT_BYTES of the file (format.h) are enough; `name` may be "". */
const char *mediatype_of(const uint8_t *bytes, size_t size, const char *name);

/* The usual extension, "png", or NULL if the type is not known. */
const char *mediatype_extension(const char *type);

#endif
