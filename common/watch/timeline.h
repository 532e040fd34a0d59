/*
 * timeline.h - the last 30 seconds of a channel as a chart: a lane for each slot and each process.
 * It is fed with snapshots twenty times a second; an image that came and went in between shows as a
 * tick. It does not lock: the thread that feeds it makes copies for other threads.
 */
#ifndef VITRINE_WATCH_TIMELINE_H
#define VITRINE_WATCH_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attached.h"
#include "vitrine.h"

#define TIMELINE_NS       INT64_C(30000000000)
/* A longer gap between two samples means that no snapshots were taken. */
#define TIMELINE_BLIND_NS INT64_C(400000000)

enum { TIMELINE_SAMPLES = 640, TIMELINE_PROCESSES = 8 };

enum timeline_doing {
	TIMELINE_AWAY,
	TIMELINE_AWAKE,
	TIMELINE_ASLEEP,
	TIMELINE_WRITING,
	TIMELINE_READING,
	TIMELINE_HOLDS_MUTEX,
};

struct timeline_sample {
	int64_t time;        /* CLOCK_MONOTONIC, ns */
	int32_t empty, full; /* the values of the semaphores */
	uint64_t fresh;      /* bit i: slot i got another image since the last sample */
	uint8_t slots[VITRINE_SLOTS_MAX];      /* xray_slot_state() */
	uint8_t processes[TIMELINE_PROCESSES]; /* enum timeline_doing */
};

/* All zeros: empty. */
struct timeline {
	uint32_t slot_count;
	uint32_t process_count;
	struct {
		pid_t pid;
		char name[ATTACHED_NAME_MAX]; /* its role */
	} processes[TIMELINE_PROCESSES];
	uint64_t count; /* of samples so far; sample n is at index n % TIMELINE_SAMPLES */
	uint64_t sequences[VITRINE_SLOTS_MAX];
	struct timeline_sample samples[TIMELINE_SAMPLES];
};

void timeline_add(struct timeline *timeline, int64_t now, const struct vitrine_snapshot *snapshot,
	const struct attached_program *programs, size_t program_count);

#endif
