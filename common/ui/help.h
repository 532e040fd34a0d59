/*
 * help.h - the overlay that lists the keys, drawn from the program's table. Shrinks its type and, if
 * that is not enough, scrolls. It owns nothing. Called on the thread that draws.
 */
#ifndef VITRINE_UI_HELP_H
#define VITRINE_UI_HELP_H

#include "draw.h"
#include "keys.h"

#include <SDL_events.h>
#include <stdbool.h>

/* All zero is closed. The program toggles `open` at its help command. */
struct help {
	bool open;
	int scroll; /* pixels; help_draw() limits it */
};

/*
 * While open it takes all keys and clicks: Esc, ?, F1, Q, Enter, Space or a click closes it, wheel and
 * arrows scroll. True: the event was for the help (also if it changed nothing): redraw, look no
 * further. Window and quit events are never taken, nor are Ctrl combinations.
 */
bool help_event(struct help *help, const SDL_Event *event);

/* Draws it over `area`, if it is open. */
void help_draw(struct help *help, struct draw *draw, SDL_Rect area, const char *title,
	const struct key_table *table);

#endif
