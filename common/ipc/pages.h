/*
 * pages.h - the memory behind a claimed slot: there when it is needed, given back when it is not.
 * Only the slot's claimer may call these. Private to common/ipc.
 */
#ifndef VITRINE_PAGES_H
#define VITRINE_PAGES_H

#include "handle.h"

/*
 * Makes sure that the slot's first `size` bytes have pages and gives those beyond back: without
 * memory this is -ENOMEM here and not a SIGBUS at the first write. Returns 0 or -errno.
 */
int pages_prepare(struct vitrine_channel *channel, uint32_t slot, uint64_t size);

#endif
