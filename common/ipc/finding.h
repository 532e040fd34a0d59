/*
 * finding.h - what lies under a key, judged before it is touched. A found object is somebody's
 * until shown otherwise. Private to common/ipc; called by opening.c and creating.c.
 *
 * The refuse functions write the message and return the error.
 */
#ifndef VITRINE_FINDING_H
#define VITRINE_FINDING_H

#include <sys/types.h>

#include "handle.h"

enum found {
	FOUND_NOTHING, /* gone, or never there */
	FOUND_BLANK,   /* all zeros where the magic would be: its creator is at work, or died */
	FOUND_CHANNEL, /* ours, of our version */
	FOUND_VERSION, /* ours, of another version */
	FOUND_STRANGE, /* another program's, or another user's */
	FOUND_UNKNOWN, /* it could not be looked at, so it may well be in use */
};

struct finding {
	enum found found;
	int error; /* FOUND_UNKNOWN: -errno */
	int shmid;
	uid_t owner;
	uint64_t attached;    /* how often, before we looked */
	uint64_t size;        /* bytes */
	struct header header; /* a copy, without the descriptors */
};

/* Looks at the segment under our key, read-only, and lets go of it again. */
struct finding look_at_segment(const struct vitrine_channel *channel);

/* No value in the set is one that the protocol cannot make: it may be ours. */
bool set_is_plausible(const struct vitrine_channel *channel);

/* Refuses what is not ours to use, by name; VITRINE_OK for the others. */
int refuse_found(struct vitrine_channel *channel, const struct finding *finding);

int refuse_segment(struct vitrine_channel *channel, const struct finding *finding);
/* `owner` is -1 where this user may not even ask. */
int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count);

#endif
