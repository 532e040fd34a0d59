/* topics.c - see topics.h. */
#include "topics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct topic *topics_of(struct topics *topics, const struct address *address, const char *name)
{
	struct topic *topic;

	for (size_t i = 0; i < topics->count; i++)
		if (strcmp(topics->all[i]->name, name) == 0)
			return topics->all[i];
	if (topics->count == TOPICS_MOST || strlen(name) >= sizeof(topic->name))
		return NULL;
	topic = calloc(1, sizeof(*topic));
	if (topic == NULL)
		return NULL;
	strcpy(topic->name, name);
	address_label(address, name, topic->label);
	topics->all[topics->count++] = topic;
	return topic;
}

/* The topic whose arrival has waited longest; NULL: none waits. */
static struct topic *first(const struct topics *topics)
{
	struct topic *found = NULL;

	for (size_t i = 0; i < topics->count; i++) {
		struct topic *topic = topics->all[i];

		if (topic->newest.bytes != NULL && (found == NULL || topic->turn < found->turn))
			found = topic;
	}
	return found;
}

/* Discards what waits in a topic, because something newer came. */
static void overtake(struct topics *topics, struct topic *topic)
{
	topics->pending -= topic->newest.size;
	free(topic->newest.bytes);
	topic->newest.bytes = NULL;
	topic->overtaken++;
}

void topics_keep(struct topics *topics, struct topic *topic, const struct arrival *arrival,
	uint64_t most)
{
	struct topic *oldest;

	if (topic->newest.bytes != NULL)
		overtake(topics, topic); /* it keeps its turn: busy topics are served, too */
	else
		topic->turn = ++topics->turns;
	while (topics->pending + arrival->size > most && (oldest = first(topics)) != NULL)
		overtake(topics, oldest);
	topic->newest = *arrival;
	topics->pending += arrival->size;
}

struct topic *topics_take(struct topics *topics, struct arrival *arrival)
{
	struct topic *topic = first(topics);

	if (topic == NULL)
		return NULL;
	*arrival = topic->newest;
	topic->newest.bytes = NULL;
	topics->pending -= arrival->size;
	return topic;
}

void topics_free(struct topics *topics)
{
	for (size_t i = 0; i < topics->count; i++) {
		free(topics->all[i]->newest.bytes);
		free(topics->all[i]);
	}
	topics->count = 0;
}
