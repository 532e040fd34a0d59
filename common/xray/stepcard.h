/*
 * stepcard.h - what step mode shows over the picture: the next array, how it changes each value,
 * whether it will sleep and why, and what the kernel would undo if the program were killed now. It
 * draws a model and has no state. Called on the thread that draws.
 */
#ifndef VITRINE_XRAY_STEPCARD_H
#define VITRINE_XRAY_STEPCARD_H

#include <stdint.h>

#include "draw.h"
#include "stepper.h"
#include "xray_model.h"

/*
 * Its place at the top of `area`; empty without step mode and slow motion. `is_brief`: without the
 * whole array and the keys, for lecture mode.
 */
SDL_Rect stepcard_place(struct draw *draw, SDL_Rect area, const struct xray_model *model,
	enum stepper_mode mode, int64_t slow_ns, bool is_brief);

/* Draws it in the place from stepcard_place(), unless that is empty. */
void stepcard_draw(struct draw *draw, SDL_Rect card, const struct xray_model *model,
	enum stepper_mode mode, int64_t slow_ns, bool is_brief);

#endif
