/*
 * gallery.h - the overlay of the key G: the images and texts that come with Vitrine, to choose from.
 * It shows and chooses; producer.h's sources.c fills it, loads thumbnails and puts what was chosen into the
 * tray. For the window's thread; coordinates are pixels of the output.
 */
#ifndef VITRINE_PRODUCER_GALLERY_H
#define VITRINE_PRODUCER_GALLERY_H

#include <SDL_events.h>
#include <stdbool.h>
#include <stddef.h>

#include "draw.h"
#include "picture.h"
#include "tray.h"
#include "tray_view.h"

struct gallery_item {
	char *path;
	const char *name;          /* within path */
	struct picture *thumbnail; /* a reference; NULL: not there yet, or it is a text */
};

/* All zero is closed. */
struct gallery {
	bool is_open;
	struct gallery_item *items; /* by name */
	size_t count;
	size_t chosen;
	int scroll;  /* pixels */
	int columns; /* as it was drawn last */
	SDL_Rect grid;
	SDL_Rect cell;   /* only its size counts */
	size_t revealed; /* the one that was brought into view last */
};

/* Opens it with what is in `folder`. False: errno; or 0, there is nothing to choose from. */
bool gallery_open(struct gallery *gallery, const char *folder);
void gallery_close(struct gallery *gallery); /* safe to call twice */
/* Takes the reference over; nothing if the gallery was closed meanwhile. */
void gallery_set_thumbnail(struct gallery *gallery, size_t place, struct picture *thumbnail);

enum gallery_wish {
	GALLERY_NOTHING, /* the event was not for the gallery */
	GALLERY_TAKEN,   /* it was: draw again, look no further */
	GALLERY_ADD,     /* the chosen one is to go into the tray */
	GALLERY_ADD_ALL,
	GALLERY_CLOSE,
};

/* While it is open it takes all keys and clicks, but no combinations with Ctrl. */
enum gallery_wish gallery_event(struct gallery *gallery, const SDL_Event *event);

/* Over `area`. What is in the tray has a tick; `tray_view` lends textures. */
void gallery_draw(struct gallery *gallery, struct draw *draw, SDL_Rect area,
	const struct tray *tray, struct tray_view *tray_view);

#endif
