/*
 * removed.h - what was removed from the tray, so that Ctrl+Z can put it back: one step for each time
 * that the user removed something. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_REMOVED_H
#define VITRINE_PRODUCER_REMOVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tray.h"

struct removed_item {
	char *path;
	size_t place; /* at the time of its removal */
	bool by_hand;
	struct removed_item *before; /* of the same step, removed earlier; NULL: none */
};

/* All zeros: nothing was removed. */
struct removed {
	struct removed_item **steps; /* of each, the item that was removed last */
	size_t count;
	size_t room;
};

/* Starts a step: the items that follow are put back together. False: no memory. */
bool removed_begin(struct removed *removed);
/* Adds an item, which is still in the tray, to the step. False: no memory. */
bool removed_add(struct removed *removed, const struct tray *tray, const struct tray_item *item);

/*
 * The items of the last step, the one that was removed last first: put back in this order, each
 * finds its old place. The caller frees them with removed_free_item(). NULL: nothing was removed.
 */
struct removed_item *removed_pop(struct removed *removed);
/* Frees the item, and returns the one before it. */
struct removed_item *removed_free_item(struct removed_item *item);

void removed_free(struct removed *removed); /* empties it too */

#endif
