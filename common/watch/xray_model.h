/*
 * xray_model.h - the contents of the X-ray in words and numbers, computed from a snapshot. Two
 * models of the same state have equal bytes, so that an unchanged state is not redrawn.
 * Contradictory values are reported, never trusted. Pure; any thread.
 */
#ifndef VITRINE_WATCH_XRAY_MODEL_H
#define VITRINE_WATCH_XRAY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arraytext.h"
#include "attached.h"
#include "predict.h"
#include "semaphores.h"
#include "semop_calls.h"
#include "stepper.h"
#include "vitrine.h"

enum {
	XRAY_TEXT = 224,
	XRAY_CALLS = 24,   /* shown at most */
	XRAY_UNDO = 16,    /* the same */
	XRAY_TEXTBOOK = 3, /* mutex, empty, full */
	/*
	 * A state in addition to enum vitrine_slot_state: consumed, but kept, because the slot
	 * holds the newest image. So the slots that are called empty are those that the semaphore
	 * `empty` counts.
	 */
	XRAY_SLOT_KEPT = 16
};

struct xray_figure {
	int32_t value;
	int32_t ncnt; /* processes that sleep until it increases */
	int32_t zcnt; /* processes that sleep until it is 0 */
	int32_t pid;  /* the process that last operated on it; 0: unknown */
};

struct xray_slot {
	uint32_t state; /* xray_slot_state() */
	bool is_latest;
	bool is_file;
	bool has_image;
	int32_t ready, latest, writer, reader;
	int32_t holder;    /* pid of the process writing or reading it; 0: none */
	uint64_t sequence; /* of the image; 0: none */
	char name[VITRINE_NAME_MAX];
	char text[XRAY_TEXT]; /* "consumer 4242 holds it"; why it is damaged */
};

struct xray_call {
	char time[24]; /* 14:02:07.412 */
	char name[SEMOP_CALLS_NAME_MAX + 12];
	char note[64]; /* "slept 3.2 s", "took 3 ms", "asleep", "EINTR", "at try 2"; "" */
	bool is_asleep;
	bool is_refused;
	uint32_t word_count;
	struct arraytext_word words[ARRAYTEXT_WORDS];
};

/* The array before which this program has stopped. */
struct xray_step {
	uint64_t number; /* 0: it runs */
	bool is_slow;    /* it continues by itself */
	bool holds_mutex;
	uint32_t outcome; /* enum predict_outcome, with the current values */
	char name[SEMOP_CALLS_NAME_MAX + 12];
	char array[ARRAYTEXT_MAX];
	char verdict[2 * XRAY_TEXT]; /* what the kernel will do, and why */
	uint32_t value_count;
	struct {
		char label[SEMAPHORES_LABEL_MAX];
		int32_t before, after;
	} values[PREDICT_MAX];
};

struct xray_model {
	bool is_open;     /* there is a channel; otherwise the fields below are empty */
	bool is_recorded; /* a recording: the calls are those of all programs */
	char ids[XRAY_TEXT];
	struct xray_figure figures[XRAY_TEXTBOOK];
	uint32_t slot_count;
	char here[XRAY_TEXT];        /* "1 producer  1 consumer  0 mirrors" */
	char asleep[2 * XRAY_TEXT];  /* "asleep: producer 4199 on empty" */
	char because[2 * XRAY_TEXT]; /* why this program sleeps; "" */
	bool has_sleepers;
	char undo[2 * XRAY_TEXT]; /* what the kernel would do if this program ended now; "" */
	char segment[XRAY_TEXT];  /* owner, mode, attachments */
	char programs[XRAY_TEXT]; /* which programs are attached */
	char damage[XRAY_TEXT];   /* impossible values of the set; "" */
	struct xray_slot slots[VITRINE_SLOTS_MAX];
	uint32_t call_count;
	struct xray_call calls[XRAY_CALLS]; /* newest first */
	struct xray_step step;
};

/* The facts from which a model is made. */
struct xray_facts {
	const struct vitrine_info *info; /* NULL: there is no channel */
	const struct vitrine_snapshot *snapshot;
	const char *owner; /* the name of the segment's owner */
	const struct attached_program *programs;
	size_t program_count;
	const struct semop_call *calls; /* newest first */
	size_t call_count;
	const struct semop_call_undo *undo; /* of this program */
	size_t undo_count;
	bool is_holder_stepping; /* step mode has stopped the program that holds the mutex */
	const struct stepper_stop *step; /* NULL: the program runs */
	int64_t now;                     /* CLOCK_MONOTONIC */
};

/* Fills all of *model, padding included. */
void xray_model_make(struct xray_model *model, const struct xray_facts *facts);

/* True if two models that xray_model_make() filled are equal. */
bool xray_model_equal(const struct xray_model *one, const struct xray_model *other);

/*
 * Writes why an operation sleeps at this value and what ends the sleep, also in the terms of
 * textbooks, which call −1 "wait" (or P, down, acquire) and +1 "signal" (or V, up, release).
 */
void xray_because(char *text, size_t size, const struct sembuf *operation, int32_t value);

/* The state of a slot: enum vitrine_slot_state, or XRAY_SLOT_KEPT. */
uint32_t xray_slot_state(const struct vitrine_slot_info *slot);

#endif
