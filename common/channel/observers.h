/*
 * observers.h - several listeners where the library has room for one: each hears of every system
 * call that changes the channel, in the order they were added. Called on the thread that uses the
 * channel; list them all before it is opened.
 */
#ifndef VITRINE_CHANNEL_OBSERVERS_H
#define VITRINE_CHANNEL_OBSERVERS_H

#include <stdint.h>

#include "vitrine.h"

#define OBSERVERS_MAX 4

/* All zero is nobody. */
struct observers {
	struct {
		vitrine_observer *observe;
		void *data;
	} list[OBSERVERS_MAX];
	uint32_t count;
};

/* NULL is no observer and is left out. At most OBSERVERS_MAX. */
void observers_add(struct observers *observers, vitrine_observer *observe, void *data);

/* A vitrine_observer; `data` is a struct observers. */
void observers_tell(const struct vitrine_event *event, void *data);

#endif
