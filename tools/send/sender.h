/*
 * sender.h - publishes files one by one, each from its path to the log line "published". A file's
 * bytes are read directly into the claimed slot; an image may be published as pixels instead. A
 * slot is claimed late and published or abandoned soon, so that a slow disk keeps no other program
 * waiting. Called by send and show.
 */
#ifndef VITRINE_TOOLS_SENDER_H
#define VITRINE_TOOLS_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "source.h"
#include "tool.h"

struct sender {
	struct tool *tool;
	struct link *link; /* open, as producer */
	enum vitrine_when_full when_full;
	int64_t timeout_ns; /* how long each file waits for a free slot */
	uint32_t checksum;  /* enum vitrine_checksum */
	bool as_pixels;
	bool is_strict;          /* as_pixels: refuse incomplete or damaged images */
	bool is_still;           /* as_pixels: send only the first frame of an animation */
	bool has_when_full;      /* `when_full` was given, so it applies to animations too */
	uint64_t memory;         /* limit for decoded pixels, bytes */
	struct decoder *decoder; /* for as_pixels; NULL: none */
	/* Called while a file waits for a slot; true: give up. May be NULL. */
	bool (*gives_up)(void *data);
	/* Called after each frame of an animation; may sleep. May be NULL. */
	void (*played)(void *data);
	void *data;
};

/* Publishes one file; `path` may be "-". false: the reason has been printed on standard error. */
bool sender_send(struct sender *sender, const char *path);

/* After an interruption: prints on standard error that each of these files was not sent. */
void sender_tell_unsent(const struct sender *sender, char *const paths[], int count);

#endif
