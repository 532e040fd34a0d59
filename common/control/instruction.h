/*
 * instruction.h - what the faults of an instruction that accesses memory do not show: the size of
 * the access, and whether it is atomic. Pure. It is not a complete decoder: for an instruction that
 * it does not know, it returns 1 byte, which is never too many.
 */
#ifndef VITRINE_CONTROL_INSTRUCTION_H
#define VITRINE_CONTROL_INSTRUCTION_H

#include <stdbool.h>

#define INSTRUCTION_BYTES 16

struct instruction {
	unsigned size;  /* of the access, or less */
	bool is_atomic; /* it synchronizes: a lock prefix, xchg, ldar, ldadd … */
	/*
	 * An exclusive load of aarch64: the store that belongs to it fails if the program stops in
	 * between.
	 */
	bool is_exclusive;
	bool only_stores; /* if it writes, it does not read the same bytes */
};

/* `bytes` begin with the instruction. */
struct instruction instruction_decode(const unsigned char bytes[INSTRUCTION_BYTES]);

#endif
