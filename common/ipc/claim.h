/* claim.h - the functions that channel.c shares with trim.c. Private to common/ipc. */
#ifndef VITRINE_IPC_CLAIM_H
#define VITRINE_IPC_CLAIM_H

#include "handle.h"

/* Records a claim that the semaphores have granted, and hides the slot's old image from mirrors. */
void mark_claimed(struct vitrine_channel *channel, uint32_t slot);

/* Gives a claimed slot back without publishing an image. Returns 0 or a vitrine_error. */
int abandon_slot(struct vitrine_channel *channel, uint32_t slot);

/* Returns VITRINE_ETOOLARGE if a slot has fewer than `size` bytes, otherwise 0. */
int check_size(struct vitrine_channel *channel, uint64_t size);

#endif
