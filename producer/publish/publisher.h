/*
 * publisher.h - the thread that publishes images one at a time, copying each once, from its decoded
 * pixels or its file directly into the slot. It owns the channel (through its link): opens it,
 * sleeps in it when no slot is free, opens a new one if it was removed, and frees memory when idle.
 * All functions are for one thread (the window's). None sleeps except publisher_destroy(), for at
 * most a tenth of a second.
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
	PUBLISHER_BUSY,         /* copying, or has just begun to wait */
	PUBLISHER_WAITS_SLOT,   /* waiting for a free slot */
	PUBLISHER_WAITS_MUTEX,  /* waiting while another process holds the mutex */
	PUBLISHER_WAITS_CHANNEL /* waiting for a channel */
};

enum publisher_outcome {
	PUBLISHER_PUBLISHED,
	PUBLISHER_GAVE_UP, /* publisher_give_up() */
	PUBLISHER_FAILED,  /* reason says why */
};

struct publisher_result {
	uint64_t id; /* as given to publisher_publish() */
	enum publisher_outcome outcome;
	uint64_t sequence; /* published: the image's sequence number */
	uint64_t dropped;  /* published: the image that was dropped for it; 0: none */
	char reason[512];
};

struct publisher;

struct publisher_options {
	struct link *link; /* initially closed; the publisher opens and closes it */
	enum vitrine_when_full when_full;
	uint32_t checksum; /* enum vitrine_checksum of the published images */
	struct log *log;
	void (*wake)(void *data); /* called on the publisher's thread when there is news */
	void *wake_data;
};

/*
 * Starts the thread; *options is copied, but what it points to must outlive the thread. NULL: see
 * errno.
 */
struct publisher *publisher_create(const struct publisher_options *options);

/*
 * Cancels the waiting image, leaves the channel and ends the thread. Returns the number of images
 * waiting in a channel that nobody has open. NULL is allowed.
 */
int publisher_destroy(struct publisher *publisher);

/* Publishes a payload, whose contents it takes over. Call only while publisher_is_free(). */
void publisher_publish(struct publisher *publisher, uint64_t id, struct publication *publication);
bool publisher_is_free(struct publisher *publisher);

/* Cancels the waiting image; its result still arrives, possibly as published. */
void publisher_give_up(struct publisher *publisher);

/*
 * While quiet it makes no system calls to free or prepare memory, because a user is watching the
 * calls.
 */
void publisher_set_quiet(struct publisher *publisher, bool is_quiet);

/*
 * The next image will probably have `size` bytes (0: unknown). While idle and not quiet, the
 * publisher makes a slot ready for it with vitrine_prepare(), and touches its pages when `id`, the
 * item in front of the user (0: none), changes.
 */
void publisher_expect(struct publisher *publisher, uint64_t id, uint64_t size);

enum publisher_state publisher_state(struct publisher *publisher);

/* Gets the result of the last publication; false: none yet. Call it before the next publication. */
bool publisher_pop(struct publisher *publisher, struct publisher_result *result);

#endif
