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
	FOUND_BLANK,   /* a half-made one of ours: its creator is at work, or died */
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
	uint64_t attached;    /* how often, without us */
	uint64_t size;        /* bytes */
	struct header *base;  /* the mapping; NULL: it could not be attached */
	struct header header; /* a copy, without the descriptors */
};

/*
 * Attaches the segment under our key, and judges it through that mapping, which the caller keeps or
 * lets go by forget_segment.
 */
struct finding look_at_segment(const struct vitrine_channel *channel, bool writable);
void forget_segment(struct finding *finding);

/* Bytes before slot 0 of a channel that we make. */
uint32_t header_size_for(uint32_t slots);

/* No value in the set is one that the protocol cannot make: it may be ours. */
bool set_is_plausible(const struct vitrine_channel *channel);

/*
 * Whether a set that is not alive is ours beyond doubt, so that it may be condemned: by the segment
 * that names it, by who touched which semaphore, or, where no array was ever done, by the key.
 */
bool set_is_ours(const struct vitrine_channel *channel, bool begun);

/* Refuses what is not ours to use, by name; VITRINE_OK for the others. */
int refuse_found(struct vitrine_channel *channel, const struct finding *finding);

/* Set and segment belong to two users. */
int refuse_owners(struct vitrine_channel *channel, const struct finding *finding);
int refuse_segment(struct vitrine_channel *channel, const struct finding *finding);
/* `owner` is -1 where this user may not even ask. */
int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count);

#endif
