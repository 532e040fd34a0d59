/*
 * xray.h - the X-ray panel: the channel's real semaphores, its slots and this program's own calls,
 * drawn from a model. It asks the kernel nothing. Called on the thread that draws.
 */
#ifndef VITRINE_XRAY_XRAY_H
#define VITRINE_XRAY_XRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "draw.h"
#include "theme.h"
#include "xray_layout.h"
#include "xray_model.h"
#include "xray_thumbnail.h"

struct xray;

/* `accent`: the colour of this program's role. NULL: no memory. */
struct xray *xray_create(struct draw *draw, enum theme_colour accent);
void xray_destroy(struct xray *xray); /* NULL is allowed */
void xray_forget(struct xray *xray);  /* the renderer lost its textures */

/* Sets the model to draw, which is copied. */
void xray_set_model(struct xray *xray, const struct xray_model *model);

/* Sets the picture of a slot's image, which is copied. width 0: none. */
void xray_set_thumbnail(struct xray *xray, uint32_t slot, const struct xray_thumbnail *thumbnail);

/* Sets its place. Call before drawing, and before passing events. */
void xray_place(struct xray *xray, SDL_Rect area);
const struct xray_layout *xray_get_layout(const struct xray *xray);
void xray_scroll(struct xray *xray, int by); /* pixels */

void xray_draw(struct xray *xray);

/* The colour of a state, for borders, pills and the timeline; and the word on its pill. */
SDL_Color xray_state_colour(uint32_t state);
const char *xray_state_word(uint32_t state);

#endif
