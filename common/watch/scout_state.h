/*
 * scout_state.h - what scout.c (the thread) and scout_look.c (what it does there) share; nobody else
 * includes this.
 */
#ifndef VITRINE_UI_SCOUT_STATE_H
#define VITRINE_UI_SCOUT_STATE_H

#include "scout.h"
#include "worker.h"

struct kept_thumbnail {
	uint64_t sequence, published_ns; /* of the image; 0: none */
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_thumbnail thumbnail;
};

struct scout {
	struct scout_options options;
	struct worker worker; /* its lock is over all up to `thumbnails` */
	bool wanted, hurried, ending;
	uint32_t box_width, box_height;
	uint64_t version;
	struct xray_model model;
	struct timeline timeline;
	struct kept_thumbnail thumbnails[VITRINE_SLOTS_MAX];

	/* the thread's own */
	uint32_t box[2]; /* width and height, as of this look */
	bool has_info;
	struct vitrine_info info;
	struct vitrine_snapshot snapshot;
	struct attached_program programs[ATTACHED_MAX];
	size_t program_count;
	int32_t members[5]; /* who was there when they were looked for: ids and counts */
	int64_t programs_at;
	uint32_t sleeps; /* that were found at the last look */
	uint32_t owner_uid;
	char owner[32];
	struct call calls[XRAY_CALLS];
	struct xray_model fresh;
	uint64_t traced, lost;
};

/* Looks once, and wakes the window if something is other than it was. On the thread. */
void scout_look_round(struct scout *scout);

/* Writes the calls up to `until` into the trace file, if there is one. On the thread. */
void scout_trace(struct scout *scout, bool is_open, int64_t until);

#endif
