/*
 * gallery.h - the overlay of key G: the images and texts that come with Vitrine, to choose from. It
 * shows and chooses; sources.c fills it, loads thumbnails and adds chosen items to the tray. For
 * the window's thread; coordinates are pixels of the output.
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
	struct picture *thumbnail; /* a reference; NULL: not loaded yet, or a text */
};

/* All zeros: closed. */
struct gallery {
	bool is_open;
	struct gallery_item *items; /* by name */
	size_t count;
	size_t chosen;
	int scroll;  /* pixels */
	int columns; /* as last drawn */
	SDL_Rect grid;
	SDL_Rect cell;   /* only its size is used */
	size_t revealed; /* the item last brought into view */
};

/*
 * Opens it with the contents of `folder`. False: see errno; 0 means that there is nothing to choose
 * from.
 */
bool gallery_open(struct gallery *gallery, const char *folder);
void gallery_close(struct gallery *gallery); /* safe to call twice */
/* Takes ownership of the reference; only releases it if the gallery has been closed. */
void gallery_set_thumbnail(struct gallery *gallery, size_t place, struct picture *thumbnail);

enum gallery_wish {
	GALLERY_NOTHING, /* the event was not for the gallery */
	GALLERY_TAKEN,   /* the event was handled: draw again */
	GALLERY_ADD,     /* add the chosen item to the tray */
	GALLERY_ADD_ALL,
	GALLERY_CLOSE,
};

/* While open it takes all keys and clicks, except combinations with Ctrl. */
enum gallery_wish gallery_event(struct gallery *gallery, const SDL_Event *event);

/* Draws over `area`. Items that are in the tray have a tick; `tray_view` lends textures. */
void gallery_draw(struct gallery *gallery, struct draw *draw, SDL_Rect area,
	const struct tray *tray, struct tray_view *tray_view);

#endif
