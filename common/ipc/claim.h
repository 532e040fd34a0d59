/* claim.h - what trim.c shares with channel.c. Private to common/ipc. */
#ifndef VITRINE_CLAIM_H
#define VITRINE_CLAIM_H

#include "handle.h"

/* Notes a claim that the semaphores have granted, and hides the slot's old image from mirrors. */
void mark_claimed(struct vitrine_channel *channel, uint32_t slot);

/* Gives a claimed slot back unpublished. */
int abandon_slot(struct vitrine_channel *channel, uint32_t slot);

#endif
