/* xray_window.h - executes vitrine-xray, the window of vitrine xray and of vitrine play. */
#ifndef VITRINE_TOOLS_XRAY_WINDOW_H
#define VITRINE_TOOLS_XRAY_WINDOW_H

#include <stdbool.h>

#include "log.h"

/* True if standard output is a terminal and there is a display. */
bool xray_can_open_window(void);

/* Executes vitrine-xray with these arguments; sets words[0]. Returns only on failure. */
int xray_become_window(const struct log *log, char **words);

#endif
