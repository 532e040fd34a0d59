/*
 * sampler.h - the thread behind the X-ray. While the X-ray is open, it inspects the channel twenty
 * times a second, makes thumbnails, feeds the timeline and the trace file, and wakes the window
 * only when something has changed. It takes no lock of the channel and holds nothing in it.
 */
#ifndef VITRINE_WATCH_SAMPLER_H
#define VITRINE_WATCH_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "semop_calls.h"
#include "stepper.h"
#include "timeline.h"
#include "tracefile.h"
#include "xray_model.h"
#include "xray_thumbnail.h"

struct sampler;

struct sampler_options {
	struct link *link;
	struct semop_calls *calls;
	struct stepper *stepper;
	struct tracefile *tracefile; /* NULL: none. If set, the thread always looks */
	void (*wake)(void *data);
	void *wake_data;
};

/*
 * Starts the thread. *options is copied, but the objects that it points to must outlive the thread.
 * NULL: see errno.
 */
struct sampler *sampler_create(const struct sampler_options *options);
/* Writes the rest of the trace, and ends the thread. NULL is allowed. */
void sampler_destroy(struct sampler *sampler);

/* The functions below are for the window's thread, and never wait for a look. */

/* Sets whether the X-ray is open, and the size of a thumbnail in pixels of the output. */
void sampler_want(struct sampler *sampler, bool wanted, uint32_t box_width, uint32_t box_height);
/* Makes the thread look at once, because something has happened. Any thread. */
void sampler_look_now(struct sampler *sampler);

/* Copies the model if there is one newer than *version. False: there is none. */
bool sampler_look(struct sampler *sampler, uint64_t *version, struct xray_model *model);

/*
 * Gets the thumbnail of a slot, unless it still is *version. The caller frees the pixels; width 0:
 * the slot has no thumbnail. False: it still is *version.
 */
bool sampler_thumbnail(struct sampler *sampler, uint32_t slot, uint64_t *version,
	struct xray_thumbnail *thumbnail);

void sampler_timeline(struct sampler *sampler, struct timeline *timeline);

#endif
