/*
 * menu.h - a context menu: commands with the keys that do the same beside them, from the program's
 * table. The mouse and the keyboard choose; the program runs the command. Called on the thread that
 * draws; coordinates are pixels of the output.
 */
#ifndef VITRINE_UI_MENU_H
#define VITRINE_UI_MENU_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw.h"
#include "keys.h"

#define MENU_ITEMS_MAX 24

struct menu_item {
	const char *label; /* NULL: a line between two groups */
	int command;
};

/* All zeros: closed. */
struct menu {
	bool is_open;
	SDL_Point at; /* where it was asked for */
	struct menu_item items[MENU_ITEMS_MAX];
	size_t count;
	size_t lit;    /* the item that Enter or a click runs; `count`: none */
	SDL_Rect card; /* as it was drawn last */
	int row, pad;  /* height of an item, and of the edge above and below them */
	int scroll;    /* pixels of the items that are out of sight above … */
	int hidden;    /* … and altogether */
};

void menu_open(struct menu *menu, int x, int y);
/* More items than there is room for are left out. */
void menu_add(struct menu *menu, const char *label, int command);
void menu_add_line(struct menu *menu);

enum menu_answer {
	MENU_NOTHING, /* it is closed, or the event is none of its own */
	MENU_TAKEN,   /* the event was for the menu: draw again */
	MENU_CHOSEN,  /* *command was chosen, and the menu is closed */
};

/*
 * While it is open it takes all keys and the mouse; Esc and a click beside it close it. Where it is
 * taller than its area, the wheel and the arrows scroll it.
 */
enum menu_answer menu_event(struct menu *menu, const SDL_Event *event, int *command);

/* Draws it within `area`, if it is open. */
void menu_draw(struct menu *menu, struct draw *draw, SDL_Rect area, const struct key_table *table);

#endif
