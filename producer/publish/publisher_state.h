/*
 * publisher_state.h - what publisher.c (the thread) and publisher_image.c (what it does there) share;
 * nobody else includes this.
 */
#ifndef VITRINE_PRODUCER_PUBLISHER_STATE_H
#define VITRINE_PRODUCER_PUBLISHER_STATE_H

#include "housekeeping.h"
#include "publisher.h"
#include "worker.h"

struct publisher {
	struct publisher_options options;
	struct worker worker; /* its lock is over all up to `result` */
	bool ending;
	bool giving_up;
	bool is_quiet;
	enum publisher_state state;
	uint64_t id;                    /* of what is being published */
	struct publication publication; /* empty: nothing to do */
	bool has_result;
	struct publisher_result result;

	/* the thread's own */
	struct housekeeping housekeeping;
	int waiting; /* images left behind: what link_close() said */
};

/* The file itself is at fault: vitrine's own codes are all below 0. */
enum { PUBLISHER_BAD_PAYLOAD = 1 };

/* Publishes the publication; returns 0, an error, or PUBLISHER_BAD_PAYLOAD. On the thread. */
int publisher_publish_payload(struct publisher *publisher, struct publisher_result *result);

/* Whether the window wishes that what waits is given up; `data` is the publisher. */
bool publisher_is_given_up(void *data);

/* Tells the window what it does now. */
void publisher_set_state(struct publisher *publisher, enum publisher_state state);

#endif
