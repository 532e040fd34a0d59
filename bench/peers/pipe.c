/*
 * pipe.c - a pipe with the largest possible capacity. vmsplice() moves the frame's pages into it
 * without a copy, except for the last ones, which are written: when these are in the pipe, the
 * consumer has read all spliced pages, and the producer may change its frame.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "peer.h"

enum { CAPACITY = 1 << 20 }; /* the most that an ordinary user may set */

struct channel {
	size_t size;
	size_t capacity;
	int fd;
};

static void *pipe_open(const struct peer_task *task, enum peer_side side)
{
	struct channel *channel = calloc(1, sizeof(*channel));
	char path[128];
	int capacity;

	if (channel == NULL)
		return NULL;
	channel->size = task->size;
	snprintf(path, sizeof(path), "%s/pipe", task->folder);
	channel->fd = -1;
	if (side == PEER_HOST && mkfifo(path, 0600) != 0) {
		perror("mkfifo");
		free(channel);
		return NULL;
	}
	if (side == PEER_HOST)
		return channel;
	channel->fd = open(path, (side == PEER_PRODUCER ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	capacity = fcntl(channel->fd, F_SETPIPE_SZ, CAPACITY);
	if (capacity < 0)
		capacity = fcntl(channel->fd, F_GETPIPE_SZ);
	channel->capacity = (size_t)capacity;
	if (channel->fd < 0 || capacity < 0) {
		perror("pipe");
		free(channel);
		return NULL;
	}
	return channel;
}

static void pipe_close(void *self, enum peer_side side)
{
	struct channel *channel = self;

	if (side != PEER_HOST)
		close(channel->fd);
	free(channel);
}

static bool pipe_send(void *self, const void *frame)
{
	const struct channel *channel = self;
	size_t spliced = channel->size > channel->capacity ? channel->size - channel->capacity : 0;

	for (size_t done = 0; done < channel->size;) {
		struct iovec rest = {.iov_base = (char *)(uintptr_t)frame + done,
			.iov_len = (done < spliced ? spliced : channel->size) - done};
		ssize_t n = done < spliced ? vmsplice(channel->fd, &rest, 1, 0)
					   : write(channel->fd, rest.iov_base, rest.iov_len);
		if (n < 0) {
			perror("pipe");
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

static bool pipe_receive(void *self, void *frame)
{
	const struct channel *channel = self;

	for (size_t done = 0; done < channel->size;) {
		ssize_t n = read(channel->fd, (char *)frame + done, channel->size - done);
		if (n <= 0) {
			perror("pipe");
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "pipe",
	.title = "pipe with vmsplice",
	.open = pipe_open,
	.close = pipe_close,
	.send = pipe_send,
	.receive = pipe_receive,
};
