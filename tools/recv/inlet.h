/*
 * inlet.h - where vitrine recv gets its images: as a consumer it takes them, as a mirror it only
 * reads them. A mirror finds every image that is still in its slot, in the order of publication.
 * One thread.
 */
#ifndef VITRINE_TOOLS_INLET_H
#define VITRINE_TOOLS_INLET_H

#include <stdbool.h>
#include <stdint.h>

#include "tool.h"

struct inlet {
	struct tool *tool;
	struct link *link;
	bool is_mirror;
	/* As a mirror: number of images that were overwritten before they were copied. */
	uint64_t missed;
	/* private */
	uint64_t last;       /* sequence number of the last image seen as a mirror; 0: none */
	uint64_t reported;   /* how many of `missed` are in the log */
	int64_t reported_ns; /* when that was last logged */
};

/*
 * Waits for the next image, which stays where it is until inlet_done(). Sleeps in naps, so that a
 * signal is noticed. Returns 0 or the library's error: VITRINE_ETIMEDOUT and VITRINE_EINTR, too,
 * when `timeout_ns` has passed or a signal arrived.
 */
int inlet_next(struct inlet *inlet, int64_t timeout_ns, struct vitrine_image *image);

/*
 * Copies its bytes to `to`. false: it was overwritten in the meantime; a mirror counts it as
 * missed.
 */
bool inlet_copy(struct inlet *inlet, const struct vitrine_image *image, void *to);

/* Releases a taken image; does nothing as a mirror. Returns 0 or the error. */
int inlet_done(struct inlet *inlet, const struct vitrine_image *image);

/* Puts a taken image back, so that it waits again. */
void inlet_return(struct inlet *inlet, const struct vitrine_image *image);

/* The channel was removed, and opened again: its numbers begin at 1. */
void inlet_restart(struct inlet *inlet);

/* Logs the missed images, and prints their number on standard error. */
void inlet_end(struct inlet *inlet);

#endif
