/* instruction.c - see instruction.h. */
#include "instruction.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)

/* ---- x86-64: Intel's manual, volume 2, appendix A -------------------------------------------- */

struct prefixes {
	bool has_lock, has_word, has_wide; /* f0, 66, REX.W */
	unsigned char repeat;              /* f2, f3 or 0 */
};

static unsigned full_size(const struct prefixes *prefixes)
{
	return prefixes->has_wide ? 8 : prefixes->has_word ? 2 : 4;
}

static const unsigned char *skip_prefixes(const unsigned char *at, const unsigned char *end,
	struct prefixes *prefixes)
{
	for (; at < end - 4; at++) {
		switch (*at) {
		case 0xf0: prefixes->has_lock = true; continue;
		case 0x66: prefixes->has_word = true; continue;
		case 0xf2:
		case 0xf3: prefixes->repeat = *at; continue;
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
		case 0x64:
		case 0x65:
		case 0x67: continue;
		default: break;
		}
		break;
	}
	if ((*at & 0xf0) == 0x40) {
		prefixes->has_wide = (*at & 0x08) != 0;
		at++;
	}
	return at;
}

/* Moves of vectors: `length` is 16, 32 or 64; `scalar` 0xf3 (single), 0xf2 (double), or 0. */
static struct instruction decode_vector(unsigned char opcode, unsigned length, unsigned char scalar)
{
	switch (opcode) {
	case 0x10:
	case 0x11:
		return (struct instruction){
			.size = scalar == 0xf3   ? 4
				: scalar == 0xf2 ? 8
						 : length,
			.only_stores = opcode == 0x11,
		};
	case 0x28:
	case 0x6f: return (struct instruction){.size = length};
	case 0x29:
	case 0x2b:
	case 0x7f:
	case 0xe7: return (struct instruction){.size = length, .only_stores = true};
	case 0x12:
	case 0x16: return (struct instruction){.size = 8};
	case 0x13:
	case 0x17:
	case 0xd6: return (struct instruction){.size = 8, .only_stores = true};
	case 0x7e:
		return (struct instruction){
			.size = scalar == 0xf3 ? 8 : 4, .only_stores = scalar != 0xf3};
	case 0x6e: return (struct instruction){.size = 4};
	default: return (struct instruction){.size = 1};
	}
}

/* The opcodes after 0f. */
static struct instruction decode_two(unsigned char opcode, const struct prefixes *prefixes)
{
	unsigned size = full_size(prefixes);
	bool is_mmx = !prefixes->has_word && prefixes->repeat == 0;

	switch (opcode) {
	case 0xb6:
	case 0xbe: return (struct instruction){.size = 1};
	case 0xb7:
	case 0xbf: return (struct instruction){.size = 2};
	case 0xb0:
	case 0xc0: return (struct instruction){.size = 1};
	case 0xa3:
	case 0xab:
	case 0xb1:
	case 0xb3:
	case 0xba:
	case 0xbb:
	case 0xc1:
	case 0xc7: return (struct instruction){.size = size};
	case 0xc3: return (struct instruction){.size = size, .only_stores = true};
	case 0x6f:
	case 0x7f:
	case 0xe7:
		if (is_mmx)
			return decode_vector(opcode, 8, 0);
		break;
	default: break;
	}
	if (opcode >= 0x90 && opcode <= 0x9f)
		return (struct instruction){.size = 1, .only_stores = true};
	return decode_vector(opcode, 16, prefixes->repeat);
}

