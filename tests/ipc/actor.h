/*
 * actor.h - a process that opens a channel and executes orders, one at a time. The tests of
 * wake-ups and crashes use several of them. The test can wait until one falls asleep
 * (await_sleepers), let one stop in the middle of a call, or kill it.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include "support.h"

enum command {
	OPEN,        /* a: role, b: slots */
	CLOSE,       /* replies with the result of vitrine_close */
	CLAIM,       /* a: enum vitrine_when_full; sleeps without limit */
	PUBLISH,     /* publishes the claim; sleeps without limit */
	ABANDON,     /* what is claimed */
	TAKE,        /* sleeps without limit */
	RELEASE,     /* what is taken */
	REQUEUE,     /* what is taken */
	TRANSIT,     /* a: enum transition, b: slot or latest; handle_do, sleeps without limit */
	HURRY,       /* behave as after many calls in quick succession */
	HANG_BEFORE, /* a: enum transition: hang just before it (by name), until it is told GO */
	GO,
	STOP_AFTER, /* a: enum transition: SIGSTOP just after it */
};

enum { HANGING = 1000 }; /* the reply of an actor that hangs as ordered */

struct actor {
	int pid;
	int orders;  /* pipe to it */
	int replies; /* pipe from it */
};

/* The patience of actors with a slow creator; 0: the library's default. */
extern int64_t actor_patience_ns;

/* Starts an actor that has opened nothing yet. */
struct actor actor_start(void);

/* Starts an actor and lets it open test_key's channel; asserts success. */
struct actor actor_open(enum vitrine_role role, uint32_t slots);

/* Sends an order without waiting for the reply; b is used only by the commands that mention it. */
void actor_tell(const struct actor *actor, enum command command, int a, int b);

/* Waits for the reply, at most `limit_ns`. False if none came. */
bool actor_hear(const struct actor *actor, int64_t limit_ns, int *reply);

/* Sends an order and waits for its reply (at most wait_limit_ns). */
int actor_do(const struct actor *actor, enum command command, int a, int b);

/*
 * Ends the actor with `signal`. Returns when it is dead and the kernel has given back what it held.
 */
void actor_kill(struct actor *actor, int signal);

#endif
