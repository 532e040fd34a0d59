/*
 * tray.h - the images and other files that are lined up, which one is chosen, and whose pixels are kept in memory. A
 * model: it draws nothing, decodes nothing, publishes nothing. All functions are for one thread.
 *
 * Thumbnails are kept of all; whole pictures within a budget: the chosen one always, of the others
 * those used last.
 */
#ifndef VITRINE_PRODUCER_TRAY_H
#define VITRINE_PRODUCER_TRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader.h"
#include "picture.h"

#define TRAY_NONE SIZE_MAX /* no place */

struct tray_item {
	uint64_t id; /* never 0, never used again */
	char *path;  /* absolute; the item's identity */
	const char *name;
	struct picture *thumbnail; /* NULL: not decoded yet */
	struct picture *pixels;    /* NULL: not decoded yet, or given up for the budget */
	struct loader_file file;   /* what is no image: what it is */
	uint64_t version;          /* counts how often the file was read anew */
	uint64_t bytes;            /* its pixels took when they were decoded last; 0: not known */
	uint64_t used;             /* the tray's clock when it was used last */
	uint64_t published;        /* the sequence number of its last publication; 0: none */
	unsigned wants;            /* of the job that decodes it (enum loader_wants); 0: no job */
};

struct tray;

struct tray *tray_create(uint64_t budget); /* bytes of whole pictures. NULL: no memory */
void tray_destroy(struct tray *tray);      /* NULL is allowed */

/* ---- the row ------------------------------------------------------------------------------- */

/* Adds an item at the end. `path` is not in the tray yet. NULL: no memory. */
struct tray_item *tray_add(struct tray *tray, const char *path);
/* Takes it out. The one after it (else before it) is chosen if it was. */
void tray_remove(struct tray *tray, uint64_t id);

size_t tray_count(const struct tray *tray);
struct tray_item *tray_at(const struct tray *tray, size_t place);            /* NULL: none */
struct tray_item *tray_find(const struct tray *tray, uint64_t id);           /* NULL: gone */
struct tray_item *tray_find_path(const struct tray *tray, const char *path); /* NULL: none */
size_t tray_place(const struct tray *tray, uint64_t id);                     /* TRAY_NONE: gone */

/* ---- the chosen one ------------------------------------------------------------------------ */

/* The first item added is chosen by itself; places beyond the ends mean the ends. */
void tray_choose(struct tray *tray, size_t place);
size_t tray_chosen_place(const struct tray *tray);      /* TRAY_NONE: the tray is empty */
struct tray_item *tray_chosen(const struct tray *tray); /* NULL: the tray is empty */

/* ---- what is in memory --------------------------------------------------------------------- */

/*
 * The item's file was decoded; takes both references over (each may be NULL). Pixels that are wanted
 * (chosen, to be published …) make others give up theirs; others are kept only if there is room.
 */
void tray_decoded(struct tray *tray, struct tray_item *item, struct picture *thumbnail,
	struct picture *pixels, bool is_wanted);

/* The item's file is no image. */
void tray_set_file(struct tray *tray, struct tray_item *item, const struct loader_file *file);
bool tray_is_file(const struct tray_item *item);

/* The item's file has changed: its pixels are not to be shown or published any more. */
void tray_outdate(struct tray *tray, struct tray_item *item);

/* The item is in use: the pixels of those that were not for longest are given up first. */
void tray_use(struct tray *tray, struct tray_item *item);

/*
 * The item whose pixels should be decoded next: the chosen one, then its neighbours if they fit
 * beside it. Items that have no thumbnail yet are being decoded anyway. NULL: all is there.
 */
struct tray_item *tray_lacking(const struct tray *tray);

uint64_t tray_bytes(const struct tray *tray); /* of whole pictures, now */

#endif
