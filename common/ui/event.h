/*
 * event.h - creates an SDL_Event of a type, with all other bytes zero. An initialiser is not
 * enough: SDL_Event is a union, and a compiler need only set the member that is named (gcc 15
 * leaves the other bytes as they were), but SDL reads members other than the type.
 */
#ifndef VITRINE_UI_EVENT_H
#define VITRINE_UI_EVENT_H

#include <SDL_events.h>
#include <string.h>

static inline SDL_Event event_of(Uint32 type)
{
	SDL_Event event;

	memset(&event, 0, sizeof(event));
	event.type = type;
	return event;
}

#endif
