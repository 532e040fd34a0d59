/*
 * playback.h - a recorded run as a sequence of steps: what each call of each program did to the
 * semaphores, which process slept and why, and what the kernel undid. For each step the whole state
 * after it is available, as the X-ray shows it. For one thread at a time.
 *
 * The order of the calls of different processes is computed: the recorded times say when a call
 * returned, which may be later than when the kernel executed it. Where the times do not decide, the
 * order is one that the semaphores allow.
 */
#ifndef VITRINE_PLAYBACK_PLAYBACK_H
#define VITRINE_PLAYBACK_PLAYBACK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "curves.h"
#include "recorded.h"
#include "xray_model.h"

enum playback_kind {
	PLAYBACK_BEGINS,  /* step 0: the state at the beginning of the recording */
	PLAYBACK_CALL,    /* a call was executed */
	PLAYBACK_SLEEPS,  /* a call has to wait */
	PLAYBACK_GAVE_UP, /* the call returned without effect */
	PLAYBACK_UNDO,    /* a process has ended, and the kernel undid its operations */
	PLAYBACK_UNKNOWN, /* values changed, but not by a recorded call */
};

struct playback_change {
	uint32_t semaphore;
	int32_t by;
};

#define PLAYBACK_SENTENCE 512

struct playback_step {
	enum playback_kind kind;
	int64_t ns;                         /* since the beginning */
	pid_t pid;                          /* of the process; 0: not known */
	const struct semop_call *call;      /* NULL: none */
	const struct recorded_image *image; /* that the call published, if it was recorded */
	struct playback_change *changes;    /* of PLAYBACK_UNDO and PLAYBACK_UNKNOWN */
	size_t change_count;
	int32_t empty, full; /* afterwards */
	char *sentence;      /* describes the step, for people */
};

/* A program, at a step. */
struct playback_program {
	pid_t pid;
	char role[ATTACHED_NAME_MAX]; /* "producer" */
	bool is_here;
	const struct semop_call *sleeps_in; /* NULL: it is awake */
	int32_t sleeps_on;                  /* the number of a semaphore; -1: it is awake */
};

struct playback;

/* Reads a recording. NULL: `message` says why not, and the remedy. */
struct playback *playback_open(const char *path, char message[RECORDED_MESSAGE]);
void playback_close(struct playback *playback); /* NULL is allowed */

/* The number of steps. Step 0 always exists. */
size_t playback_length(const struct playback *playback);
const struct playback_step *playback_step(const struct playback *playback, size_t number);

/* Goes to the state after a step. The functions below describe that state. */
void playback_go(struct playback *playback, size_t number);
size_t playback_at(const struct playback *playback);
const struct vitrine_snapshot *playback_snapshot(const struct playback *playback);
const struct playback_program *playback_programs(const struct playback *playback, size_t *count);
/* Fills all of *model, as for a live channel. */
void playback_model(const struct playback *playback, struct xray_model *model);
/*
 * The values at the steps around it, at equal distances: the time of a point is the number of its
 * step.
 */
void playback_curves(const struct playback *playback, struct curves *curves);

/* The whole recording as one JSON object: docs/man/vitrine.1.scd describes it. */
void playback_json(struct playback *playback, FILE *file);

#endif
