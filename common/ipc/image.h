/*
 * image.h - the description of an image: created by the publisher, checked by the reader, and
 * stored in and loaded from a descriptor of the segment. Private to common/ipc.
 */
#ifndef VITRINE_IPC_IMAGE_H
#define VITRINE_IPC_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "layout.h"
#include "vitrine.h"

/* True if the image's numbers are possible in `room` bytes; used by publishers and readers. */
bool image_fits(const struct vitrine_image *image, uint64_t room);

/*
 * For readers: true if image_fits(), and the pages of a large payload exist. Reading an untouched
 * page of a segment would allocate it, so without this check a descriptor of a few bytes could fill
 * the reader's memory with zeros.
 */
bool image_is_sound(const struct vitrine_image *image, const struct vitrine_info *info);

/* Writes all fields of the descriptor except `sequence`, `previous`, `resident` and `populated`. */
void image_store(struct descriptor *descriptor, const struct vitrine_image *image);

/*
 * Copies the descriptor once and makes its texts harmless; does not set image->data and slot. The
 * numbers are untrusted until image_fits() has accepted the copy.
 */
void image_load(struct vitrine_image *image, const struct descriptor *descriptor);

#endif
