/*
 * poller.h - a descriptor that is readable while there is an image to take or to look at: an
 * eventfd and the thread that writes to it (vitrine_fd). Also declares the sleep function of
 * mirrors. Private to common/ipc.
 */
#ifndef VITRINE_IPC_POLLER_H
#define VITRINE_IPC_POLLER_H

#include "handle.h"

struct poller;

/*
 * Call after the program has looked: clears the descriptor and lets the thread look again. A
 * mirror's thread looks for an image with a sequence number above `seen`. Does nothing if
 * vitrine_fd() was not called, and in a child process, which shares the descriptor but does not
 * have the thread.
 */
void poller_look_again(const struct vitrine_channel *channel, uint64_t seen);

/*
 * Ends the thread (this takes at most SLEEP_SLICE_NS) and closes the descriptor. In a child
 * process, only closes the child's copy of the descriptor. Does nothing if vitrine_fd() was not
 * called.
 */
void poller_end(const struct vitrine_channel *channel);

/*
 * Defined in mirror.c. Sleeps until slot `latest` (-1: none) no longer holds the newest image, but
 * at most `left` ns (negative: no limit) and at most SLEEP_SLICE_NS. The second limit is needed
 * because, before the sleep begins, another slot may hold the newest image and then this slot
 * again. Returns what handle_do returns.
 */
int sleep_until_newer(struct vitrine_channel *channel, int latest, int64_t left);

#endif
