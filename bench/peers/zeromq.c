/*
 * zeromq.c - ZeroMQ over ipc://, PUSH to PULL, zero-copy: a message refers to one of the producer's
 * buffers, which ZeroMQ gives back when the message was sent.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <zmq.h>

#include "peer.h"

enum { BUFFERS_MOST = 64 };

struct connection {
	struct peer_task task;
	void *context, *socket; /* NULL: the host's */
	zmq_msg_t message;      /* the consumer's */
	/* The producer's; ZeroMQ's own thread gives buffers back. */
	pthread_mutex_t mutex;
	pthread_cond_t freed;
	uint8_t *buffers;
	void *unused[BUFFERS_MOST];
	unsigned unused_count;
	void *claimed;
};

static bool make_buffers(struct connection *connection)
{
	size_t size = connection->task.size * connection->task.slots;

	pthread_mutex_init(&connection->mutex, NULL);
	pthread_cond_init(&connection->freed, NULL);
	connection->buffers = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	for (unsigned i = 0; connection->buffers != MAP_FAILED && i < connection->task.slots; i++)
		connection->unused[connection->unused_count++] =
			connection->buffers + i * connection->task.size;
	return connection->buffers != MAP_FAILED;
}

static void *connection_open(const struct peer_task *task, enum peer_side side)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	int most = (int)task->slots / 2; /* half of them on either side of the socket */
	char address[128];
	int rc = 0;

	if (connection == NULL || side == PEER_HOST)
		return connection;
	connection->task = *task;
	snprintf(address, sizeof(address), "ipc://%s/socket", task->folder);
	connection->context = zmq_ctx_new();
	connection->socket =
		zmq_socket(connection->context, side == PEER_PRODUCER ? ZMQ_PUSH : ZMQ_PULL);
	zmq_setsockopt(connection->socket, ZMQ_SNDHWM, &most, sizeof(most));
	zmq_setsockopt(connection->socket, ZMQ_RCVHWM, &most, sizeof(most));
	if (side == PEER_PRODUCER && !make_buffers(connection))
		rc = -1;
	else if (side == PEER_PRODUCER)
		rc = zmq_connect(connection->socket, address);
	else
		rc = zmq_bind(connection->socket, address);
	if (rc != 0) {
		fprintf(stderr, "zeromq: %s\n", zmq_strerror(zmq_errno()));
		free(connection);
		return NULL;
	}
	return connection;
}

/* Ending the context waits until all messages are delivered. */
static void connection_close(void *self, enum peer_side side)
{
	struct connection *connection = self;

	(void)side;
	if (connection->socket != NULL) {
		zmq_close(connection->socket);
		zmq_ctx_term(connection->context);
	}
	if (connection->buffers != NULL)
		munmap(connection->buffers, connection->task.size * connection->task.slots);
	free(connection);
}

static void *connection_claim(void *self)
{
	struct connection *connection = self;

	pthread_mutex_lock(&connection->mutex);
	while (connection->unused_count == 0)
		pthread_cond_wait(&connection->freed, &connection->mutex);
	connection->claimed = connection->unused[--connection->unused_count];
	pthread_mutex_unlock(&connection->mutex);
	return connection->claimed;
}

static void give_back(void *buffer, void *self)
{
	struct connection *connection = self;

	pthread_mutex_lock(&connection->mutex);
	connection->unused[connection->unused_count++] = buffer;
	pthread_cond_signal(&connection->freed);
	pthread_mutex_unlock(&connection->mutex);
}

static bool connection_publish(void *self)
{
	struct connection *connection = self;
	zmq_msg_t message;

	zmq_msg_init_data(&message, connection->claimed, connection->task.size, give_back,
		connection);
	return zmq_msg_send(&message, connection->socket, 0) >= 0;
}

static const void *connection_take(void *self)
{
	struct connection *connection = self;

	zmq_msg_init(&connection->message);
	if (zmq_msg_recv(&connection->message, connection->socket, 0) < 0)
		return NULL;
	return zmq_msg_data(&connection->message);
}

static bool connection_release(void *self)
{
	struct connection *connection = self;

	return zmq_msg_close(&connection->message) == 0;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "zeromq",
	.title = "ZeroMQ over ipc, zero-copy",
	.open = connection_open,
	.close = connection_close,
	.claim = connection_claim,
	.publish = connection_publish,
	.take = connection_take,
	.release = connection_release,
};
