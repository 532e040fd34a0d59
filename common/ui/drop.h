/*
 * drop.h - what is dropped on a window: the events of one drop become a list of paths. Called on the
 * thread that draws.
 */
#ifndef VITRINE_UI_DROP_H
#define VITRINE_UI_DROP_H

#include "text.h"

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: nothing was dropped. */
struct drop {
	char **paths;
	size_t count;
	bool was_refused; /* some of it is not a file */
};

enum drop_news {
	DROP_NOTHING, /* the event is not part of a drop */
	DROP_MORE,    /* it is */
	DROP_WHOLE,   /* it was the last of a drop: take the paths, then drop_forget() */
};

/* Called for what is not a file: a line in printable form, and the reason. */
typedef void drop_refuse(void *data, const char *what, const char *reason);

/* Frees the text of a drop's event. */
enum drop_news drop_event(struct drop *drop, const SDL_Event *event, drop_refuse *refuse,
	void *data);
/* For what comes another way: a path, or lines of URIs and paths. */
void drop_add(struct drop *drop, const char *path);
void drop_add_text(struct drop *drop, const char *text, drop_refuse *refuse, void *data);
void drop_forget(struct drop *drop);

#endif
