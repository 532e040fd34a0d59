/*
 * topics.h - the topics that a receiving relay knows: one, or with wildcards all that have sent
 * something, up to a limit. Each keeps the newest picture that is not published yet, and data about
 * its sender. The connection's thread adds to them, the main thread takes from them; the owner's
 * lock guards what both use.
 */
#ifndef VITRINE_TOOLS_TOPICS_H
#define VITRINE_TOOLS_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "liveness.h"
#include "message_header.h"
#include "vitrine.h"

#define TOPICS_MOST 1024 /* further ones are ignored: none is freed while the relay runs */

struct outlet;

/* A picture passed from one thread to the other. */
struct arrival {
	void *bytes; /* NULL: none. A NUL follows them, which `size` does not count */
	size_t size;
	bool is_retained;
	struct message_header header;
};

struct topic {
	char name[ADDRESS_TOPIC_MAX];
	char label[ADDRESS_LABEL_MAX]; /* see address_label() */

	/* both threads, with the lock held */
	struct arrival newest;
	uint64_t turn;      /* the position of `newest` in the order of arrival */
	uint64_t overtaken; /* pictures replaced by a newer one */
	struct liveness liveness;

	/* the main thread only */
	struct outlet *outlet;      /* where its pictures go; NULL: nothing was published yet */
	bool is_ignored;            /* there is no channel for it */
	bool is_told;               /* with wildcards: a refused message was logged */
	struct message_header last; /* of the last picture that had a sender */
	struct vitrine_image published;
	char publisher[HEADER_SENDER_MAX]; /* its sender; "": unknown */
};

struct topics {
	struct topic *all[TOPICS_MOST]; /* never removed before topics_free() */
	size_t count;
	uint64_t turns; /* given out so far */
	size_t pending; /* bytes of all arrivals together */
};

/*
 * Returns the topic `name`, or adds it. NULL: there are too many, or no memory. With the lock held.
 */
struct topic *topics_of(struct topics *topics, const struct address *address, const char *name);

/*
 * Keeps an arrival and takes ownership of its bytes. It replaces an older one of the topic. While
 * all arrivals together have more than `most` bytes, those of other topics are dropped, the oldest
 * first. With the lock held.
 */
void topics_keep(struct topics *topics, struct topic *topic, const struct arrival *arrival,
	uint64_t most);

/*
 * Takes the arrival that has waited longest; NULL: none. The caller frees its bytes. Call with the
 * lock held.
 */
struct topic *topics_take(struct topics *topics, struct arrival *arrival);

/* Frees everything. */
void topics_free(struct topics *topics);

#endif
