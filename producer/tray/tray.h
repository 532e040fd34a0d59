/*
 * tray.h - the images and other files in the tray, which one is chosen, and whose pixels are kept
 * in memory. A model: it draws, decodes and publishes nothing. All functions are for one thread.
 * Thumbnails are kept for all items; full pictures within a budget: always that of the chosen item,
 * and those of the most recently used others.
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
	uint64_t id; /* never 0, never reused; grows from item to item */
	char *path;  /* absolute; the item's identity */
	const char *name;
	struct picture *thumbnail; /* NULL: not decoded yet */
	struct picture *pixels;    /* NULL: not decoded yet, or dropped because of the budget */
	struct loader_file file;   /* if it is not an image: what it is */
	uint64_t version;          /* counts how often the file was reread */
	uint64_t bytes;            /* size of its pixels when last decoded; 0: unknown */
	uint64_t used;             /* time of the last use, by the tray's clock */
	uint64_t published;        /* the sequence number of its last publication; 0: none */
	unsigned wants;            /* of the job that decodes it (enum loader_wants); 0: no job */
	size_t place;              /* the tray's: its position in the row */
	int64_t again_ns; /* when to decode it again, because it was being written; 0: not */
	int orientation;  /* how the user turned it, 1 to 8: turned.h */
	bool by_hand;     /* the user dropped, pasted or opened it */
	bool is_selected; /* with others: publishing and removing act on all of them */
};

struct tray;

struct tray *tray_create(uint64_t budget); /* bytes of full pictures. NULL: out of memory */
void tray_destroy(struct tray *tray);      /* NULL is allowed */

/* ---- the row ------------------------------------------------------------------------------- */

/* Adds an item at the end. `path` is not in the tray yet. NULL: no memory. */
struct tray_item *tray_add(struct tray *tray, const char *path);
/* The same at `place`, or at the end if the row is shorter. The chosen item stays chosen. */
struct tray_item *tray_insert(struct tray *tray, const char *path, size_t place);
/*
 * Removes it. If it was chosen, the next item (otherwise the previous one) becomes the chosen one.
 */
void tray_remove(struct tray *tray, uint64_t id);

size_t tray_count(const struct tray *tray);
uint64_t tray_last_id(const struct tray *tray); /* of the item that was added last; 0: none yet */
struct tray_item *tray_at(const struct tray *tray, size_t place);            /* NULL: none */
struct tray_item *tray_find(const struct tray *tray, uint64_t id);           /* NULL: gone */
struct tray_item *tray_find_path(const struct tray *tray, const char *path); /* NULL: none */
size_t tray_place(const struct tray *tray, uint64_t id);                     /* TRAY_NONE: gone */
/* Moves it to this place, or to the end; the chosen item stays chosen. */
void tray_move(struct tray *tray, uint64_t id, size_t place);
/* Changes whenever the row does: an item is added or removed, or the order changes. */
uint64_t tray_version(const struct tray *tray);
/* How many items the user dropped or opened. */
size_t tray_by_hand(const struct tray *tray);

/* ---- the chosen one ------------------------------------------------------------------------ */

/* The first item added is chosen automatically; places beyond the ends mean the ends. */
void tray_choose(struct tray *tray, size_t place);
size_t tray_chosen_place(const struct tray *tray);      /* TRAY_NONE: the tray is empty */
struct tray_item *tray_chosen(const struct tray *tray); /* NULL: the tray is empty */

/* ---- the selection ------------------------------------------------------------------------- */

size_t tray_selected(const struct tray *tray); /* how many items are selected */
void tray_select_all(struct tray *tray, bool is_selected);
/* Selects the items from one place to the other, in either order. */
void tray_select_range(struct tray *tray, size_t from, size_t to);

/* ---- pictures in memory -------------------------------------------------------------------- */

/*
 * The item's file was decoded; takes over both references (each may be NULL). If its pixels are
 * needed (chosen, to be published …), others are dropped to make room; otherwise they are kept only
 * if there is room.
 */
void tray_decoded(struct tray *tray, struct tray_item *item, struct picture *thumbnail,
	struct picture *pixels, bool is_wanted);

/* The item's file is not an image. */
void tray_set_file(struct tray *tray, struct tray_item *item, const struct loader_file *file);
bool tray_is_file(const struct tray_item *item);

/* The item's file has changed: its pixels must not be shown or published any more. */
void tray_outdate(struct tray *tray, struct tray_item *item);

/* The item is in use: the least recently used pixels are dropped first. */
void tray_use(struct tray *tray, struct tray_item *item);

/*
 * The item whose pixels should be decoded next: the chosen one, then its neighbours if there is
 * room. Items without a thumbnail are being decoded anyway. NULL: nothing is missing.
 */
struct tray_item *tray_lacking(const struct tray *tray);

uint64_t tray_bytes(const struct tray *tray); /* current size of full pictures */

#endif
