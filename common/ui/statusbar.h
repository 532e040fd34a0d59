/*
 * statusbar.h - the status bar: on the left, texts about what is shown; on the right, hints that
 * say what the keys do. If there is not enough room, hints are omitted from the right, except the
 * first and the last; then texts are omitted from the right; finally, the name is shortened in its
 * middle. (A name that is longer than half of the bar is shortened to that first.) Called on the
 * thread that draws.
 */
#ifndef VITRINE_UI_STATUSBAR_H
#define VITRINE_UI_STATUSBAR_H

#include "draw.h"
#include "key_table.h"

#include <stdbool.h>
#include <stddef.h>

#define STATUSBAR_HINTS 16

/* Initially all zeros. It stores where the hints were drawn, so that they can be clicked. */
struct statusbar {
	struct {
		SDL_Rect rect;
		int command;
	} hints[STATUSBAR_HINTS];
	size_t hint_count;
	size_t focus;       /* the hint that Tab chose and Enter executes, from 1 on; 0: none */
	bool hides_hints;   /* set by the program in lecture mode */
	bool favours_texts; /* set by the program: shortens the name and omits hints before texts */
};

/*
 * texts[0] is the name, in bold; empty and NULL texts are omitted. Hints are the bindings that have
 * a label, in the table's order; the last one (help) is never omitted. A program whose labels
 * depend on its state ("pause", "resume") needs a writable table.
 */
void statusbar_draw(struct statusbar *bar, struct draw *draw, SDL_Rect area,
	const char *const *texts, size_t count, const struct key_table *table);

/*
 * Moves the focus to the next hint, or the one before; after the last one there is none, then the
 * first.
 */
void statusbar_move_focus(struct statusbar *bar, bool forward);
/* The command of the hint that has the focus, or KEYS_NONE. */
int statusbar_focused(const struct statusbar *bar);

/* The command of the hint at x, y, or KEYS_NONE. */
int statusbar_command(const struct statusbar *bar, int x, int y);

#endif
