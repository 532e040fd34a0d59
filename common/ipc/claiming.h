/* claiming.h - how a producer gets a slot, and gives it back unpublished. Private to common/ipc. */
#ifndef VITRINE_CLAIMING_H
#define VITRINE_CLAIMING_H

#include "handle.h"

/*
 * Claims a slot without a word about its memory, and marks it as being written. Returns its number
 * or a negative vitrine_error; *dropped is the number of the image that made way, if one did.
 */
int claim_slot(struct vitrine_channel *channel, uint32_t when_full, int64_t timeout_ns,
	uint64_t *dropped);

int abandon_slot(struct vitrine_channel *channel, uint32_t slot);

#endif
