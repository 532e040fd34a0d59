/*
 * sole.h - a thing that only one process of a user does at a time, such as to open the window of a
 * channel. It is an abstract socket's name: the kernel gives it to one, and takes it back however
 * that one ends. Another network namespace has names of its own: there it keeps nobody out.
 */
#ifndef VITRINE_TOOLS_SOLE_H
#define VITRINE_TOOLS_SOLE_H

#include "vitrine.h"

/*
 * Takes `what` of the channel under this key. Returns a descriptor, to be closed when it is done;
 * -EADDRINUSE: another process has it; any other -errno: it is not to be had, do without.
 */
int sole_take(const char *what, const struct vitrine_key *key);

#endif
