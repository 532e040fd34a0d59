/* removed.c - see removed.h. */
#include "removed.h"

#include <stdlib.h>
#include <string.h>

bool removed_begin(struct removed *removed)
{
	size_t room = removed->room > 0 ? removed->room * 2 : 16;
	struct removed_item **steps;

	if (removed->count > 0 && removed->steps[removed->count - 1] == NULL)
		return true; /* nothing was added to the last one */
	if (removed->count == removed->room) {
		steps = reallocarray(removed->steps, room, sizeof(struct removed_item *));
		if (steps == NULL)
			return false;
		removed->steps = steps;
		removed->room = room;
	}
	removed->steps[removed->count++] = NULL;
	return true;
}

bool removed_add(struct removed *removed, const struct tray *tray, const struct tray_item *item)
{
	struct removed_item *copy = calloc(1, sizeof(*copy));
	struct removed_item **step;

	if (copy == NULL || removed->count == 0 || (copy->path = strdup(item->path)) == NULL) {
		free(copy);
		return false;
	}
	step = &removed->steps[removed->count - 1];
	copy->place = tray_place(tray, item->id);
	copy->by_hand = item->by_hand;
	copy->before = *step;
	*step = copy;
	return true;
}

struct removed_item *removed_pop(struct removed *removed)
{
	while (removed->count > 0) {
		struct removed_item *item = removed->steps[--removed->count];

		if (item != NULL)
			return item;
	}
	return NULL;
}

struct removed_item *removed_free_item(struct removed_item *item)
{
	struct removed_item *before = item->before;

	free(item->path);
	free(item);
	return before;
}

void removed_free(struct removed *removed)
{
	struct removed_item *item;

	while ((item = removed_pop(removed)) != NULL)
		while (item != NULL)
			item = removed_free_item(item);
	free(removed->steps);
	*removed = (struct removed){0};
}
