/* stream.c - see stream.h. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live.h"

/* A descriptor, or -1 and a reason. A FIFO that nobody writes to yet is waited for later. */
static int open_stream(const char *path, char reason[512])
{
	struct stat status;
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) != 0) {
		snprintf(reason, 512, "cannot be opened: %s", strerror(errno));
	} else if (S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode)) {
		snprintf(reason, 512, "is a folder or a disk, not a stream");
	} else if (isatty(fd)) {
		snprintf(reason, 512, "is a terminal: pipe a stream of frames into this program");
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static const char *name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : text_base_name(path);
}

static bool run(const struct sender *sender, int fd, const char *path,
	const struct live_choice *choice, int when_full, char reason[512])
{
	const struct live_options options = {
		.frames =
			{
				.name = name_of(path),
				.fd = fd,
				.woken = sender->tool->woken,
				.format = choice->format,
				.width = choice->width,
				.height = choice->height,
				.limit = sender->memory,
				.decoder = sender->decoder,
			},
		.link = sender->link,
		.when_full =
			when_full >= 0 ? (enum vitrine_when_full)when_full : live_when_full(fd),
		.fps = choice->fps,
		.checksum = sender->checksum,
		.log = &sender->tool->log,
	};
	struct live_counts counts;
	enum live_end end = live_run(&options, &counts, reason);

	if (end == LIVE_FAILED)
		log_error(&sender->tool->log, name_of(path), reason);
	else if (end == LIVE_STOPPED && counts.sent == 0)
		log_error(&sender->tool->log, name_of(path), "interrupted before its first frame");
	return counts.sent > 0;
}

bool stream_send(const struct sender *sender, const char *path, const struct live_choice *choice,
	int when_full)
{
	char reason[512];
	int fd = open_stream(path, reason);
	bool has_sent;

	if (fd < 0) {
		log_error(&sender->tool->log, name_of(path), reason);
		return false;
	}
	has_sent = run(sender, fd, path, choice, when_full, reason);
	close(fd);
	return has_sent;
}
