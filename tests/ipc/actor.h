/*
 * actor.h - a process that opens a channel and does what it is told, one order at a time: the
 * tests of wake-ups and crashes play their scenes with a few of them. The director (the test) may
 * see one fall asleep (await_sleepers), have one hang in the middle of a call, or kill it.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include "support.h"

enum command {
	OPEN,        /* a: role, b: slots */
	CLOSE,       /* replies with what vitrine_close says */
	CLAIM,       /* a: enum vitrine_when_full; sleeps without limit */
	PUBLISH,     /* what is claimed; sleeps without limit */
	ABANDON,     /* what is claimed */
	TAKE,        /* sleeps without limit */
	RELEASE,     /* what is taken */
	REQUEUE,     /* what is taken */
	TRANSIT,     /* a: enum transition, b: slot or latest; handle_do, sleeps without limit */
	HURRY,       /* the next round is one of many in quick succession */
	HANG_BEFORE, /* a: enum transition: hang just before it (by name), until it is told GO */
	GO,
	STOP_AFTER, /* a: enum transition: SIGSTOP just after it */
};

enum { HANGING = 1000 }; /* the reply of an actor that hangs where it was told to */

struct actor {
	int pid;
	int orders;  /* pipe to it */
	int replies; /* pipe from it */
};

/* How patient actors are with a slow creator; 0: as patient as the library. */
extern int64_t actor_patience_ns;

/* Starts an actor that has opened nothing yet. */
struct actor actor_start(void);

/* Starts one and has it open test_key's channel; must succeed. */
struct actor actor_open(enum vitrine_role role, uint32_t slots);

/* Gives an order without waiting for its reply; b is only looked at where `command` says so. */
void actor_tell(const struct actor *actor, enum command command, int a, int b);

/* Waits for the reply, `limit_ns` at most: false if none came. */
bool actor_hear(const struct actor *actor, int64_t limit_ns, int *reply);

/* Gives an order and waits for its reply (wait_limit_ns at most). */
int actor_do(const struct actor *actor, enum command command, int a, int b);

/* Ends it by `signal`, and returns when it is dead: what it held is given back by then. */
void actor_kill(struct actor *actor, int signal);

#endif
