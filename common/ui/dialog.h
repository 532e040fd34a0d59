/*
 * dialog.h - a question in the middle of the window, over everything else: a title, up to two
 * lines, and two buttons that name their keys. It has no state: the program knows what it asked,
 * and handles the keys. Called on the thread that draws; coordinates are pixels of the output.
 */
#ifndef VITRINE_UI_DIALOG_H
#define VITRINE_UI_DIALOG_H

#include "draw.h"

#define DIALOG_BUTTONS 2
#define DIALOG_LINES   2
#define DIALOG_NONE    (-1)

struct dialog {
	const char *title;
	const char *lines[DIALOG_LINES];     /* NULL: not there */
	const char *buttons[DIALOG_BUTTONS]; /* "Q  quit", "Esc  stay" */
	SDL_Color border;
};

/* Darkens the window and draws the question in the middle of `area`. */
void dialog_draw(const struct dialog *dialog, struct draw *draw, SDL_Rect area);

/* The button at x, y, or DIALOG_NONE. */
int dialog_hit(const struct dialog *dialog, struct draw *draw, SDL_Rect area, int x, int y);

#endif
