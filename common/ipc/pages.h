/*
 * pages.h - allocates and frees the memory of a claimed slot. Private to common/ipc.
 */
#ifndef VITRINE_IPC_PAGES_H
#define VITRINE_IPC_PAGES_H

#include "handle.h"

/*
 * Allocates pages for the slot's first `size` bytes and frees those beyond. Returns 0 or -errno;
 * -ENOMEM: memory is short (without this call, the first write would then raise SIGBUS). Only the
 * process that claimed the slot may call this.
 */
int pages_prepare(struct vitrine_channel *channel, uint32_t slot, uint64_t size);

/*
 * True if the slot has pages for its first `size` bytes and no more, all of them in this process's
 * page tables, so that pages_prepare() would do nothing. While the slot is not claimed, the result
 * is only a guess.
 */
bool pages_are_ready(const struct vitrine_channel *channel, uint32_t slot, uint64_t size);

#endif
