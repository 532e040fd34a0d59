/*
 * publication.h - what is to be published of one item: its decoded pixels, or the bytes of its file. It
 * says what they are and writes them into a slot, once, hashing them on the way if that is asked
 * for. The publisher's thread calls it. Functions return false with a reason: one line without the
 * file's name.
 */
#ifndef VITRINE_PRODUCER_PUBLICATION_H
#define VITRINE_PRODUCER_PUBLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"
#include "slurp.h"
#include "vitrine.h"

struct publication {
	struct picture *picture; /* a reference; NULL: the bytes of the file at `path` */
	char *path;
	uint32_t checksum;  /* enum vitrine_checksum */
	struct slurp slurp; /* the file, while it is open */
};

/* {0} is an empty one. Takes a reference, or copies the path. False: no memory. */
bool publication_of_picture(struct publication *publication, struct picture *picture);
bool publication_of_file(struct publication *publication, const char *path);
bool publication_is_empty(const struct publication *publication);
void publication_end(struct publication *publication); /* makes it empty; safe to call twice */

/* Opens the file, and describes what will be in the slot. */
bool publication_open(struct publication *publication, struct vitrine_image *image,
	char reason[TEXT_REASON_MAX]);
/* Writes it into `slot`, which has image->size bytes; and the digest into *image. */
bool publication_fill(const struct publication *publication, void *slot,
	struct vitrine_image *image, bool (*stops)(void *data), void *data,
	char reason[TEXT_REASON_MAX]);
void publication_close(struct publication *publication); /* the file */

#endif
