/*
 * stepper.h - step mode and slow motion: an observer that stops the thread before each semop until
 * the user continues it, or for a short time. Its purpose is to show the semaphores, so with
 * STEPPER_ALL it stops even while the channel's mutex is held; the thread's name is then
 * "stepping", which other programs read in /proc. The window's thread never waits here.
 */
#ifndef VITRINE_WATCH_STEPPER_H
#define VITRINE_WATCH_STEPPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/sem.h>

#include "vitrine.h"

#define STEPPER_OPERATIONS  12
#define STEPPER_NAME_MAX    24
#define STEPPER_SLOWEST_NS  INT64_C(8000000000)
#define STEPPER_QUICKEST_NS INT64_C(62500000)

enum stepper_mode {
	STEPPER_RUNS,
	STEPPER_TRANSITIONS, /* lock and publish, wait and take are one step */
	STEPPER_ALL,         /* stops in between, too; all other programs then wait */
};

/* The array before which a thread has stopped. */
struct stepper_stop {
	uint64_t number; /* 1, 2, 3 … of the stop; 0: the thread runs */
	char name[STEPPER_NAME_MAX];
	int32_t slot;
	uint32_t count;
	struct sembuf operations[STEPPER_OPERATIONS];
	bool is_slow;     /* continues by itself */
	bool holds_mutex; /* all other programs wait */
};

struct stepper;

/* `wake` is called by the thread that stops or continues. NULL: no memory. */
struct stepper *stepper_create(enum stepper_mode mode, int64_t slow_ns, void (*wake)(void *data),
	void *data);
/* Call only after stepper_end() and after the observed thread has ended. */
void stepper_destroy(struct stepper *stepper);

/* A vitrine_observer; `data` is a struct stepper. May sleep. */
void stepper_observe(const struct vitrine_event *event, void *data);

/*
 * Stops only while is_inside(data) is true. Opening and closing must not stop, because other
 * programs wait only two seconds for a creator.
 */
void stepper_set_inside(struct stepper *stepper, bool (*is_inside)(void *data), void *data);

/* These functions are for any thread; none sleeps. */
void stepper_set_mode(struct stepper *stepper, enum stepper_mode mode);
enum stepper_mode stepper_mode(struct stepper *stepper);
void stepper_set_slow(struct stepper *stepper, int64_t ns); /* 0: full speed */
int64_t stepper_slow(struct stepper *stepper);
void stepper_go(struct stepper *stepper); /* executes the array before which it has stopped */
bool stepper_look(struct stepper *stepper, struct stepper_stop *step); /* false: it runs */
void stepper_end(struct stepper *stepper);                             /* never stops it again */

#endif
