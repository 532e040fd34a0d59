/*
 * menu.h - a context menu: commands, and next to each the keys that do the same, from the program's
 * table. The user chooses with the mouse or the keyboard; the program executes the command. Called
 * on the thread that draws; coordinates are pixels of the output.
 */
#ifndef VITRINE_UI_MENU_H
#define VITRINE_UI_MENU_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw.h"
#include "key_table.h"

#define MENU_ITEMS_MAX 24

struct menu_item {
	const char *label; /* NULL: a line between two groups */
	int command;
};

/* All zeros: closed. */
struct menu {
	bool is_open;
	SDL_Point at; /* where the mouse was when it was opened */
	struct menu_item items[MENU_ITEMS_MAX];
	size_t count;
	size_t lit;    /* the item that Enter or a click chooses; `count`: none */
	SDL_Rect card; /* as last drawn */
	int row, pad;  /* height of an item, and of the edge above and below them */
	int scroll;    /* pixels of the items that are hidden above … */
	int hidden;    /* … and altogether */
};

void menu_open(struct menu *menu, int x, int y);
/* Ignores an item for which there is no room. */
void menu_add(struct menu *menu, const char *label, int command);
void menu_add_line(struct menu *menu);

enum menu_answer {
	MENU_NOTHING, /* it is closed, or the event is not for it */
	MENU_TAKEN,   /* the event was for the menu: redraw */
	MENU_CHOSEN,  /* *command was chosen, and the menu is closed */
};

/*
 * While open it handles all keys and the mouse; Esc or a click outside closes it. If it is taller
 * than its area, the wheel and the arrows scroll it.
 */
enum menu_answer menu_event(struct menu *menu, const SDL_Event *event, int *command);

/* Draws it within `area`, if it is open. */
void menu_draw(struct menu *menu, struct draw *draw, SDL_Rect area, const struct key_table *table);

#endif
