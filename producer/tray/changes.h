/*
 * changes.h - what the user removed from the tray or moved along its row, so that Ctrl+Z can undo it:
 * one step for each time. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_CHANGES_H
#define VITRINE_PRODUCER_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tray.h"

struct tray_change {
	char *path;
	size_t place; /* where the item stood before */
	bool is_move; /* it is still in the tray; else it was removed, with … */
	bool by_hand; /* … these of its properties */
	int orientation;
	struct tray_change *before; /* the change of the same step before this one; NULL: none */
};

/* All zeros: nothing was changed. */
struct changes {
	struct tray_change **steps; /* of each, the last change */
	size_t count;
	size_t room;
};

/* Starts a step: the changes that follow are undone together. False: no memory. */
bool changes_begin(struct changes *changes);
/* Adds to the step that this item, which is still in its place, is removed or moved. False: no memory. */
bool changes_add_removal(struct changes *changes, const struct tray *tray,
	const struct tray_item *item);
bool changes_add_move(struct changes *changes, const struct tray *tray,
	const struct tray_item *item);

/*
 * The changes of the last step, the last one first: undone in this order, each item finds its old
 * place. The caller frees them with changes_free_one(). NULL: nothing was changed.
 */
struct tray_change *changes_pop(struct changes *changes);
/* Frees the change, and returns the one before it. */
struct tray_change *changes_free_one(struct tray_change *change);

void changes_free(struct changes *changes); /* empties it too */

#endif
