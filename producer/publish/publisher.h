/*
 * publisher.h - the thread that publishes: one image at a time, copied once, from its decoded pixels
 * or its file straight into the slot. It owns the channel (by its link): opens it, sleeps in it when no slot is
 * free, opens a fresh one when it was removed, and gives memory back when nothing happens.
 *
 * All functions are for one thread (the window's). None sleeps but publisher_destroy(), for a tenth
 * of a second at most.
 */
#ifndef VITRINE_PRODUCER_PUBLISHER_H
#define VITRINE_PRODUCER_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "log.h"
#include "publication.h"

enum publisher_state {
	PUBLISHER_IDLE,
	PUBLISHER_BUSY,         /* copies, or has only just begun to wait */
	PUBLISHER_WAITS_SLOT,   /* until a slot is free */
	PUBLISHER_WAITS_MUTEX,  /* until another process has decided the order of images */
	PUBLISHER_WAITS_CHANNEL /* until there is a channel again */
};

enum publisher_outcome {
	PUBLISHER_PUBLISHED,
	PUBLISHER_GAVE_UP, /* publisher_give_up() */
	PUBLISHER_FAILED,  /* reason says why */
};

struct publisher_result {
	uint64_t id; /* as it was handed in */
	enum publisher_outcome outcome;
	uint64_t sequence; /* published: of the image */
	uint64_t dropped;  /* published: the image that was dropped for it; 0: none */
	char reason[512];
};

struct publisher;

struct publisher_options {
	struct link *link; /* closed; the publisher opens and closes it */
	enum vitrine_when_full when_full;
	uint32_t checksum; /* enum vitrine_checksum: what images are to carry */
	struct log *log;
	void (*wake)(void *data); /* called on the publisher's thread when there is news */
	void *wake_data;
};

/* Starts the thread; *options is copied, what it points to must outlive it. NULL: errno. */
struct publisher *publisher_create(const struct publisher_options *options);

/*
 * Gives up what waits, leaves the channel and ends the thread. Returns how many images wait in a
 * channel that nobody is in. NULL is allowed.
 */
int publisher_destroy(struct publisher *publisher);

/* Hands over what is to be published, whose contents it takes. Only while publisher_is_free(). */
void publisher_publish(struct publisher *publisher, uint64_t id, struct publication *publication);
bool publisher_is_free(struct publisher *publisher);

/* Gives up the image that waits; its result comes all the same, maybe as published. */
void publisher_give_up(struct publisher *publisher);

/* While it is quiet it makes no calls of its own to give memory back: somebody watches them. */
void publisher_set_quiet(struct publisher *publisher, bool is_quiet);

enum publisher_state publisher_state(struct publisher *publisher);

/* Takes the result of what was handed over; false: none yet. It must be taken before the next. */
bool publisher_pop(struct publisher *publisher, struct publisher_result *result);

#endif
