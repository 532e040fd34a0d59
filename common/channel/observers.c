/* observers.c - see observers.h. */
#include "observers.h"

#include <assert.h>
#include <stddef.h>

void observers_add(struct observers *observers, vitrine_observer *observe, void *data)
{
	if (observe == NULL)
		return;
	assert(observers->count < OBSERVERS_MAX);
	observers->list[observers->count].observe = observe;
	observers->list[observers->count++].data = data;
}

void observers_tell(const struct vitrine_event *event, void *data)
{
	const struct observers *observers = data;

	for (uint32_t i = 0; i < observers->count; i++)
		observers->list[i].observe(event, observers->list[i].data);
}
