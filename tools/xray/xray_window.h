/* xray_window.h - the program vitrine-xray, which is the window of vitrine xray and of vitrine play. */
#ifndef VITRINE_TOOLS_XRAY_WINDOW_H
#define VITRINE_TOOLS_XRAY_WINDOW_H

#include <stdbool.h>

#include "log.h"

/* Whether a person looks at standard output, and there is a display. */
bool xray_can_open_window(void);

/* Executes the window with these arguments, of which it sets the first. Returns only on failure. */
int xray_become_window(const struct log *log, char **words);

#endif
