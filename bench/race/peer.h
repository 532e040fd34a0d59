/*
 * peer.h - a peer: one way to pass frames from one process to another, which bench-race measures. A
 * peer is one file with one `struct peer`. Those of this folder are part of bench-race; a module
 * (see bench/peers) exports its own under the name PEER_SYMBOL. Three processes open a peer: first
 * the host, which creates the named objects and removes them at the end; then a consumer and a
 * producer, at the same time. Each calls its functions from one thread. A call that fails prints
 * the reason on standard error and returns NULL or false, which ends the race. No call needs a
 * timeout: a process that waits for one that has ended is killed.
 */
#ifndef VITRINE_BENCH_PEER_H
#define VITRINE_BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum peer_side { PEER_HOST, PEER_CONSUMER, PEER_PRODUCER };

/* The parameters of a race. */
struct peer_task {
	size_t size;     /* bytes of a frame, width x height x 4 */
	uint32_t width;  /* pixels of 4 bytes */
	uint32_t height; /* pixels */
	uint32_t slots;  /* frames that may be in transit */
	int32_t key;     /* an unused key for System V objects */
	char name[64];   /* an unused name for named objects */
	char folder[64]; /* an empty folder for sockets; removed afterwards with its contents */
};

struct peer {
	const char *name;  /* "posix-ring" */
	const char *title; /* for people: "POSIX shared memory, 4 slots, sem_t" */

	void *(*open)(const struct peer_task *task, enum peer_side side);
	void (*close)(void *self, enum peer_side side);

	/* For peers whose frames are in shared memory. */
	void *(*claim)(void *self);      /* where the next frame goes, `size` bytes */
	bool (*publish)(void *self);     /* publishes it */
	const void *(*take)(void *self); /* the next frame, sleeping until there is one */
	bool (*release)(void *self);     /* releases it */

	/* For other peers: these two instead of the four above. */
	bool (*send)(void *self, const void *frame);
	bool (*receive)(void *self, void *frame); /* receives the next frame completely */
};

/* In a module: const struct peer PEER_SYMBOL = {…}; */
#define PEER_SYMBOL bench_peer

extern const struct peer peer_vitrine;
extern const struct peer peer_posix_ring;

#ifdef __cplusplus
}
#endif

#endif
