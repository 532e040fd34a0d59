/*
 * publisher_state.h - the state shared by publisher.c (the thread) and publisher_image.c
 * (publishing). Not for other files.
 */
#ifndef VITRINE_PRODUCER_PUBLISHER_STATE_H
#define VITRINE_PRODUCER_PUBLISHER_STATE_H

#include "housekeeping.h"
#include "publisher.h"
#include "worker.h"

struct publisher {
	struct publisher_options options;
	struct worker worker; /* its lock protects the fields up to `result` */
	bool ending;
	bool giving_up;
	bool is_quiet;
	uint64_t expected;    /* bytes of the next image; 0: unknown */
	uint64_t expected_id; /* the item in front of the user; 0: none */
	bool has_expectation; /* … which has just changed */
	enum publisher_state state;
	uint64_t id;                    /* of the item being published */
	struct publication publication; /* empty: nothing to do */
	bool has_result;
	struct publisher_result result;

	/* used by the thread only */
	struct housekeeping housekeeping;
	int waiting; /* images that still wait, from link_close() */
};

/* The fault is in the file itself; the library's codes are all negative. */
enum { PUBLISHER_BAD_PAYLOAD = 1 };

/* Publishes the publication; returns 0, an error, or PUBLISHER_BAD_PAYLOAD. On the thread. */
int publisher_publish_payload(struct publisher *publisher, struct publisher_result *result);

/* True if the window has cancelled the waiting image; `data` is the publisher. */
bool publisher_is_given_up(void *data);

/* Sets the state that the window sees. */
void publisher_set_state(struct publisher *publisher, enum publisher_state state);

#endif
