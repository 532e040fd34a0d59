/*
 * confine.h - makes the decoder give up what it does not need before it sees the first file:
 * memory, descriptors, processes and, with the component SECCOMP, all system calls except those
 * needed for decoding. main calls it once, after the libraries are loaded.
 *
 * A build with sanitizers has neither the limit on memory nor the filter: sanitizers reserve
 * terabytes of addresses, and look at themselves through /proc.
 */
#ifndef VITRINE_DECODER_CONFINE_H
#define VITRINE_DECODER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

/* What the libraries of some decoders need in addition to the common system calls. */
enum confine_needs {
	CONFINE_THREADS = 1, /* they start threads; processes they may not start */
	CONFINE_FONTS = 2,   /* they ask whether files can be read: all of them, is the answer */
};

/*
 * `memory`: bytes that the pixels of a file may take. `needs`: of enum confine_needs. false:
 * `reason` says what could not be done.
 */
bool confine(uint64_t memory, unsigned needs, char reason[TEXT_REASON_MAX]);

#endif
