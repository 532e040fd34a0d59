/*
 * lecture.h - the X-ray panel in lecture mode, readable from the last row: three large numbers, one
 * sentence, the curves of `empty` and `full`, and the states of the slots. It draws a model and has
 * no state. Called on the thread that draws.
 */
#ifndef VITRINE_XRAY_LECTURE_H
#define VITRINE_XRAY_LECTURE_H

#include "curves.h"
#include "draw.h"
#include "xray_model.h"

/* `sentence`: describes what happens; NULL: the most important sentence of the model. */
void lecture_draw(struct draw *draw, SDL_Rect area, const struct xray_model *model,
	const struct curves *curves, const char *sentence);

#endif
