/* changes.c - see changes.h. */
#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include "grow.h"

bool changes_begin(struct changes *changes)
{
	struct tray_change **steps;

	if (changes->count > 0 && changes->steps[changes->count - 1] == NULL)
		return true; /* the last step is still empty */
	steps = grow_array(changes->steps, changes->count, sizeof(struct tray_change *));
	if (steps == NULL)
		return false;
	steps[changes->count++] = NULL;
	changes->steps = steps;
	return true;
}

static bool add(struct changes *changes, const struct tray *tray, const struct tray_item *item,
	bool is_move)
{
	struct tray_change *change = calloc(1, sizeof(*change));
	struct tray_change **step;

	if (change == NULL || changes->count == 0 || (change->path = strdup(item->path)) == NULL) {
		free(change);
		return false;
	}
	step = &changes->steps[changes->count - 1];
	change->place = tray_place(tray, item->id);
	change->is_move = is_move;
	change->by_hand = item->by_hand;
	change->orientation = item->orientation;
	change->before = *step;
	*step = change;
	return true;
}

bool changes_add_removal(struct changes *changes, const struct tray *tray,
	const struct tray_item *item)
{
	return add(changes, tray, item, false);
}

bool changes_add_move(struct changes *changes, const struct tray *tray,
	const struct tray_item *item)
{
	return add(changes, tray, item, true);
}

struct tray_change *changes_pop(struct changes *changes)
{
	while (changes->count > 0) {
		struct tray_change *change = changes->steps[--changes->count];

		if (change != NULL)
			return change;
	}
	return NULL;
}

struct tray_change *changes_free_one(struct tray_change *change)
{
	struct tray_change *before = change->before;

	free(change->path);
	free(change);
	return before;
}

void changes_free(struct changes *changes)
{
	struct tray_change *change;

	while ((change = changes_pop(changes)) != NULL)
		while (change != NULL)
			change = changes_free_one(change);
	free(changes->steps);
	*changes = (struct changes){0};
}
