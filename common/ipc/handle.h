/*
 * handle.h - struct vitrine_channel, and the operations that most files of the protocol need: check
 * a handle, execute a transition, read the semaphores. Private to common/ipc.
 *
 * handle_do, handle_retry, handle_values, handle_values_shared and handle_make_rooms return 0 or
 * -errno, like the system calls that they make. handle_check returns 0 or a vitrine_error.
 */
#ifndef VITRINE_IPC_HANDLE_H
#define VITRINE_IPC_HANDLE_H

#include "clock.h"
#include "errors.h"
#include "fast_path.h"
#include "layout.h"
#include "semset.h"
#include "transitions.h"
#include "vitrine.h"

/* The slot that vitrine_prepare() prepared; size 0: none, or this handle has claimed it since. */
struct prepared {
	uint64_t size;
	uint32_t slot;
};

struct vitrine_channel {
	struct vitrine_info info;
	pid_t pid; /* the process that opened the handle */
	const bool
		*fork_guard; /* true in that process, zeroed in a child; NULL: pids are compared */
	struct semset_room room;   /* for handle_values */
	struct semset_room shared; /* for handle_values_shared; in use if its first byte is 1 */
	struct header *base;       /* the mapping; read-only unless the role is VITRINE_PRODUCER */
	bool joined;               /* counted in producers, consumers or mirrors */
	bool wakeable; /* sleeps are divided into slices, so that vitrine_wake() can end them */
	_Atomic bool woken;  /* set by another thread; the next sleep ends with EINTR */
	bool segment_lost;   /* the last result of segment_is_lost() */
	uint64_t checked_ns; /* when segment_is_lost() last asked the kernel */
	uint64_t patience_ns;
	uint64_t claimed;                       /* bit i: this handle has claimed slot i */
	uint64_t taken;                         /* bit i: this handle has taken slot i */
	uint64_t claim_size[VITRINE_SLOTS_MAX]; /* per slot: bytes claimed */
	uint64_t touched[VITRINE_SLOTS_MAX];    /* per slot: bytes in this mapping's page tables */
	struct prepared prepared;
	struct fast_path fast_path;
	bool has_advised; /* huge pages were requested, or are not available */
	vitrine_observer *observer;
	void *observer_data;
	struct poller *poller; /* NULL: vitrine_fd() was not called */
	char message[512];
};

/* The longest sleep of a process that must also notice events that wake no process. */
enum { SLEEP_SLICE_NS = 100000000 };

/*
 * A handle must not be used in a child process. The fork guard is a page that the kernel zeroes in
 * a child (MADV_WIPEONFORK), so that handle_is_own() needs no system call; where the kernel cannot
 * do that, handle_is_own() compares pids.
 */
void handle_make_fork_guard(struct vitrine_channel *channel);
void handle_free_fork_guard(struct vitrine_channel *channel);
bool handle_is_own(const struct vitrine_channel *channel);

/*
 * Clears the message. Fails unless the handle is open, belongs to this process, and has one of
 * these roles.
 */
int handle_check(struct vitrine_channel *channel, unsigned roles);
#define ROLE_BIT(role) (1u << (role))
#define ROLE_ANY       (~0u)

/* A transition, and the values of i and L in its array. */
struct step {
	enum transition transition;
	int slot;                    /* i; -1: the array has none */
	int latest;                  /* L; -1: the array has none */
	struct vitrine_image *image; /* publish: the image */
	int64_t elsewhere_ns;        /* publish: the original time from a relay; 0: now */
	uint64_t dropped;            /* steal: the sequence number of the dropped image */
};

/*
 * Executes one transition. May sleep, like semset_do(); -EINTR if vitrine_wake() ends the sleep.
 * Calls the observer before and after.
 */
int handle_do(struct vitrine_channel *channel, const struct step *step, int64_t timeout_ns);

/*
 * do_transition executes an array without i and L. do_on_slot executes one with i, for slot `slot`,
 * and never sleeps.
 */
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

/*
 * Calls the observer for a system call other than semop: before it, and afterwards with its result.
 */
void notify_observer(const struct vitrine_channel *channel, const char *name, bool before,
	int result, uint64_t started_ns);

/*
 * Allocate and free the memory that handle_values and handle_values_shared read into.
 * handle_free_rooms accepts a handle that has none.
 */
int handle_make_rooms(struct vitrine_channel *channel);
void handle_free_rooms(struct vitrine_channel *channel);

/*
 * The values of all semaphores at one moment. handle_values uses memory of the handle, so only the
 * thread that uses the handle may call it; handle_values_shared is for any thread.
 */
struct values {
	unsigned short semaphore[SEMAPHORES_MAX];
};
int handle_values(const struct vitrine_channel *channel, struct values *values);
int handle_values_shared(const struct vitrine_channel *channel, struct values *values);

static inline bool slot_has(const struct values *values, uint32_t slot, enum slot_semaphore which)
{
	return values->semaphore[slot_semaphore(slot, which)] != 0;
}

/*
 * A function that chooses the array and its slots from one look at the semaphores (GETALL). If
 * `values` is NULL, it guesses without a look. -EAGAIN: there is no guess, or no array fits these
 * values.
 */
typedef int chooser(struct vitrine_channel *channel, const struct values *values,
	struct step *step);

/*
 * Executes the array that `choose` guesses. If there is no guess, or the array fails with -EAGAIN,
 * reads the semaphores and executes the array that `choose` selects, repeatedly until one succeeds.
 * An array that does not fit the state fails with -EAGAIN and changes nothing. If this happens
 * after a look, another process has made progress in the meantime: a few such failures are normal,
 * and LOOKS_MOST in a row cannot happen unless a program manipulates the semaphores. Never sleeps.
 */
int handle_retry(struct vitrine_channel *channel, chooser *choose, struct step *step);
enum { LOOKS_MOST = 10000 };

/*
 * True if the set's id still names a set of the same owner and size, or if this cannot be
 * determined.
 */
bool set_is_the_same(const struct vitrine_channel *channel);

/*
 * True if the segment was removed without its set, or if the set's id now names another set. Asks
 * the kernel at most once a second.
 */
bool segment_is_lost(struct vitrine_channel *channel);

/* The first byte of slot `slot`. */
static inline uint8_t *slot_data(const struct vitrine_channel *channel, uint32_t slot)
{
	return (uint8_t *)channel->base +
	       (channel->info.segment_size -
		       (channel->info.slots - slot) * channel->info.slot_size);
}

#endif
