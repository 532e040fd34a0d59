/*
 * peer.h - a peer: one way to hand frames from one process to another. vitrine bench races them.
 *
 * A peer is one file with one `struct peer`. Those of tools/bench are part of the command; a module
 * (see bench/peers) exports its own under the name PEER_SYMBOL. Three processes open it: the host
 * first, which makes what has a name and removes it at the end; then, side by side, a consumer and a
 * producer. Each calls its half from one thread. A call that fails has written why to standard error
 * and returns NULL or false; that ends the race. None needs a time limit: who waits for one that
 * has gone is killed.
 */
#ifndef VITRINE_TOOLS_PEER_H
#define VITRINE_TOOLS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum peer_side { PEER_HOST, PEER_CONSUMER, PEER_PRODUCER };

/* What a race asks of a peer. */
struct peer_task {
	size_t size;     /* bytes of a frame, width x height x 4 */
	uint32_t width;  /* pixels of 4 bytes */
	uint32_t height; /* pixels */
	uint32_t slots;  /* frames that may be under way */
	int32_t key;     /* unused: for System V objects */
	char name[64];   /* unused: for objects with names */
	char folder[64]; /* empty: for sockets; removed afterwards, with all in it */
};

struct peer {
	const char *name;  /* "posix-ring" */
	const char *title; /* for people: "POSIX shared memory, 4 slots, sem_t" */

	void *(*open)(const struct peer_task *task, enum peer_side side);
	void (*close)(void *self, enum peer_side side);

	/* Peers whose frames lie in shared memory. */
	void *(*claim)(void *self);      /* where the next frame goes, `size` bytes */
	bool (*publish)(void *self);     /* hands it over */
	const void *(*take)(void *self); /* the next frame, sleeping until there is one */
	bool (*release)(void *self);     /* done with it */

	/* The others: these two instead of those four. */
	bool (*send)(void *self, const void *frame);
	bool (*receive)(void *self, void *frame); /* all of the next frame, to where it is kept */
};

/* In a module: const struct peer PEER_SYMBOL = {…}; */
#define PEER_SYMBOL bench_peer

extern const struct peer peer_vitrine;
extern const struct peer peer_posix_ring;

#ifdef __cplusplus
}
#endif

#endif
