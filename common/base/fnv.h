/*
 * fnv.h - a hash that is made one value at a time (FNV-1a): a fingerprint of what has been seen, to
 * notice that it has changed. Any start but 0 will do. Pure; any thread.
 */
#ifndef VITRINE_BASE_FNV_H
#define VITRINE_BASE_FNV_H

#include <stdint.h>

static inline uint64_t fnv_mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

#endif
