/*
 * xray.h - the X-ray panel: the channel's real semaphores, its slots and this program's own calls,
 * drawn from a model. It asks the kernel nothing. Called on the thread that draws; time is
 * CLOCK_MONOTONIC in nanoseconds, handed in.
 */
#ifndef VITRINE_XRAY_XRAY_H
#define VITRINE_XRAY_XRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "draw.h"
#include "xray_layout.h"
#include "xray_model.h"
#include "xray_thumbnail.h"

#define XRAY_FLOW_NS INT64_C(150000000) /* so long a slot's colour flows on */

struct xray;

/* `accent`: the colour of this program's role. NULL: no memory. */
struct xray *xray_create(struct draw *draw, SDL_Color accent);
void xray_destroy(struct xray *xray); /* NULL is allowed */
void xray_forget(struct xray *xray);  /* the renderer lost its textures */

/* What is drawn from now on. Copied. */
void xray_set_model(struct xray *xray, const struct xray_model *model, int64_t now);
const struct xray_model *xray_get_model(const struct xray *xray);

/* The picture of a slot's image; copied. width 0: it has none. */
void xray_set_thumbnail(struct xray *xray, uint32_t slot, const struct xray_thumbnail *thumbnail);

/* Where it lies; before drawing, and before events. */
void xray_place(struct xray *xray, SDL_Rect area);
const struct xray_layout *xray_get_layout(const struct xray *xray);
void xray_scroll(struct xray *xray, int by); /* pixels */

/* Whether a colour is on its way at this time. */
bool xray_is_flowing(const struct xray *xray, int64_t now);
void xray_draw(struct xray *xray, int64_t now);

/* The colour of a state: borders, pills, the timeline. */
SDL_Color xray_state_colour(uint32_t state);

#endif
