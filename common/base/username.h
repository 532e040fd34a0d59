/*
 * username.h - the name of a user. The look-up may ask the network (NSS), so do not call it while
 * drawing a window.
 */
#ifndef VITRINE_BASE_USERNAME_H
#define VITRINE_BASE_USERNAME_H

#include <stdint.h>

#define USERNAME_MAX 96

/* "alice (1000)"; "1000" if the system has no name for it. Any thread. Returns `text`. */
char *username(char text[USERNAME_MAX], uint32_t uid);

#endif
