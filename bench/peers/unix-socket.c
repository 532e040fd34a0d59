/*
 * unix-socket.c - a Unix stream socket: frames are written into it, and read straight to their
 * place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

enum { BUFFER = 1 << 20 };

struct connection {
	size_t size;
	int socket;   /* the consumer's and the producer's */
	int listener; /* the consumer's; else -1 */
	struct sockaddr_un address;
};

static bool listen_here(struct connection *connection)
{
	connection->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(connection->listener, (struct sockaddr *)&connection->address,
		    sizeof(connection->address)) != 0 ||
		listen(connection->listener, 1) != 0)
		return false;
	connection->socket = accept(connection->listener, NULL, NULL);
	return connection->socket >= 0;
}

/* The consumer may be a little later. */
static bool connect_there(struct connection *connection)
{
	const struct timespec nap = {.tv_nsec = 1000000};

	connection->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	while (connect(connection->socket, (struct sockaddr *)&connection->address,
		       sizeof(connection->address)) != 0) {
		if (errno != ENOENT && errno != ECONNREFUSED)
			return false;
		nanosleep(&nap, NULL);
	}
	return true;
}

static void *socket_open(const struct peer_task *task, enum peer_side side)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	int size = BUFFER;

	if (connection == NULL)
		return NULL;
	*connection = (struct connection){.size = task->size, .socket = -1, .listener = -1};
	connection->address.sun_family = AF_UNIX;
	snprintf(connection->address.sun_path, sizeof(connection->address.sun_path), "%s/socket",
		task->folder);
	if ((side == PEER_CONSUMER && !listen_here(connection)) ||
		(side == PEER_PRODUCER && !connect_there(connection))) {
		perror("unix-socket");
		free(connection);
		return NULL;
	}
	setsockopt(connection->socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return connection;
}

static void socket_close(void *self, enum peer_side side)
{
	struct connection *connection = self;

	(void)side;
	if (connection->socket >= 0)
		close(connection->socket);
	if (connection->listener >= 0)
		close(connection->listener);
	free(connection);
}

static bool socket_send(void *self, const void *frame)
{
	const struct connection *connection = self;

	for (size_t done = 0; done < connection->size;) {
		ssize_t n = send(connection->socket, (const char *)frame + done,
			connection->size - done, MSG_NOSIGNAL);
		if (n < 0) {
			perror("send");
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

static bool socket_receive(void *self, void *frame)
{
	const struct connection *connection = self;

	for (size_t done = 0; done < connection->size;) {
		ssize_t n = recv(connection->socket, (char *)frame + done, connection->size - done,
			MSG_WAITALL);
		if (n <= 0) {
			perror("recv");
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "unix-socket",
	.title = "Unix socket",
	.open = socket_open,
	.close = socket_close,
	.send = socket_send,
	.receive = socket_receive,
};
