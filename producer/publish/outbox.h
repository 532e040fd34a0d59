/*
 * outbox.h - the queue of items to publish: tray ids, each with how to publish it. The first one is
 * being published or decoded. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_OUTBOX_H
#define VITRINE_PRODUCER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "picture.h"

struct outbox_entry {
	uint64_t id;           /* of an item of the tray; 0: no entry */
	bool as_bytes;         /* publish its file unchanged, even if it is an image */
	struct picture *frame; /* publish this frame of an animation; a reference. NULL: no */
};

/* All zeros: empty. */
struct outbox {
	struct outbox_entry *entries; /* the queue: from `first` to `end` */
	size_t first;
	size_t end;
	size_t room;
};

bool outbox_push(struct outbox *outbox, uint64_t id, bool as_bytes); /* false: no memory */
/* Takes a reference to `frame`. False: no memory. */
bool outbox_push_frame(struct outbox *outbox, uint64_t id, struct picture *frame);
/* What it points to stays in the outbox. */
struct outbox_entry outbox_entry(const struct outbox *outbox, size_t place);
uint64_t outbox_at(const struct outbox *outbox, size_t place); /* the id; 0: none */
/* True if it is at place `from` or later. */
bool outbox_has(const struct outbox *outbox, size_t from, uint64_t id);
void outbox_pop(struct outbox *outbox); /* removes the first; does nothing if empty */
void outbox_remove(struct outbox *outbox, size_t from, uint64_t id); /* at or after `from` */
size_t outbox_count(const struct outbox *outbox);
void outbox_free(struct outbox *outbox); /* empties it too */

#endif
