/*
 * face.h - finds font files with fontconfig and opens them at the requested sizes. Only font.c
 * includes this.
 */
#ifndef VITRINE_UI_FACE_H
#define VITRINE_UI_FACE_H

#include "font.h"

#include <SDL_ttf.h>

struct faces;

struct faces *faces_create(void);            /* NULL: no memory. Searches for no font yet. */
void faces_destroy(struct faces *faces);     /* NULL is allowed */
void faces_close_fonts(struct faces *faces); /* before sizes change; the files found are kept */

/* The font of a face at `size` pixels; owned by `faces`. NULL: none, faces_error() says why. */
TTF_Font *faces_open(struct faces *faces, enum font_face face, int size);

/*
 * The same; if the font lacks `character`, another font that has it; if there is none, the face
 * itself.
 */
TTF_Font *faces_open_for(struct faces *faces, enum font_face face, int size, Uint32 character);

const char *faces_error(const struct faces *faces); /* "" if nothing went wrong */

#endif
