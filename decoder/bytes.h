/* bytes.h - numbers in the bytes of a file, of either byte order, at any address. */
#ifndef VITRINE_DECODER_BYTES_H
#define VITRINE_DECODER_BYTES_H

#include <stdint.h>

static inline uint32_t be16(const uint8_t *b)
{
	return (uint32_t)b[0] << 8 | b[1];
}

static inline uint32_t be32(const uint8_t *b)
{
	return be16(b) << 16 | be16(b + 2);
}

static inline uint32_t le16(const uint8_t *b)
{
	return (uint32_t)b[1] << 8 | b[0];
}

static inline uint32_t le24(const uint8_t *b)
{
	return (uint32_t)b[2] << 16 | le16(b);
}

static inline uint32_t le32(const uint8_t *b)
{
	return le16(b + 2) << 16 | le16(b);
}

#endif
