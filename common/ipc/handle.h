/*
 * handle.h - what a struct vitrine_channel is made of, and the three things that every file of the
 * protocol does with one: check it, do a transition, and say what failed. Private to common/ipc.
 *
 * Functions here return 0 or -errno where they stand for a system call (handle_do, handle_values),
 * else 0 or a negative enum vitrine_error.
 */
#ifndef VITRINE_HANDLE_H
#define VITRINE_HANDLE_H

#include "hope.h"
#include "layout.h"
#include "semset.h"
#include "transitions.h"
#include "vitrine.h"

/* What is tried without a look at the set first: the arrays assert what they were chosen for. */
struct likely {
	int free;                   /* a slot that is so; -1: none is known */
	bool waited;                /* the last claim did, until a slot came free… */
	enum transition publish[2]; /* …and by that, how the image before ours was published over */
	bool alone;                 /* there is no other consumer */
};

struct vitrine_channel {
	struct vitrine_info info;
	pid_t pid;               /* who opened it: a handle does not survive fork */
	const bool *home;        /* true in that process, wiped in a child; NULL: compare the pid */
	struct semset_room room; /* for handle_values */
	struct header *base;     /* the mapping; read-only unless the role is VITRINE_PRODUCER */
	bool joined;             /* counted in producers, consumers or mirrors */
	bool wakeable;           /* it sleeps in naps, for vitrine_wake() */
	_Atomic bool woken;      /* by another thread; the next sleep ends with EINTR */
	bool segment_lost;       /* the segment was removed under a set that lives */
	uint64_t checked_ns;     /* when the segment was last looked at */
	uint64_t patience_ns;
	uint64_t claimed;                       /* bit i: this handle fills slot i */
	uint64_t taken;                         /* bit i: this handle reads slot i */
	uint64_t claim_size[VITRINE_SLOTS_MAX]; /* bytes that were claimed of each slot */
	uint64_t touched[VITRINE_SLOTS_MAX]; /* bytes of each slot in this mapping's page tables */
	struct hope hope[T_COUNT];           /* of each kind of sleep */
	uint64_t round_ns;                   /* when the last slot was asked for */
	uint32_t quick_rounds;               /* so many in a row with hardly a pause between them */
	struct likely likely;
	uint64_t published; /* the number that this handle published last; 0: none */
	uint64_t
		done[VITRINE_SLOTS_MAX]; /* by slot: the number of an image that is done for good */
	bool has_advised;                /* huge pages were asked for, or are not to be had */
	vitrine_observer *observer;
	void *observer_data;
	struct poller *poller; /* NULL: vitrine_fd() was not called */
	char message[512];
};

/* A sleep that ends to look at something that wakes nobody lasts so long. */
enum { NAP_NS = 100000000 };

/* A point in CLOCK_MONOTONIC ns after which a call gives up; built from the caller's time-out. */
struct deadline {
	int64_t at_ns; /* VITRINE_FOREVER: never; 0: do not sleep */
};

uint64_t clock_ns(void);
struct deadline deadline_in(int64_t timeout_ns);
int64_t deadline_left(struct deadline deadline);

/* Whether this is the process that opened it. Cheaper than a system call, if a page can be had. */
void handle_come_home(struct vitrine_channel *channel);
void handle_leave_home(struct vitrine_channel *channel);
bool handle_is_home(const struct vitrine_channel *channel);

/* Whether the handle may be used in this process and role; else fails with the reason. */
int handle_check(struct vitrine_channel *channel, unsigned roles);
#define ROLE_BIT(role) (1u << (role))
#define ROLE_ANY       (~0u)

/*
 * Does one transition; `slot` and `latest` stand for i and L of the table, -1 where it has none.
 * Sleeps as semset_do; -EINTR if vitrine_wake() ends it. The observer hears of it before and after.
 */
int handle_do(struct vitrine_channel *channel, enum transition transition, int slot, int latest,
	int64_t timeout_ns);

/* Tells the observer of a call that is no semop: `before` it, then after it with its result. */
void handle_tell(const struct vitrine_channel *channel, const char *name, bool before, int result,
	uint64_t started_ns);

/*
 * All semaphores at once, and what the protocol asks of them. handle_values is for the thread that
 * has the handle: it uses the handle's room.
 */
struct values {
	unsigned short semaphore[SEMAPHORES_MAX];
};
int handle_values(const struct vitrine_channel *channel, struct values *values);

static inline bool slot_has(const struct values *values, uint32_t slot, enum slot_semaphore which)
{
	return values->semaphore[slot_semaphore(slot, which)] != 0;
}

/*
 * How often to look again. Each -EAGAIN means that another process got on, so a few are usual and
 * this many are impossible, unless somebody plays with the semaphores.
 */
enum { TRIES_MOST = 10000 };

/* Whether so much is going on that a call saved is worth a way that is less plain. */
static inline bool is_hurried(const struct vitrine_channel *channel)
{
	return channel->quick_rounds >= 16;
}

/* Forgets the message of an attempt that failed; returns `result`, which is 0 or a count. */
int succeed(struct vitrine_channel *channel, int result);

/* Keeps the message and returns `error`, so that `return fail(…)` reads well. */
int fail(struct vitrine_channel *channel, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The failure of a system call as one of ours, with the reason and the remedy in the message;
 * `call` says which call with what, e.g. "semop(claim 3)".
 */
int fail_system(struct vitrine_channel *channel, int minus_errno, const char *call);

/* The failure of a transition, by its name, on slot `slot` (-1: none). */
int fail_transition(struct vitrine_channel *channel, int minus_errno, const char *name, int slot);

/* The same after a sleep: -EAGAIN may mean that the segment is gone, which wakes nobody. */
int fail_sleep(struct vitrine_channel *channel, int minus_errno, const char *name);

/* VITRINE_EDAMAGED: the values contradict each other. */
int fail_damaged(struct vitrine_channel *channel, const char *name);

/*
 * What was to be done with the mutex held failed with `rc`: gives the mutex back by `transition`,
 * for whoever waits for it waits without limit. -EAGAIN: no variant of the array could be done.
 */
int fail_locked(struct vitrine_channel *channel, int rc, enum transition transition,
	const char *name);

/* Whether the set's id still names a set of the same owner and size, as far as one may know. */
bool set_is_the_same(const struct vitrine_channel *channel);

/*
 * Whether the segment was removed under a set that lives, or the set's id is another set's by now;
 * asks the kernel once a second.
 */
bool segment_is_lost(struct vitrine_channel *channel);

/* "256 MiB": exact for whole units, else three digits. Returns `text`. */
const char *size_text(uint64_t bytes, char text[24]);

/* Where slot `slot` begins. */
static inline uint8_t *slot_data(const struct vitrine_channel *channel, uint32_t slot)
{
	return (uint8_t *)channel->base +
	       (channel->info.segment_size -
		       (channel->info.slots - slot) * channel->info.slot_size);
}

#endif
