/*
 * face.h - which font files there are: finds them by fontconfig and opens them at the sizes asked
 * for. font.c draws with them; nobody else includes this.
 */
#ifndef VITRINE_UI_FACE_H
#define VITRINE_UI_FACE_H

#include "font.h"

#include <SDL_ttf.h>

struct faces;

struct faces *faces_create(void);            /* NULL: no memory. Looks for nothing yet. */
void faces_destroy(struct faces *faces);     /* NULL is allowed */
void faces_close_fonts(struct faces *faces); /* sizes are changing; what was found stays known */

/* The font of a face at `size` pixels; owned by `faces`. NULL: none, faces_error() says why. */
TTF_Font *faces_open(struct faces *faces, enum font_face face, int size);

/* The same, or if it lacks `character`, another font that has it; at last the face itself. */
TTF_Font *faces_open_for(struct faces *faces, enum font_face face, int size, Uint32 character);

const char *faces_error(const struct faces *faces); /* "" if nothing went wrong */

#endif
