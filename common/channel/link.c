/* link.c - see link.h. */
#include "link.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "translate.h"

#define LOOK_NS INT64_C(1000000000)

enum { CALM = 10 };

struct link {
	struct vitrine_options options;
	struct vitrine_key key;
	struct log *log;
	void (*wake)(void *data);
	void *wake_data;
	pthread_mutex_t lock;            /* protects the fields below; never held during a sleep */
	struct vitrine_channel *channel; /* replaced only by the worker */
	uint32_t pins;                   /* number of readers that keep the channel open */
	pthread_cond_t unpinned;
	enum link_state state;
	bool reopened;
	bool is_anothers;
	char owner[USERNAME_MAX];
	char message[sizeof((struct link_look){0}.message)];
};

struct link *link_create(const struct vitrine_options *options, struct log *log,
	void (*wake)(void *data), void *wake_data)
{
	struct link *link = calloc(1, sizeof(*link));

	if (link == NULL)
		return NULL;
	link->options = *options;
	link->key = *options->key;
	link->options.key = &link->key;
	link->log = log;
	link->wake = wake;
	link->wake_data = wake_data;
	pthread_mutex_init(&link->lock, NULL);
	pthread_cond_init(&link->unpinned, NULL);
	return link;
}

void link_destroy(struct link *link)
{
	if (link == NULL)
		return;
	pthread_cond_destroy(&link->unpinned);
	pthread_mutex_destroy(&link->lock);
	free(link);
}

static void set_state(struct link *link, enum link_state state, struct vitrine_channel *channel,
	const char *message)
{
	pthread_mutex_lock(&link->lock);
	link->state = state;
	link->channel = channel;
	snprintf(link->message, sizeof(link->message), "%s", message);
	pthread_mutex_unlock(&link->lock);
	if (link->wake != NULL)
		link->wake(link->wake_data);
}

static void log_opening(const struct link *link, const char *event)
{
	static const char *const roles[] = {"producer", "consumer", "mirror", "inspector"};
	static const char *const sources[] = {
		"argument", "environment", "file", "program-file", "default"};
	const struct vitrine_info *info = vitrine_info(link->channel);
	char asked[96];

	log_event(link->log, event, LOG_STR("role", roles[info->role]),
		LOG_HEX("key", (uint32_t)info->key), LOG_STR("text", info->key_text),
		LOG_STR("source", sources[link->key.source]), LOG_I64("semid", info->semid),
		LOG_I64("shmid", info->shmid), LOG_U64("slots", info->slots),
		LOG_U64("slot_size", info->slot_size), LOG_U64("owner", info->owner_uid),
		LOG_BOOL("created", info->created));
	if (link->options.slots != 0 && link->options.slots != info->slots) {
		snprintf(asked, sizeof(asked), "--slots %u", link->options.slots);
		log_error(link->log, asked,
			_("ignored: the channel already exists with a different number of slots"));
	}
}

/* Called on the worker's thread, because it may be slow. */
static void find_owner(struct link *link, const struct vitrine_channel *channel)
{
	uint32_t uid = vitrine_info(channel)->owner_uid;
	char owner[USERNAME_MAX];

	username(owner, uid);
	pthread_mutex_lock(&link->lock);
	snprintf(link->owner, sizeof(link->owner), "%s", owner);
	link->is_anothers = uid != geteuid();
	pthread_mutex_unlock(&link->lock);
}

static int open_as(struct link *link, enum vitrine_role role, const char *event)
{
	struct vitrine_channel *channel;
	int rc;

	set_state(link, LINK_OPENING, NULL, "");
	link->options.role = role;
	rc = vitrine_open(&channel, &link->options);
	if (rc < 0) {
		set_state(link, LINK_FAILED, NULL, vitrine_message(channel));
		vitrine_close(channel);
		return rc;
	}
	find_owner(link, channel);
	set_state(link, LINK_OPEN, channel, "");
	log_opening(link, event);
	return rc;
}

int link_open(struct link *link, enum vitrine_role role)
{
	return open_as(link, role, "channel");
}

/* Leaves a channel that is no longer link->channel. */
static int close_unpinned(struct link *link, struct vitrine_channel *channel)
{
	pthread_mutex_lock(&link->lock);
	while (link->pins > 0)
		pthread_cond_wait(&link->unpinned, &link->lock);
	pthread_mutex_unlock(&link->lock);
	return vitrine_close(channel);
}

int link_change_role(struct link *link, enum vitrine_role role)
{
	struct vitrine_channel *before = link->channel;
	int rc = open_as(link, role, "channel");

	close_unpinned(link, before);
	return rc;
}

int link_close(struct link *link)
{
	struct vitrine_channel *channel = link->channel;

	set_state(link, LINK_CLOSED, NULL, "");
	return close_unpinned(link, channel);
}

struct vitrine_channel *link_channel(struct link *link)
{
	return link->channel;
}

int link_recover(struct link *link, int error)
{
	int rc;

	if (error != VITRINE_EREMOVED)
		return error;
	log_event(link->log, "removed", LOG_HEX("key", (uint32_t)link->key.value));
	link_close(link);
	rc = open_as(link, link->options.role, "reopened");
	if (rc == VITRINE_OK) {
		pthread_mutex_lock(&link->lock);
		link->reopened = true;
		pthread_mutex_unlock(&link->lock);
		if (link->wake != NULL)
			link->wake(link->wake_data);
	}
	return rc;
}

const struct vitrine_channel *link_pin(struct link *link)
{
	const struct vitrine_channel *channel;

	pthread_mutex_lock(&link->lock);
	channel = link->channel;
	link->pins += channel != NULL;
	pthread_mutex_unlock(&link->lock);
	return channel;
}

void link_unpin(struct link *link)
{
	pthread_mutex_lock(&link->lock);
	link->pins--;
	pthread_cond_signal(&link->unpinned);
	pthread_mutex_unlock(&link->lock);
}

void link_look(struct link *link, struct link_look *look)
{
	memset(look, 0, sizeof(*look));
	pthread_mutex_lock(&link->lock);
	look->state = link->state;
	look->reopened = link->reopened;
	link->reopened = false;
	memcpy(look->message, link->message, sizeof(look->message));
	if (link->channel != NULL) {
		look->is_anothers = link->is_anothers;
		memcpy(look->owner, link->owner, sizeof(look->owner));
		look->info = *vitrine_info(link->channel);
		/* If the channel was just removed, the worker will find out by itself. */
		vitrine_inspect_values(link->channel, &look->snapshot);
	}
	pthread_mutex_unlock(&link->lock);
}

int64_t link_look_ns(int *calm)
{
	if (*calm == CALM)
		return 2 * LOOK_NS;
	++*calm;
	return LOOK_NS;
}
