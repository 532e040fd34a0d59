/*
 * iceoryx.c - iceoryx 2.0, configured so that no frame is lost: the publisher waits for its
 * subscriber. The host runs its daemon, iox-roudi, with a pool of chunks of a frame's size.
 */
#include <iceoryx_binding_c/api.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

enum { PAGE = 4096 };

struct port {
	uint32_t size;
	/* the producer's */
	iox_pub_storage_t publisher_storage;
	iox_pub_t publisher;
	void *chunk;
	/* the consumer's */
	iox_sub_storage_t subscriber_storage;
	iox_sub_t subscriber;
	iox_ws_storage_t set_storage;
	iox_ws_t set;
	const void *taken;
	/* the host's */
	pid_t daemon;
};

/* ---- the host ------------------------------------------------------------------------------ */

static bool write_configuration(const struct peer_task *task, const char *path)
{
	FILE *file = fopen(path, "we");

	if (file == NULL)
		return false;
	fprintf(file,
		"[general]\nversion = 1\n\n[[segment]]\n\n[[segment.mempool]]\nsize = %zu\n"
		"count = %u\n",
		(task->size + 2 * PAGE - 1) & ~(size_t)31, task->slots + 3);
	return fclose(file) == 0;
}

/* Starts the daemon and waits until it reports that it is ready. */
static bool run_daemon(struct port *port, const struct peer_task *task)
{
	char path[128], line[256];
	bool is_ready = false;
	int pipes[2];
	FILE *output;

	snprintf(path, sizeof(path), "%s/roudi.toml", task->folder);
	if (!write_configuration(task, path) || pipe(pipes) != 0)
		return false;
	port->daemon = fork();
	if (port->daemon == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(pipes[1], STDOUT_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		execlp("iox-roudi", "iox-roudi", "-c", path, "-m", "off", (char *)NULL);
		_exit(127);
	}
	close(pipes[1]);
	output = fdopen(pipes[0], "r"); /* stays open: the daemon may write more */
	while (!is_ready && output != NULL && fgets(line, sizeof(line), output) != NULL)
		is_ready = strstr(line, "ready for clients") != NULL;
	if (!is_ready)
		fputs("iceoryx: iox-roudi does not start\n", stderr);
	return is_ready;
}

/* ---- the two sides -------------------------------------------------------------------------- */

static void open_publisher(struct port *port)
{
	iox_pub_options_t options;

	iox_runtime_init("vitrine-bench-producer");
	iox_pub_options_init(&options);
	options.subscriberTooSlowPolicy = ConsumerTooSlowPolicy_WAIT_FOR_CONSUMER;
	port->publisher =
		iox_pub_init(&port->publisher_storage, "vitrine", "bench", "frame", &options);
	while (!iox_pub_has_subscribers(port->publisher))
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void open_subscriber(struct port *port, uint32_t slots)
{
	iox_sub_options_t options;

	iox_runtime_init("vitrine-bench-consumer");
	iox_sub_options_init(&options);
	options.queueCapacity = slots;
	options.queueFullPolicy = QueueFullPolicy_BLOCK_PRODUCER;
	port->subscriber =
		iox_sub_init(&port->subscriber_storage, "vitrine", "bench", "frame", &options);
	port->set = iox_ws_init(&port->set_storage);
	iox_ws_attach_subscriber_state(port->set, port->subscriber, SubscriberState_HAS_DATA, 1,
		NULL);
}

static void *port_open(const struct peer_task *task, enum peer_side side)
{
	struct port *port = calloc(1, sizeof(*port));

	if (port == NULL)
		return NULL;
	port->size = (uint32_t)task->size;
	if (side == PEER_HOST && !run_daemon(port, task)) {
		free(port);
		return NULL;
	}
	if (side == PEER_PRODUCER)
		open_publisher(port);
	else if (side == PEER_CONSUMER)
		open_subscriber(port, task->slots);
	return port;
}

static void port_close(void *self, enum peer_side side)
{
	struct port *port = self;

	if (side == PEER_HOST) {
		kill(port->daemon, SIGTERM);
		waitpid(port->daemon, NULL, 0);
	} else if (side == PEER_PRODUCER) {
		iox_pub_deinit(port->publisher);
		iox_runtime_shutdown();
	} else {
		iox_ws_detach_subscriber_state(port->set, port->subscriber,
			SubscriberState_HAS_DATA);
		iox_sub_deinit(port->subscriber);
		iox_ws_deinit(port->set);
		iox_runtime_shutdown();
	}
	free(port);
}

static void *port_claim(void *self)
{
	struct port *port = self;

	if (iox_pub_loan_aligned_chunk(port->publisher, &port->chunk, port->size, PAGE) !=
		AllocationResult_SUCCESS) {
		fputs("iceoryx: there is no chunk\n", stderr);
		return NULL;
	}
	return port->chunk;
}

static bool port_publish(void *self)
{
	struct port *port = self;

	iox_pub_publish_chunk(port->publisher, port->chunk);
	return true;
}

static const void *port_take(void *self)
{
	struct port *port = self;
	iox_notification_info_t information;
	uint64_t missed;

	while (iox_sub_take_chunk(port->subscriber, &port->taken) != ChunkReceiveResult_SUCCESS)
		iox_ws_wait(port->set, &information, 1, &missed);
	return port->taken;
}

static bool port_release(void *self)
{
	struct port *port = self;

	iox_sub_release_chunk(port->subscriber, port->taken);
	return true;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "iceoryx",
	.title = "iceoryx 2.0, blocking",
	.open = port_open,
	.close = port_close,
	.claim = port_claim,
	.publish = port_publish,
	.take = port_take,
	.release = port_release,
};
