/*
 * sender.h - publishes files one by one: the way of each from its path to the log line "published".
 * A file's own bytes are read straight into the claimed slot; an image may go as pixels instead.
 * Claimed late and published or abandoned soon, so that a slow disk keeps nobody waiting. Called by
 * send and show.
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
	int64_t timeout_ns; /* for each file, to wait for a free slot */
	uint32_t checksum;  /* enum vitrine_checksum */
	bool as_pixels;
	bool is_strict;          /* as_pixels: what is incomplete or damaged is refused */
	bool is_still;           /* as_pixels: of an animation the first frame alone is sent */
	bool has_when_full;      /* `when_full` was asked for: for animations, too */
	uint64_t memory;         /* bytes that decoded pixels may take */
	struct decoder *decoder; /* for as_pixels; NULL: none */
	/* Asked while a file waits for a slot; true: give up. May be NULL. */
	bool (*gives_up)(void *data);
	/* Called after each frame of an animation; may sleep. May be NULL. */
	void (*played)(void *data);
	void *data;
};

/* Publishes one file; `path` may be "-". false: it has said why on standard error. */
bool sender_send(struct sender *sender, const char *path);

#endif
