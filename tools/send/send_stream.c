/* send_stream.c - see send_stream.h. */
#include "send_stream.h"

#include <stdio.h>
#include <unistd.h>

#include "live.h"
#include "live_source.h"

static bool run(const struct sender *sender, int fd, const char *path,
	const struct live_choice *choice, int when_full, char reason[512])
{
	const struct live_options options = {
		.frames =
			{
				.name = live_source_name(path),
				.fd = fd,
				.woken = sender->tool->woken,
				.format = choice->format,
				.width = choice->width,
				.height = choice->height,
				.limit = sender->memory,
				.decoder = sender->decoder,
			},
		.link = sender->link,
		.when_full = when_full >= 0 ? (enum vitrine_when_full)when_full
					    : live_source_when_full(fd),
		.fps = choice->fps,
		.checksum = sender->checksum,
		.log = &sender->tool->log,
	};
	struct live_counts counts;
	enum live_end end = live_run(&options, &counts, reason);

	if (end == LIVE_FAILED)
		log_error(&sender->tool->log, live_source_name(path), reason);
	else if (end == LIVE_STOPPED && counts.sent == 0)
		log_error(&sender->tool->log, live_source_name(path),
			"interrupted before its first frame");
	/* A stream that is stopped is whole as far as it goes; one that fails lacks frames. */
	return end == LIVE_ENDED || (end == LIVE_STOPPED && counts.sent > 0);
}

bool send_stream(const struct sender *sender, const char *path, const struct live_choice *choice,
	int when_full)
{
	char reason[512];
	int fd = live_source_open(path, reason);
	bool has_sent;

	if (fd < 0) {
		log_error(&sender->tool->log, live_source_name(path), reason);
		return false;
	}
	has_sent = run(sender, fd, path, choice, when_full, reason);
	close(fd);
	return has_sent;
}
