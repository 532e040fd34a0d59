/*
 * handle.h - what a struct vitrine_channel is made of, and what every file of the protocol does with
 * one: check it, do a transition, look at the semaphores. Private to common/ipc.
 *
 * Functions that stand for a system call (handle_do, handle_retry, handle_values) return 0 or -errno;
 * the others 0 or a negative enum vitrine_error.
 */
#ifndef VITRINE_HANDLE_H
#define VITRINE_HANDLE_H

#include "clock.h"
#include "fail.h"
#include "layout.h"
#include "semset.h"
#include "shortcut.h"
#include "transitions.h"
#include "vitrine.h"

struct vitrine_channel {
	struct vitrine_info info;
	pid_t pid;               /* who opened it: a handle does not survive fork */
	const bool *fork_guard;  /* true in that process, wiped in a child; NULL: compare the pid */
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
	struct shortcut shortcut;
	bool has_advised; /* huge pages were asked for, or are not to be had */
	vitrine_observer *observer;
	void *observer_data;
	struct poller *poller; /* NULL: vitrine_fd() was not called */
	char message[512];
};

/* A sleep that ends to look at something that wakes nobody lasts so long. */
enum { NAP_NS = 100000000 };

/*
 * Whether this is the process that opened the handle. A page that the kernel wipes in a child
 * (MADV_WIPEONFORK) answers without a system call; where there is none, the pid is compared.
 */
void handle_make_fork_guard(struct vitrine_channel *channel);
void handle_free_fork_guard(struct vitrine_channel *channel);
bool handle_is_own(const struct vitrine_channel *channel);

/* Whether the handle may be used in this process and role; else fails with the reason. */
int handle_check(struct vitrine_channel *channel, unsigned roles);
#define ROLE_BIT(role) (1u << (role))
#define ROLE_ANY       (~0u)

/* A transition, and what i and L of its array stand for. */
struct step {
	enum transition transition;
	int slot;                    /* i; -1: the array has none */
	int latest;                  /* L; -1: the array has none */
	struct vitrine_image *image; /* publish: what is published … */
	int64_t elsewhere_ns;        /* … and when, if a relay passes it on; 0: now */
	uint64_t dropped;            /* steal: the number of the image that is dropped */
};

/*
 * Does one transition. Sleeps as semset_do; -EINTR if vitrine_wake() ends the sleep. The observer
 * hears of it before and after.
 */
int handle_do(struct vitrine_channel *channel, const struct step *step, int64_t timeout_ns);

/* An array that names no slot, and one that names slot i; the second kind never sleeps. */
static inline int do_transition(struct vitrine_channel *channel, enum transition transition,
	int64_t timeout_ns)
{
	return handle_do(channel,
		&(struct step){.transition = transition, .slot = -1, .latest = -1}, timeout_ns);
}

static inline int do_on_slot(struct vitrine_channel *channel, enum transition transition, int slot)
{
	return handle_do(channel,
		&(struct step){.transition = transition, .slot = slot, .latest = -1}, 0);
}

/* Tells the observer of a call that is no semop: `before` it, then after it with its result. */
void notify_observer(const struct vitrine_channel *channel, const char *name, bool before,
	int result, uint64_t started_ns);

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
 * Chooses the array, and its slots, by one look at the semaphores. `values` NULL: by a guess, before
 * any look. -EAGAIN: there is no guess, or nothing fits these values.
 */
typedef int chooser(struct vitrine_channel *channel, const struct values *values,
	struct step *step);

/*
 * Guesses, then looks, until an array that `choose` chose is done. An array asserts what it was chosen
 * for, so one that was chosen wrongly, or too late, fails with -EAGAIN and changes nothing. Each such
 * failure means that another process made progress: a few are usual, and LOOKS_MOST are impossible
 * unless a program plays with the semaphores. Never sleeps.
 */
int handle_retry(struct vitrine_channel *channel, chooser *choose, struct step *step);
enum { LOOKS_MOST = 10000 };

/* Whether the set's id still names a set of the same owner and size, as far as one may know. */
bool set_is_the_same(const struct vitrine_channel *channel);

/*
 * Whether the segment was removed under a set that lives, or the set's id is another set's by now;
 * asks the kernel once a second.
 */
bool segment_is_lost(struct vitrine_channel *channel);

/* Where slot `slot` begins. */
static inline uint8_t *slot_data(const struct vitrine_channel *channel, uint32_t slot)
{
	return (uint8_t *)channel->base +
	       (channel->info.segment_size -
		       (channel->info.slots - slot) * channel->info.slot_size);
}

#endif
