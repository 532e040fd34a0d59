/* reading.c - see reading.h. */
#include "reading.h"

void reading_end(struct reading *reading)
{
	page_open(&reading->page, NULL, 0);
	picture_unref(reading->holder);
	reading->holder = NULL;
	reading->number = 0;
}

void reading_follow(struct reading *reading, const struct viewer_image *shown,
	struct history *history)
{
	struct history_entry entry;

	if (reading->number == shown->number)
		return;
	reading_end(reading);
	reading->number = shown->number;
	if (shown->content.kind != CONTENT_TEXT ||
		!history_get(history, HISTORY_THIS, shown->number, &entry))
		return;
	reading->holder = entry.picture;
	page_open(&reading->page, (const char *)entry.content.bytes, (size_t)entry.image.size);
}