static struct instruction decode_one(unsigned char opcode, unsigned char modrm,
	const struct prefixes *prefixes)
{
	unsigned size = (opcode & 1) != 0 ? full_size(prefixes) : 1;
	unsigned field = modrm >> 3 & 7;

	if (opcode < 0x40)
		return (struct instruction){.size = size};
	switch (opcode) {
	case 0x63: return (struct instruction){.size = 4};
	case 0x86:
	case 0x87: return (struct instruction){.size = size, .is_atomic = true};
	case 0x88:
	case 0x89:
	case 0xa4: /* string moves: what they read is elsewhere */
	case 0xa5:
	case 0xaa:
	case 0xab:
	case 0xc6:
	case 0xc7: return (struct instruction){.size = size, .only_stores = true};
	case 0x80:
	case 0x81:
	case 0x84:
	case 0x85:
	case 0x8a:
	case 0x8b:
	case 0xc0:
	case 0xc1:
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
	case 0xf6:
	case 0xf7:
	case 0xfe:
	case 0xff: return (struct instruction){.size = size};
	case 0x83: return (struct instruction){.size = full_size(prefixes)};
	case 0xd9:
	case 0xdd: /* the floating-point unit: float, double */
		if (field == 0 || field == 2 || field == 3)
			return (struct instruction){
				.size = opcode == 0xd9 ? 4 : 8, .only_stores = field != 0};
		break;
	default: break;
	}
	return (struct instruction){.size = 1};
}

/* VEX and EVEX; the last two bits of one byte stand for a prefix 66, f3 or f2. */
static struct instruction decode_extended(const unsigned char *at)
{
	static const unsigned char scalars[] = {0, 0, 0xf3, 0xf2};

	if (at[0] == 0xc5)
		return decode_vector(at[2], (at[1] & 4) != 0 ? 32 : 16, scalars[at[1] & 3]);
	if (at[0] == 0xc4 && (at[1] & 0x1f) == 1)
		return decode_vector(at[3], (at[2] & 4) != 0 ? 32 : 16, scalars[at[2] & 3]);
	if (at[0] == 0x62 && (at[1] & 7) == 1)
		return decode_vector(at[4], 16u << (at[3] >> 5 & 3), scalars[at[2] & 3]);
	return (struct instruction){.size = 1};
}

struct instruction instruction_decode(const unsigned char bytes[INSTRUCTION_BYTES])
{
	struct prefixes prefixes = {0};
	const unsigned char *at = skip_prefixes(bytes, bytes + INSTRUCTION_BYTES, &prefixes);
	struct instruction decoded;

	if (at == bytes && (at[0] == 0xc4 || at[0] == 0xc5 || at[0] == 0x62))
		return decode_extended(at);
	decoded =
		at[0] == 0x0f ? decode_two(at[1], &prefixes) : decode_one(at[0], at[1], &prefixes);
	decoded.is_atomic |= prefixes.has_lock;
	return decoded;
}

#elif defined(__aarch64__)

/* ---- aarch64: Arm's manual, C4.1, loads and stores ------------------------------------------- */

struct instruction instruction_decode(const unsigned char bytes[INSTRUCTION_BYTES])
{
	uint32_t word;
	unsigned size;
	bool is_load;

	memcpy(&word, bytes, sizeof(word));
	size = 1u << (word >> 30);
	is_load = (word & 1u << 22) != 0;
	/* Exclusive pairs and ordered accesses: ldxr, stxr, ldar, stlr, cas. */
	if ((word & 0x3f000000) == 0x08000000)
		return (struct instruction){.size = size,
			.is_atomic = true,
			.is_exclusive = (word & 0x00a00000) == 0 && is_load,
			.only_stores = !is_load};
	/* Atomic operations on memory: ldadd, swp, ldapr. */
	if ((word & 0x3f200c00) == 0x38200000)
		return (struct instruction){.size = size, .is_atomic = true};
	/* Pairs: ldp, stp. */
	if ((word & 0x3a000000) == 0x28000000)
		return (struct instruction){.size = (word & 0x04000000) != 0 ? 8u << (word >> 30)
						    : word >> 30 == 2        ? 16
									     : 8,
			.only_stores = !is_load};
	/* One register; of vectors, the upper bit of the size is bit 23. */
	if ((word & 0x3a000000) == 0x38000000) {
		bool is_store = (word & 0x00c00000) == 0;

		if ((word & 0x04000000) != 0) {
			size = (word & 0x00800000) != 0 ? 16 : size;
			is_store = !is_load;
		}
		return (struct instruction){.size = size, .only_stores = is_store};
	}
	return (struct instruction){.size = 1};
}

#else

struct instruction instruction_decode(const unsigned char bytes[INSTRUCTION_BYTES])
{
	(void)bytes;
	return (struct instruction){.size = 1};
}

#endif
