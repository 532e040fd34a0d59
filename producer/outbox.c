/* outbox.c - see outbox.h. */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct outbox *outbox)
{
	size_t room = outbox->room > 0 ? outbox->room * 2 : 64;
	uint64_t *ids;

	if (outbox->end < outbox->room)
		return true;
	if (outbox->first > outbox->room / 2) {
		memmove(outbox->ids, outbox->ids + outbox->first,
			outbox_count(outbox) * sizeof(*ids));
		outbox->end -= outbox->first;
		outbox->first = 0;
		return true;
	}
	ids = reallocarray(outbox->ids, room, sizeof(*ids));
	if (ids == NULL)
		return false;
	outbox->ids = ids;
	outbox->room = room;
	return true;
}

bool outbox_push(struct outbox *outbox, uint64_t id)
{
	if (!grow(outbox))
		return false;
	outbox->ids[outbox->end++] = id;
	return true;
}

uint64_t outbox_at(const struct outbox *outbox, size_t place)
{
	return place < outbox_count(outbox) ? outbox->ids[outbox->first + place] : 0;
}

bool outbox_has(const struct outbox *outbox, size_t from, uint64_t id)
{
	for (size_t i = outbox->first + from; i < outbox->end; i++)
		if (outbox->ids[i] == id)
			return true;
	return false;
}

void outbox_pop(struct outbox *outbox)
{
	if (outbox->first < outbox->end)
		outbox->first++;
}

void outbox_remove(struct outbox *outbox, size_t from, uint64_t id)
{
	size_t kept = outbox->first + from;

	if (from >= outbox_count(outbox))
		return;
	for (size_t i = kept; i < outbox->end; i++)
		if (outbox->ids[i] != id)
			outbox->ids[kept++] = outbox->ids[i];
	outbox->end = kept;
}

size_t outbox_count(const struct outbox *outbox)
{
	return outbox->end - outbox->first;
}

void outbox_free(struct outbox *outbox)
{
	free(outbox->ids);
	*outbox = (struct outbox){0};
}
