/*
 * single_instance.h - a thing that only one process of a user does at a time, such as to open the window of a
 * channel. It is a lock on a file in a folder of that user's: the kernel gives it to one, and takes it
 * back however that one ends. No other user can hold it.
 */
#ifndef VITRINE_TOOLS_SINGLE_INSTANCE_H
#define VITRINE_TOOLS_SINGLE_INSTANCE_H

#include "vitrine.h"

/*
 * Takes `what` of the channel under this key. Returns a descriptor, to be closed when it is done;
 * -EADDRINUSE: another process has it; any other -errno: it is not to be had, do without.
 *
 * The folder is $XDG_RUNTIME_DIR; without, vitrine-UID in $TMPDIR or /tmp, which is made. One that
 * somebody else owns, or may write to, is not used. The file is empty, and stays.
 */
int single_instance_claim(const char *what, const struct vitrine_key *key);

#endif
