/*
 * presence.h - who is in the channel, in words: for status bars and for "whom does it wait for".
 * Pure: a look goes in, text comes out. Any thread.
 */
#ifndef VITRINE_CHANNEL_PRESENCE_H
#define VITRINE_CHANNEL_PRESENCE_H

#include "link.h"

#define PRESENCE_MAX 256

/* The name that a thread takes while step mode stops it; other programs read it in /proc. */
#define STEPPER_THREAD_NAME "stepping"

/*
 * "no consumer yet", "1 consumer", "2 consumers share the images, 1 mirror"; in another user's channel
 * "alice (1000) owns the channel" follows. Returns `text`.
 */
char *presence_consumers(char text[PRESENCE_MAX], const struct link_look *look);

/* "no producer", "1 producer", "3 producers". Returns `text`. */
char *presence_producers(char text[PRESENCE_MAX], const struct link_look *look);

/*
 * Why no slot is free: "all 4 slots are in use: consumer 4242 reads “lighthouse.jpg”, 3 wait for it;
 * it is paused or slow". Returns `text`.
 */
char *presence_full(char text[PRESENCE_MAX], const struct link_look *look);

/* A holder that has no pid here: it runs in another PID namespace, as in another container. */
#define PRESENCE_UNNAMED (-1)

/*
 * The pid of another process that has held the channel's mutex at every look for over a second: it
 * was stopped there, and everybody waits for it; or PRESENCE_UNNAMED. 0: nobody. Look four times a
 * second while it matters; `watch` starts as all zeros. Time is CLOCK_MONOTONIC, ns.
 */
struct presence_mutex {
	int32_t pid; /* who held it at the last look, or PRESENCE_UNNAMED; 0: nobody */
	int64_t since_ns;
};
int32_t presence_mutex_holder(struct presence_mutex *watch, const struct link_look *look,
	int64_t now_ns);

/*
 * "waits for mutex, held by 4199 (stepping)", or that it was stopped and how to have it go on. Looks
 * into /proc. Returns `text`.
 */
char *presence_holder(char text[PRESENCE_MAX], int32_t pid);

#endif
