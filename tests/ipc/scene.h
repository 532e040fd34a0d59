/*
 * scene.h - the wake-up matrix: who sleeps, in which situation, and what must wake him.
 *
 * A cell is played by processes: a holder, who is in the situation; a sleeper; and the director,
 * who is in the channel too (in all three roles) and watches. All sleep without a time-out.
 */
#ifndef SCENE_H
#define SCENE_H

#include "actor.h"

enum sleeper {
	RESERVE,      /* claims: asleep on empty */
	FULL,         /* takes: asleep on full */
	TAKE_LOCK,    /* takes: full is there, asleep on mutex */
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
	GO_ON,        /* it hung in the middle of a call */
	ROOM_THEN_GO, /* a slot comes free, then it goes on */
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

/* Plays one cell in this process; ends the process with 1 (must) where it goes wrong. */
void play(const struct cell *cell, int64_t wake_limit_ns);

#endif
