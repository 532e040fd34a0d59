/*
 * outbox.h - what is to be published, in order: a queue of tray ids, each with how. The first one is
 * in the publisher's hands, or being decoded. A model; for one thread.
 */
#ifndef VITRINE_PRODUCER_OUTBOX_H
#define VITRINE_PRODUCER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outbox_entry {
	uint64_t id;   /* of an item of the tray; 0: no entry */
	bool as_bytes; /* its file as it is, even if it is an image */
};

/* All zeros is empty. */
struct outbox {
	struct outbox_entry *entries; /* the queue is from `first` to `end` */
	size_t first;
	size_t end;
	size_t room;
};

bool outbox_push(struct outbox *outbox, uint64_t id, bool as_bytes); /* false: no memory */
struct outbox_entry outbox_entry(const struct outbox *outbox, size_t place);
uint64_t outbox_at(const struct outbox *outbox, size_t place); /* the id; 0: none */
/* Whether it stands at `from` or behind. */
bool outbox_has(const struct outbox *outbox, size_t from, uint64_t id);
void outbox_pop(struct outbox *outbox); /* the first; nothing if empty */
void outbox_remove(struct outbox *outbox, size_t from, uint64_t id); /* from there on */
size_t outbox_count(const struct outbox *outbox);
void outbox_free(struct outbox *outbox); /* empties it too */

#endif
