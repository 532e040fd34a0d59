/*
 * single_instance.h - lets only one process of a user do something at a time, such as open the
 * window of a channel. It locks a file; the kernel releases the lock when the process ends, for any
 * reason.
 */
#ifndef VITRINE_TOOLS_SINGLE_INSTANCE_H
#define VITRINE_TOOLS_SINGLE_INSTANCE_H

#include "vitrine.h"

/*
 * Takes the lock for `what` of the channel under this key. Returns a descriptor to close
 * afterwards; -EADDRINUSE: another process has the lock; any other -errno: no lock is available, so
 * continue without.
 *
 * The folder is $XDG_RUNTIME_DIR; otherwise vitrine-UID in $TMPDIR or /tmp, which is created. A
 * folder that another user owns or may write to is not used. The file is empty and remains.
 */
int single_instance_claim(const char *what, const struct vitrine_key *key);

#endif
