/*
 * page.h - a text on the screen: wrapped, scrolled, of any length. Only visible lines are laid out,
 * so a book opens as fast as a note. It reads the text in place. Bytes that are not UTF-8 are shown
 * as a replacement character.
 *
 * Called on the thread that draws; coordinates are pixels of the output.
 */
#ifndef VITRINE_UI_PAGE_H
#define VITRINE_UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "draw.h"

/* All zeros: an empty page. */
struct page {
	const char *text; /* the caller's, without NUL; must exist until the next page_open() */
	size_t size;
	size_t top;     /* where the uppermost visible line begins */
	int zoom;       /* steps of type size; 0: the usual size */
	SDL_Rect area;  /* as given to page_place() */
	int height;     /* of a line */
	size_t rows;    /* number of lines that fit into the area */
	bool is_whole;  /* all of it is visible */
	bool is_at_end; /* its last line is visible */
};

/* Shows another text, from its beginning. NULL: none. */
void page_open(struct page *page, const char *text, size_t size);
bool page_is_open(const struct page *page);

/* Sets the area to draw in. Keeps the first visible line when the width changes. */
void page_place(struct page *page, struct draw *draw, SDL_Rect area);

/* These return true if the page must be redrawn. Positive `lines` scroll down. */
bool page_scroll(struct page *page, struct draw *draw, int lines);
bool page_turn(struct page *page, struct draw *draw, int pages);
bool page_to_start(struct page *page);
bool page_to_end(struct page *page, struct draw *draw);
/* Larger (above 0) or smaller type; 0: the usual size. */
bool page_zoom(struct page *page, struct draw *draw, int steps);

void page_draw(struct page *page, struct draw *draw);

#endif
