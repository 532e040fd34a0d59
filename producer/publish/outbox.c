/* outbox.c - see outbox.h. */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct outbox *outbox)
{
	size_t room = outbox->room > 0 ? outbox->room * 2 : 64;
	struct outbox_entry *entries;

	if (outbox->end < outbox->room)
		return true;
	if (outbox->first > outbox->room / 2) {
		memmove(outbox->entries, outbox->entries + outbox->first,
			outbox_count(outbox) * sizeof(*entries));
		outbox->end -= outbox->first;
		outbox->first = 0;
		return true;
	}
	entries = reallocarray(outbox->entries, room, sizeof(*entries));
	if (entries == NULL)
		return false;
	outbox->entries = entries;
	outbox->room = room;
	return true;
}

bool outbox_push(struct outbox *outbox, uint64_t id, bool as_bytes)
{
	if (!grow(outbox))
		return false;
	outbox->entries[outbox->end++] = (struct outbox_entry){.id = id, .as_bytes = as_bytes};
	return true;
}

bool outbox_push_frame(struct outbox *outbox, uint64_t id, struct picture *frame)
{
	if (!outbox_push(outbox, id, false))
		return false;
	outbox->entries[outbox->end - 1].frame = picture_ref(frame);
	return true;
}

struct outbox_entry outbox_entry(const struct outbox *outbox, size_t place)
{
	return place < outbox_count(outbox) ? outbox->entries[outbox->first + place]
					    : (struct outbox_entry){0};
}

uint64_t outbox_at(const struct outbox *outbox, size_t place)
{
	return outbox_entry(outbox, place).id;
}

bool outbox_has(const struct outbox *outbox, size_t from, uint64_t id)
{
	for (size_t i = outbox->first + from; i < outbox->end; i++)
		if (outbox->entries[i].id == id)
			return true;
	return false;
}

void outbox_pop(struct outbox *outbox)
{
	if (outbox->first < outbox->end)
		picture_unref(outbox->entries[outbox->first++].frame);
}

void outbox_remove(struct outbox *outbox, size_t from, uint64_t id)
{
	size_t kept = outbox->first + from;

	if (from >= outbox_count(outbox))
		return;
	for (size_t i = kept; i < outbox->end; i++)
		if (outbox->entries[i].id != id)
			outbox->entries[kept++] = outbox->entries[i];
		else
			picture_unref(outbox->entries[i].frame);
	outbox->end = kept;
}

size_t outbox_count(const struct outbox *outbox)
{
	return outbox->end - outbox->first;
}

void outbox_free(struct outbox *outbox)
{
	while (outbox_count(outbox) > 0)
		outbox_pop(outbox);
	free(outbox->entries);
	*outbox = (struct outbox){0};
}
