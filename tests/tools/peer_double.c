/*
 * peer_double.c - a peer for test_bench.py: hands frames over through a FIFO, as VITRINE_PEER says:
 * well; "torn", with one byte that is another; "dies" or "bus", after a few frames.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peer.h"

struct fifo {
	size_t size;
	int fd; /* the host's is -1 */
	unsigned frames;
	char mode[16];
};

static void *fifo_open(const struct peer_task *task, enum peer_side side)
{
	struct fifo *fifo = calloc(1, sizeof(*fifo));
	const char *mode = getenv("VITRINE_PEER");
	char path[128];

	if (fifo == NULL)
		return NULL;
	snprintf(path, sizeof(path), "%s/fifo", task->folder);
	snprintf(fifo->mode, sizeof(fifo->mode), "%s", mode != NULL ? mode : "well");
	fifo->size = task->size;
	fifo->fd = -1;
	if (side == PEER_HOST && mkfifo(path, 0600) != 0) {
		free(fifo);
		return NULL;
	}
	if (side != PEER_HOST)
		fifo->fd = open(path, side == PEER_PRODUCER ? O_WRONLY : O_RDONLY);
	return fifo;
}

static void fifo_close(void *self, enum peer_side side)
{
	struct fifo *fifo = self;

	if (side != PEER_HOST)
		close(fifo->fd);
	free(fifo);
}

static bool fifo_send(void *self, const void *frame)
{
	struct fifo *fifo = self;
	uint8_t *changed;
	bool is_done = true;

	if (strcmp(fifo->mode, "dies") == 0 && fifo->frames == 3) {
		fputs("this is the end\n", stderr);
		return false;
	}
	if (strcmp(fifo->mode, "bus") == 0 && fifo->frames == 3)
		raise(SIGBUS); /* as with a full /dev/shm */
	changed = malloc(fifo->size);
	if (changed == NULL)
		return false;
	memcpy(changed, frame, fifo->size);
	if (strcmp(fifo->mode, "torn") == 0 && fifo->frames == 3)
		changed[fifo->size - 8] ^= 1;
	fifo->frames++;
	for (size_t done = 0; is_done && done < fifo->size;) {
		ssize_t n = write(fifo->fd, changed + done, fifo->size - done);
		is_done = n > 0;
		done += n > 0 ? (size_t)n : 0;
	}
	free(changed);
	return is_done;
}

static bool fifo_receive(void *self, void *frame)
{
	struct fifo *fifo = self;

	for (size_t done = 0; done < fifo->size;) {
		ssize_t n = read(fifo->fd, (char *)frame + done, fifo->size - done);
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "double",
	.title = "a FIFO",
	.open = fifo_open,
	.close = fifo_close,
	.send = fifo_send,
	.receive = fifo_receive,
};
