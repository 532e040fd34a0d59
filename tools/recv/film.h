/*
 * film.h - writes images to standard output as a stream of frames at a fixed rate: if no new image
 * has arrived, the previous frame is repeated; if several have, the newest is written. A thread of
 * its own converts and writes. Up to FILM_BYTES_MOST bytes of frames wait for it; frames for which
 * there is no room are dropped. All frames have the size and format of the first one.
 */
#ifndef VITRINE_TOOLS_FILM_H
#define VITRINE_TOOLS_FILM_H

#include <stdbool.h>
#include <stdint.h>

#include "film_format.h"
#include "log.h"
#include "vitrine.h"

#define FILM_BYTES_MOST   (UINT64_C(256) << 20)
#define FILM_FPS_DEFAULT  30.0
#define FILM_QUALITY_JPEG 90

struct film;

/* NULL: no memory, or no thread. */
struct film *film_create(const struct log *log, enum film_kind kind, double fps);

/*
 * Returns memory to which to copy the image's bytes; then call film_add(), or film_reserve() again.
 * NULL: drop the image, because it comes too early, there is no room, or its size differs from that
 * of the first one (which is logged).
 */
void *film_reserve(struct film *film, const struct vitrine_image *image);

/* Adds the frame that was copied to the memory from film_reserve(). */
void film_add(struct film *film);

/* Repeats the last frame until now; call it several times a second. */
void film_hold(struct film *film);

/* True once nothing more can be written: the reader has closed the pipe, or the disk is full. */
bool film_has_ended(struct film *film);

/*
 * Writes the remaining frames, logs "stream-ended" with the number of images that its caller
 * missed, and frees the film. false: not everything could be written. Waits at most a few seconds
 * for a reader that does not read.
 */
bool film_close(struct film *film, uint64_t missed);

#endif
