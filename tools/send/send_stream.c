/* send_stream.c - see send_stream.h. */
#include "send_stream.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "live.h"
#include "live_source.h"
#include "translate.h"

static bool run(const struct sender *sender, const struct live_options *options)
{
	const char *name = options->frames.name;
	struct live_counts counts;
	char reason[512];
	enum live_end end = live_run(options, &counts, reason);

	if (end == LIVE_FAILED)
		log_error(&sender->tool->log, name, reason);
	else if (end == LIVE_STOPPED && counts.sent == 0)
		log_error(&sender->tool->log, name, _("interrupted before its first frame"));
	/* A stream that was stopped lacks no frame up to that point; one that failed lacks some. */
	if (counts.damaged > 0)
		return false;
	return end == LIVE_ENDED || (end == LIVE_STOPPED && counts.sent > 0);
}

/* What all streams of a sender have in common. */
static struct live_options options_of(const struct sender *sender, int fd, const char *name)
{
	return (struct live_options){
		.frames =
			{
				.name = name,
				.fd = fd,
				.woken = sender->tool->woken,
				.limit = sender->memory,
				.decoder = sender->decoder,
			},
		.link = sender->link,
		.fps = LIVE_OWN_RATE,
		.checksum = sender->checksum,
		.log = &sender->tool->log,
	};
}

bool send_stream(const struct sender *sender, const char *path, const struct live_choice *choice,
	int when_full)
{
	struct live_options options;
	char reason[512];
	int fd = live_source_open(path, reason);
	bool has_sent;

	if (fd < 0) {
		log_error(&sender->tool->log, live_source_name(path), reason);
		return false;
	}
	options = options_of(sender, fd,
		choice->name != NULL ? choice->name : live_source_name(path));
	options.frames.format = choice->format;
	options.frames.width = choice->width;
	options.frames.height = choice->height;
	memcpy(options.frames.strides, choice->strides, sizeof(choice->strides));
	options.frames.matrix = choice->matrix;
	options.frames.range = choice->range;
	options.frames.animates = true;
	options.fps = choice->fps;
	options.when_full =
		when_full >= 0 ? (enum vitrine_when_full)when_full : live_source_when_full(fd);
	has_sent = run(sender, &options);
	close(fd);
	return has_sent;
}

static void tell_played(void *data, const struct live_counts *counts)
{
	const struct sender *sender = data;

	if (counts->sent > 0)
		sender->played(sender->data);
}

bool send_animation(const struct sender *sender, int fd, const char *name)
{
	struct live_options options = options_of(sender, fd, text_base_name(name));

	options.frames.animates = true;
	options.when_full = sender->has_when_full ? sender->when_full : VITRINE_DROP_OLDEST;
	options.counted = sender->played != NULL ? tell_played : NULL;
	options.data = (void *)(uintptr_t)sender;
	return run(sender, &options);
}
