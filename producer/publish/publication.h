/*
 * publication.h - what to publish of an item: its decoded pixels, or the bytes of its file.
 * Describes it and writes it into a slot once, computing the checksum on the way if requested.
 * Called on the publisher's thread. Functions return false with a reason: one line without the
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
	struct picture *picture; /* a reference; NULL: use the bytes of the file at `path` */
	int orientation;         /* how the picture is turned while it is copied: turned.h */
	char *path;
	uint32_t checksum;  /* enum vitrine_checksum */
	struct slurp slurp; /* the file, while it is open */
};

/* Initialise with {0}. Takes a reference, or copies the path. False: out of memory. */
bool publication_of_picture(struct publication *publication, struct picture *picture,
	int orientation);
bool publication_of_file(struct publication *publication, const char *path);
bool publication_is_empty(const struct publication *publication);
void publication_end(struct publication *publication); /* makes it empty; safe to call twice */

/* Opens the file, and describes the future contents of the slot. */
bool publication_open(struct publication *publication, struct vitrine_image *image,
	char reason[TEXT_REASON_MAX]);
/* Writes it into `slot`, which has image->size bytes, and its checksum into *image. */
bool publication_fill(const struct publication *publication, void *slot,
	struct vitrine_image *image, bool (*stops)(void *data), void *data,
	char reason[TEXT_REASON_MAX]);
void publication_close(struct publication *publication); /* closes the file */

#endif
