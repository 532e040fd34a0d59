/*
 * classify.h - classifies the objects found under a key before they are used or removed. An object
 * is assumed to belong to another program until shown otherwise. Private to common/ipc; called by
 * opening.c and creating.c.
 *
 * The functions whose names begin with refuse_ write the message and return the error.
 */
#ifndef VITRINE_IPC_CLASSIFY_H
#define VITRINE_IPC_CLASSIFY_H

#include <sys/types.h>

#include "handle.h"

enum found {
	FOUND_NOTHING, /* removed, or never existed */
	FOUND_BLANK,   /* no magic: half-made by a creator, or in use by an unknown process */
	FOUND_CHANNEL, /* a channel of our layout version */
	FOUND_VERSION, /* a channel of another layout version */
	FOUND_STRANGE, /* another program's, or this user may not read it */
	FOUND_UNKNOWN, /* it could not be examined, so it may be in use */
};

struct found_segment {
	enum found found;
	int error; /* -errno of a failed shmget, shmat or shmctl; otherwise 0 */
	int shmid;
	uid_t owner;
	uint64_t attached;    /* number of attachments, without ours */
	uint64_t size;        /* bytes */
	struct header *base;  /* the mapping; NULL: not attached */
	struct header header; /* a copy, without the descriptors */
};

/*
 * Attaches the segment under the channel's key and classifies it through that mapping. The caller
 * keeps the mapping or detaches it with forget_segment().
 */
struct found_segment classify_segment(const struct vitrine_channel *channel, bool writable);
void forget_segment(struct found_segment *segment);

/* The size of the header of a channel with `slots` slots: the bytes before slot 0. */
uint32_t header_size_for(uint32_t slots);

/* True unless the set has a value that the protocol cannot produce. */
bool set_is_plausible(const struct vitrine_channel *channel);

/*
 * True if a set that is not alive certainly belongs to Vitrine, so that it may be condemned. For a
 * set on which begin was executed (`begun`), one of these is enough: a key that only Vitrine
 * creates; a segment that names the set; values and pids that only begin leaves. A set on which no
 * array was ever executed must have such a key, and all its values must be 0.
 */
bool set_is_ours(const struct vitrine_channel *channel, bool begun);

/*
 * Refuses a segment that must not be used, with a message that identifies it. Returns VITRINE_OK
 * for FOUND_NOTHING, FOUND_BLANK and FOUND_CHANNEL.
 */
int refuse_found(struct vitrine_channel *channel, const struct found_segment *segment);

/* Refuses a channel whose set and segment belong to different users. */
int refuse_owners(struct vitrine_channel *channel, const struct found_segment *segment);
int refuse_segment(struct vitrine_channel *channel, const struct found_segment *segment);
/* `owner` is -1 if this user may not read the set's owner. */
int refuse_set(struct vitrine_channel *channel, uid_t owner, unsigned count);

#endif
