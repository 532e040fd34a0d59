/*
 * classify.h - classifies the objects found under a key before anything touches them. An object is
 * assumed to belong to another program until shown otherwise. Private to common/ipc; called by
 * opening.c and creating.c.
 *
 * The refuse functions write the message and return the error.
 */
#ifndef VITRINE_IPC_CLASSIFY_H
#define VITRINE_IPC_CLASSIFY_H

#include <sys/types.h>

#include "handle.h"

enum found {
	FOUND_NOTHING, /* removed, or never existed */
	FOUND_BLANK,   /* half-made: its creator is at work, or died */
	FOUND_CHANNEL, /* a channel of our layout version */
	FOUND_VERSION, /* a channel of another layout version */
	FOUND_STRANGE, /* of another program, or of another user */
	FOUND_UNKNOWN, /* it could not be examined, so it may be in use */
};

struct found_segment {
	enum found found;
	int error; /* FOUND_UNKNOWN: -errno */
	int shmid;
	uid_t owner;
	uint64_t attached;    /* number of attachments, without ours */
	uint64_t size;        /* bytes */
	struct header *base;  /* the mapping; NULL: not attached */
	struct header header; /* a copy, without the descriptors */
};

/*
 * Attaches the segment under our key and classifies it through that mapping. The caller keeps the
 * mapping or detaches it with forget_segment().
 */
struct found_segment classify_segment(const struct vitrine_channel *channel, bool writable);
void forget_segment(struct found_segment *segment);

/* The size of the header of a channel that we create: the bytes before slot 0. */
uint32_t header_size_for(uint32_t slots);

/* True unless the set has a value that the protocol cannot produce. */
bool set_is_plausible(const struct vitrine_channel *channel);

/*
 * True if a set that is not alive certainly belongs to Vitrine, so that it may be condemned. A set
 * on which begin was executed (`begun`) needs one proof: a key that only Vitrine creates, a segment
 * that names the set, or the pids that its semaphores recorded. A set on which no array was ever
 * executed needs such a key, and all its values must be 0.
 */
bool set_is_ours(const struct vitrine_channel *channel, bool begun);

/*
 * Refuses a segment that we may not use, with a message that names it; VITRINE_OK for the others.
 */
int refuse_found(struct vitrine_channel *channel, const struct found_segment *segment);

/* Refuses a channel whose set and segment belong to different users. */
int refuse_owners(struct vitrine_channel *channel, const struct found_segment *segment);
int refuse_segment(struct vitrine_channel *channel, const struct found_segment *segment);
/* `owner` is -1 if this user may not read the set's owner. */
int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count);

#endif
