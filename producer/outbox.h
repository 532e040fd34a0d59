/*
 * outbox.h - the images that are to be published, in order: a queue of tray ids. The first one is in
 * the publisher's hands, or being decoded. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_OUTBOX_H
#define VITRINE_PRODUCER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros is empty. */
struct outbox {
	uint64_t *ids; /* the queue is from `first` to `end` */
	size_t first;
	size_t end;
	size_t room;
};

bool outbox_push(struct outbox *outbox, uint64_t id);          /* false: no memory */
uint64_t outbox_at(const struct outbox *outbox, size_t place); /* 0: none */
/* Whether it stands at `from` or behind. */
bool outbox_has(const struct outbox *outbox, size_t from, uint64_t id);
void outbox_pop(struct outbox *outbox); /* the first; nothing if empty */
void outbox_remove(struct outbox *outbox, size_t from, uint64_t id); /* from there on */
size_t outbox_count(const struct outbox *outbox);
void outbox_free(struct outbox *outbox); /* empties it too */

#endif
