/* drop.c - see drop.h. */
#include "drop.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "uri.h"

void drop_add(struct drop *drop, const char *path)
{
	grow_texts(&drop->paths, &drop->count, path);
}

void drop_add_text(struct drop *drop, const char *text, drop_refuse *refuse, void *data)
{
	char path[PATH_MAX];
	char reason[TEXT_REASON_MAX];
	enum uri_kind kind;

	while ((kind = uri_next(&text, path, reason)) != URI_END) {
		if (kind == URI_PATH) {
			drop_add(drop, path);
			continue;
		}
		if (kind != URI_TEXT || !drop->was_text)
			refuse(data, path, reason);
		drop->was_refused = true;
		drop->was_text |= kind == URI_TEXT;
	}
}

Uint32 drop_text_event(void)
{
	static Uint32 type;

	if (type == 0)
		type = SDL_RegisterEvents(1);
	return type;
}

static enum drop_news add_own(struct drop *drop, const SDL_UserEvent *event, drop_refuse *refuse,
	void *data)
{
	if (event->code == DROP_HOVERS)
		return DROP_NOTHING;
	if (event->code == DROP_TEXT)
		drop_forget(drop);
	if (event->data1 != NULL)
		drop_add_text(drop, event->data1, refuse, data);
	SDL_free(event->data1);
	return event->code == DROP_TEXT ? DROP_WHOLE : DROP_MORE;
}

enum drop_news drop_event(struct drop *drop, const SDL_Event *event, drop_refuse *refuse,
	void *data)
{
	if (event->type == drop_text_event())
		return add_own(drop, &event->user, refuse, data);
	switch (event->type) {
	case SDL_DROPBEGIN: drop_forget(drop); return DROP_MORE;
	case SDL_DROPFILE:
		/* SDL reports a comment in a list of URIs as a file without a name. */
		if (event->drop.file != NULL && event->drop.file[0] != '\0')
			drop_add(drop, event->drop.file);
		SDL_free(event->drop.file);
		return DROP_MORE;
	case SDL_DROPTEXT:
		if (event->drop.file != NULL)
			drop_add_text(drop, event->drop.file, refuse, data);
		SDL_free(event->drop.file);
		return DROP_MORE;
	case SDL_DROPCOMPLETE: return DROP_WHOLE;
	default: return DROP_NOTHING;
	}
}

void drop_forget(struct drop *drop)
{
	grow_free_texts(drop->paths, drop->count);
	*drop = (struct drop){0};
}
