/*
 * help.h - the overlay that lists the keys, drawn from the program's table. Shrinks its type and,
 * if that is not enough, scrolls. It owns nothing. Called on the thread that draws.
 */
#ifndef VITRINE_UI_HELP_H
#define VITRINE_UI_HELP_H

#include "draw.h"
#include "key_table.h"

#include <SDL_events.h>
#include <stdbool.h>

/* All zeros: closed. The program's help command toggles `open`. */
struct help {
	bool open;
	int scroll; /* pixels; help_draw() limits it */
};

/*
 * While open it handles all keys and clicks: Esc, ?, F1, Q, Enter, Space or a click closes it; the
 * wheel and the arrows scroll. True: the event was for the help, even if it changed nothing:
 * redraw, and ignore the event. It never handles window and quit events, or combinations with Ctrl.
 */
bool help_event(struct help *help, const SDL_Event *event);

/* Draws it over `area`, if it is open. */
void help_draw(struct help *help, struct draw *draw, SDL_Rect area, const char *title,
	const struct key_table *table);

#endif
