/*
 * contents.h - a hash of what the attached segments hold: two states with different contents must
 * not be treated as one.
 */
#ifndef VITRINE_SEARCH_CONTENTS_H
#define VITRINE_SEARCH_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "control/attachments.h"

/* total size up to which segments are hashed; above it, no hash is made */
#define CONTENTS_HASHED 1048576

/* Hashes the contents of all attached segments. false: too large, unreadable, or not all known. */
bool contents_hash(const struct attachments *attachments, uint64_t *hash);

#endif
