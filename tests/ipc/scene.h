/*
 * scene.h - the wake-up matrix: which process sleeps, in which situation, and what must wake it.
 *
 * Several processes play a cell: a holder, which is in the situation; a sleeper; and the director,
 * which is also in the channel (in all three roles) and watches. All sleep without a timeout.
 */
#ifndef SCENE_H
#define SCENE_H

#include "actor.h"

enum sleeper {
	RESERVE,      /* claims: asleep on empty */
	FULL,         /* takes: asleep on full */
	TAKE_LOCK,    /* takes: full is not 0; asleep on mutex */
	PUBLISH_LOCK, /* publishes: asleep on mutex */
	STEAL_LOCK,   /* claims, drop-oldest: asleep on mutex */
	FIRST,        /* a mirror before the first image: asleep on nothing */
	NEWER,        /* a mirror: asleep on latest */
};

enum ending {
	ORDER_PUBLISH,
	ORDER_ABANDON,
	ORDER_RELEASE,
	ORDER_REQUEUE,
	ORDER_CLOSE,
	ORDER_UNLOCK,
	ORDER_UNWAIT,
	ORDER_UNRESERVE,
	GO_ON,        /* a process that hung in the middle of a call continues */
	ROOM_THEN_GO, /* a slot becomes free, then it continues */
	KILL,
	TERM,
	REMOVE, /* IPC_RMID */
};

struct scene {
	struct vitrine_channel *producer, *consumer, *mirror; /* the director's */
	struct actor holder, sleeper;
	struct vitrine_claim claim; /* the director's, if claimed */
	struct vitrine_image image; /* the director's, if taken */
	bool claimed, taken, locked;
	uint64_t published; /* ids so far */
};

struct cell {
	enum sleeper sleeper;
	void (*situation)(struct scene *);
	enum ending ending;
	const char *name;
};

extern const struct cell cells[];
extern const unsigned cell_count;

/* Plays one cell in this process; exits with 1 (must) if it goes wrong. */
void play(const struct cell *cell, int64_t wake_limit_ns);

#endif
