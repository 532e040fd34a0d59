/*
 * link.h - a program's hold on its channel: the one handle, used by the worker thread, looked at by
 * the window's thread. It opens, notices that the channel was removed, and opens a fresh one. What
 * is done in between (claim, publish, take …) is the worker's own business.
 */
#ifndef VITRINE_CHANNEL_LINK_H
#define VITRINE_CHANNEL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "username.h"
#include "vitrine.h"

/* A worker's sleep in the channel: only so that it can look whether it is to stop. */
#define LINK_NAP_NS INT64_C(100000000)

enum link_state {
	LINK_CLOSED,
	LINK_OPENING, /* somebody else may be making the channel */
	LINK_OPEN,
	LINK_FAILED, /* link_look() has the message; the worker tries again or gives up */
};

/* What the window's thread sees of it. */
struct link_look {
	enum link_state state;
	struct vitrine_info info;         /* while open */
	struct vitrine_snapshot snapshot; /* while open */
	bool is_anothers;                 /* while open: the channel belongs to another user … */
	char owner[USERNAME_MAX];         /* … this one: "alice (1000)" */
	bool reopened;     /* the channel was removed and made anew since the last look */
	char message[512]; /* of a failure; else "" */
};

struct link;

/*
 * Makes a link that is closed. `options` is copied, the key it points to as well; `wake` is called
 * (any thread) when the state has changed. NULL: no memory.
 */
struct link *link_create(const struct vitrine_options *options, struct log *log,
	void (*wake)(void *data), void *wake_data);

/* The link must be closed. NULL is allowed. */
void link_destroy(struct link *link);

/*
 * Worker: opens the channel, as `role`. Logs "channel", or "reopened" after a removal. Sleeps up to
 * four seconds while somebody is making it. Returns 0 or a vitrine_error.
 */
int link_open(struct link *link, enum vitrine_role role);

/*
 * Worker: goes on in another role, in the same channel: it joins anew before it leaves, so that a
 * channel in which nobody else is stays. Logs "channel". Returns 0 or a vitrine_error; then the link
 * is LINK_FAILED.
 */
int link_change_role(struct link *link, enum vitrine_role role);

/* Worker: leaves the channel. Returns how many images wait in a channel that nobody is in. */
int link_close(struct link *link);

/* Worker: the open handle, or NULL. Nobody else may use it. */
struct vitrine_channel *link_channel(struct link *link);

/*
 * Worker: what to do after a call on the handle failed with `error`. After VITRINE_EREMOVED logs
 * "removed", closes and opens again; returns the new opening's result. Other errors come back as
 * they are.
 */
int link_recover(struct link *link, int error);

/*
 * Any thread: the open handle, to look at only (vitrine_info, vitrine_inspect, vitrine_unchanged), or
 * NULL. The worker does not close it before link_unpin(): be quick, and never sleep in the channel.
 */
const struct vitrine_channel *link_pin(struct link *link);
void link_unpin(struct link *link);

/* Window: the state and a fresh snapshot. Never waits for the worker's sleep. */
void link_look(struct link *link, struct link_look *look);

#endif
