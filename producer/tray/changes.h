/*
 * changes.h - the images that the user removed from the tray or moved along its row, so that Ctrl+Z
 * can undo that step by step. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_CHANGES_H
#define VITRINE_PRODUCER_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tray.h"

struct tray_change {
	char *path;
	size_t place; /* where the item was before */
	bool is_move; /* it was moved; false: it was removed, and had … */
	bool by_hand; /* … these properties */
	int orientation;
	struct tray_change *before; /* the change of the same step before this one; NULL: none */
};

/* All zeros: nothing was changed. */
struct changes {
	struct tray_change **steps; /* the last change of each step */
	size_t count;
};

/* Starts a step: the changes that follow are undone together. False: no memory. */
bool changes_begin(struct changes *changes);
/* Adds to the current step that this item is about to be removed or moved. False: no memory. */
bool changes_add_removal(struct changes *changes, const struct tray *tray,
	const struct tray_item *item);
bool changes_add_move(struct changes *changes, const struct tray *tray,
	const struct tray_item *item);

/*
 * Takes the changes of the last step, the last one first; undone in this order, they restore the
 * old places. The caller frees them with changes_free_one(). NULL: nothing was changed.
 */
struct tray_change *changes_pop(struct changes *changes);
/* Frees the change, and returns the one before it. */
struct tray_change *changes_free_one(struct tray_change *change);

void changes_free(struct changes *changes); /* empties it too */

#endif
