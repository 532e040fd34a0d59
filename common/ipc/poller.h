/*
 * poller.h - a descriptor that is readable while there is something to take or to look at: an
 * eventfd and the thread that feeds it (vitrine_fd). Also the nap that it shares with mirrors.
 * Private to common/ipc.
 */
#ifndef VITRINE_POLLER_H
#define VITRINE_POLLER_H

#include "handle.h"

struct poller;

/*
 * The program has looked: the descriptor is readable again if there is still, or again, something
 * there: for a mirror, an image with a higher number than `seen`. Any thread; NULL is allowed.
 */
void poller_look_again(struct poller *poller, uint64_t seen);

/*
 * Ends the thread, which takes NAP_NS at most, and closes the descriptor. In a child process
 * (`is_home` is false) there is no thread to end. NULL is allowed.
 */
void poller_end(struct poller *poller, bool is_home);

/*
 * Sleeps until slot `latest` (-1: none) is not the newest any more, for `left` ns (below 0: no
 * limit) or NAP_NS, whichever is less: the newest image may move away and back again unseen. As
 * handle_do. In mirror.c.
 */
int nap_until_newer(struct vitrine_channel *channel, int latest, int64_t left);

#endif
