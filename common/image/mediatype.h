/*
 * mediatype.h - the media type (RFC 6838) of a file, judged from its first bytes, then from its
 * name, then from whether it is text. It is a hint and may be wrong. Pure; any thread.
 */
#ifndef VITRINE_IMAGE_MEDIATYPE_H
#define VITRINE_IMAGE_MEDIATYPE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The media type; never NULL. The first FORMAT_BYTES of the file (format.h) are enough; `name` may
 * be "".
 */
const char *mediatype_of(const uint8_t *bytes, size_t size, const char *name);

/* The usual extension of a media type, such as "png"; NULL if the type is not known. */
const char *mediatype_extension(const char *type);

#endif
