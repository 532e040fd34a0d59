/*
 * glass.h - a window that shows a picture of the lesson, by SDL. Where there is no display there is
 * no window, and the lesson goes on without.
 */
#ifndef LESSON_GLASS_H
#define LESSON_GLASS_H

#include <stdbool.h>
#include <stdint.h>

struct glass;

enum glass_side { GLASS_LEFT, GLASS_RIGHT };

/* Opens a window in one half of the screen. NULL: there is no display. */
struct glass *glass_open(const char *title, enum glass_side side);

/*
 * Shows width x height pixels, 0xRRGGBB each, and tends the window. false: it was closed. With NULL
 * for the glass it does nothing, and the window is never closed.
 */
bool glass_show(struct glass *glass, const uint32_t *pixels, int width, int height);

void glass_close(struct glass *glass); /* NULL is allowed */

#endif
