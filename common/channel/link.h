/*
 * link.h - a program's connection to its channel: one handle, used by the worker thread and
 * inspected by the window's thread. It opens the channel, notices its removal, and opens a new one.
 * What happens in between (claim, publish, take …) is up to the worker.
 */
#ifndef VITRINE_CHANNEL_LINK_H
#define VITRINE_CHANNEL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "log.h"
#include "username.h"
#include "vitrine.h"

/* The longest sleep of a worker in the channel; then it checks whether it must stop. */
#define LINK_NAP_NS   INT64_C(100000000)
/*
 * The same for a worker that worker_tell() interrupts. Only the removal of the segment without its
 * semaphores would go unnoticed for longer.
 */
#define LINK_SLEEP_NS INT64_C(2000000000)

enum link_state {
	LINK_CLOSED,
	LINK_OPENING, /* another process may be creating the channel */
	LINK_OPEN,
	LINK_FAILED, /* link_look() has the message; the worker retries or gives up */
};

/* What the window's thread sees of the link. */
struct link_look {
	enum link_state state;
	struct vitrine_info info;         /* while open */
	struct vitrine_snapshot snapshot; /* while open */
	bool is_anothers;                 /* while open: the channel belongs to another user … */
	char owner[USERNAME_MAX];         /* … namely "alice (1000)" */
	bool reopened;     /* the channel was removed and created again since the last look */
	char message[512]; /* of a failure; otherwise "" */
};

struct link;

/*
 * Creates a closed link. `options` and the key it points to are copied; `wake` is called (on any
 * thread) when the state has changed. NULL: out of memory.
 */
struct link *link_create(const struct vitrine_options *options, struct log *log,
	void (*wake)(void *data), void *wake_data);

/* The link must be closed. NULL is allowed. */
void link_destroy(struct link *link);

/*
 * Worker: opens the channel as `role`. Logs "channel", or "reopened" after a removal. Sleeps up to
 * four seconds while another process creates the channel. Returns 0 or a vitrine_error.
 */
int link_open(struct link *link, enum vitrine_role role);

/*
 * Worker: changes to another role in the same channel. Joins again before it leaves, so that the
 * channel survives even if nobody else is in it. Logs "channel". Returns 0 or a vitrine_error;
 * after an error the link is LINK_FAILED.
 */
int link_change_role(struct link *link, enum vitrine_role role);

/*
 * Worker: leaves the channel. Returns the number of images waiting in a channel that nobody has
 * open.
 */
int link_close(struct link *link);

/* Worker: the open handle, or NULL. No other thread may use it. */
struct vitrine_channel *link_channel(struct link *link);

/*
 * Worker: handles a failed call on the handle. After VITRINE_EREMOVED it logs "removed", closes the
 * channel and opens it again, and returns the result of opening. Other errors are returned
 * unchanged.
 */
int link_recover(struct link *link, int error);

/*
 * Any thread: the open handle for reading only (vitrine_info, vitrine_inspect, vitrine_unchanged),
 * or NULL. The worker does not close it before link_unpin(): be quick, and never sleep in the
 * channel.
 */
const struct vitrine_channel *link_pin(struct link *link);
void link_unpin(struct link *link);

/* Window: the state and a new snapshot. Never waits for a sleeping worker. */
void link_look(struct link *link, struct link_look *look);

/*
 * The time until a window's next look: a second, and after ten calm looks two. `calm` counts the
 * looks since the last event, at which the caller sets it to 0.
 */
int64_t link_look_ns(int *calm);

#endif
