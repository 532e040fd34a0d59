/* shown_text.c - see shown_text.h. */
#include "shown_text.h"

void shown_text_end(struct shown_text *text)
{
	page_open(&text->page, NULL, 0);
	picture_unref(text->holder);
	text->holder = NULL;
	text->number = 0;
}

void shown_text_follow(struct shown_text *text, const struct viewer_image *shown,
	struct history *history)
{
	struct history_entry entry;

	if (text->number == shown->number)
		return;
	shown_text_end(text);
	text->number = shown->number;
	if (shown->content.kind != CONTENT_TEXT ||
		!history_get(history, HISTORY_THIS, shown->number, &entry))
		return;
	text->holder = entry.picture;
	page_open(&text->page, (const char *)entry.content.bytes, (size_t)entry.image.size);
}
