/*
 * presence.h - describes in words who is in the channel and what a program waits for, for status
 * bars and notices. Pure: a look goes in, text comes out. Any thread.
 */
#ifndef VITRINE_CHANNEL_PRESENCE_H
#define VITRINE_CHANNEL_PRESENCE_H

#include "link.h"
#include "translate.h"

#define PRESENCE_MAX 512

/* What both windows say when they have opened the channel anew. */
#define PRESENCE_REMOVED _("The channel was removed")
/* The name of a thread while step mode stops it; other programs read it in /proc. */
#define PRESENCE_REMOVED_REASON                                                                    \
	_("by another program; a new one is open, and the other programs reconnect to it")
#define STEPPER_THREAD_NAME "stepping"

/*
 * "no consumer yet" ("no consumer" if there was one before), "1 consumer", "2 consumers share the
 * images, 1 mirror"; if the channel belongs to another user, followed by "alice (1000) owns the
 * channel". Returns `text`.
 */
char *presence_consumers(char text[PRESENCE_MAX], const struct link_look *look, bool had_consumer);

/* "no producer", "1 producer", "3 producers". Returns `text`. */
char *presence_producers(char text[PRESENCE_MAX], const struct link_look *look);

/*
 * The rows of the overlay of key I that are the same in all windows: "key 0x76000000 “lesson-2”,
 * shm 32, sem 7" and "4 of 256 MiB: 3 empty, 1 waiting". A line break never separates a number from
 * its unit. Return `text`.
 */
char *presence_channel(char text[PRESENCE_MAX], const struct vitrine_info *info);
char *presence_slots(char text[PRESENCE_MAX], const struct link_look *look);

/*
 * Why no slot is free: "all 4 slots are in use: consumer 4242 reads “lighthouse.jpg”, 3 wait for
 * it; it is paused or slow". Returns `text`.
 */
char *presence_full(char text[PRESENCE_MAX], const struct link_look *look);

/*
 * A holder without a pid in this PID namespace, because it runs in another one, such as another
 * container.
 */
#define PRESENCE_UNNAMED (-1)

/*
 * The pid of another process that has held the channel's mutex at every look for more than a
 * second while some process slept on the mutex, or PRESENCE_UNNAMED: it was stopped while holding
 * it. 0: none. Look four times a second while it matters; `watch` is initially all zeros. Time is
 * CLOCK_MONOTONIC, ns.
 */
struct presence_mutex {
	int32_t pid; /* the holder at the last look, or PRESENCE_UNNAMED; 0: none */
	int64_t since_ns;
	bool is_awaited; /* some process has slept on it since, last seen at … */
	int64_t awaited_ns;
};
int32_t presence_mutex_holder(struct presence_mutex *watch, const struct link_look *look,
	int64_t now_ns);

/*
 * "waits for mutex, held by 4199 (stepping)", or that the holder was stopped and how to continue
 * it. Reads /proc. Returns `text`.
 */
char *presence_holder(char text[PRESENCE_MAX], int32_t pid);

#endif
