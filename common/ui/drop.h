/*
 * drop.h - collects the events of one drop on a window into a list of paths. Called on the thread
 * that draws.
 */
#ifndef VITRINE_UI_DROP_H
#define VITRINE_UI_DROP_H

#include "text.h"

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

/* All zeros: nothing was dropped. */
struct drop {
	char **paths;
	size_t count;
	bool was_refused; /* a part of the drop is not a file */
	bool was_text;    /* a line was neither a path nor a URI; the next ones are not reported */
};

enum drop_news {
	DROP_NOTHING, /* the event is not part of a drop */
	DROP_MORE,    /* the event is part of a drop that continues */
	DROP_WHOLE,   /* the last event of a drop: use the paths, then call drop_forget() */
};

/* Called for each line that is not a file, with the line in printable form and the reason. */
typedef void drop_refuse(void *data, const char *what, const char *reason);

/*
 * The type of an event (SDL_UserEvent) by which a part of this room reports a drop in place of SDL.
 * `code` DROP_TEXT: one whole drop; `data1` is the text of URIs and paths, from SDL_malloc(), or
 * NULL if it did not arrive. DROP_PART: the same of a drop that SDL reports otherwise. DROP_HOVERS:
 * a drag has entered or left the window.
 */
enum { DROP_TEXT, DROP_PART, DROP_HOVERS };
Uint32 drop_text_event(void);

/* Handles any event; frees the text of a drop's event. */
enum drop_news drop_event(struct drop *drop, const SDL_Event *event, drop_refuse *refuse,
	void *data);
/* Add a path, or lines of URIs and paths, that did not come in an event. */
void drop_add(struct drop *drop, const char *path);
void drop_add_text(struct drop *drop, const char *text, drop_refuse *refuse, void *data);
void drop_forget(struct drop *drop);

#endif
