/*
 * observers.h - several observers where the library accepts one: each is called for every system
 * call that changes the channel, in the order in which they were added, on the thread that uses the
 * channel. Add them all before opening the channel.
 */
#ifndef VITRINE_CHANNEL_OBSERVERS_H
#define VITRINE_CHANNEL_OBSERVERS_H

#include <stdint.h>

#include "vitrine.h"

#define OBSERVERS_MAX 4

/* All zeros: no observers. */
struct observers {
	struct {
		vitrine_observer *observe;
		void *data;
	} list[OBSERVERS_MAX];
	uint32_t count;
};

/* Adds an observer, unless it is NULL. At most OBSERVERS_MAX. */
void observers_add(struct observers *observers, vitrine_observer *observe, void *data);

/* A vitrine_observer; `data` is a struct observers. */
void observers_tell(const struct vitrine_event *event, void *data);

#endif
