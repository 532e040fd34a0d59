/*
 * xray.h - what the parts of vitrine xray share: its options, the names of semaphores, and how looks
 * and steps are written.
 */
#ifndef VITRINE_TOOLS_XRAY_H
#define VITRINE_TOOLS_XRAY_H

#include <stdbool.h>
#include <stdio.h>

#include "control/control.h"
#include "sysv/names.h"
#include "sysv/watch.h"
#include "tool.h"

#define XRAY_PROGRAMS_MAX 16

struct xray {
	struct tool tool;
	struct watch watch;
	struct sysv_names names;
	int32_t channel_sets[64]; /* ids of sets that are channels of this user */
	size_t channel_count;
	bool is_json;
	bool runs;         /* --run: no commands */
	int64_t run_ns;    /* --run=SECONDS */
	int64_t repeat_ns; /* --watch=SECONDS; 0: look once */
	struct tracer_program programs[XRAY_PROGRAMS_MAX];
	size_t program_count;
};

/* Sets of this user that are channels of ours: their semaphores have names of their own. */
void xray_find_channels(struct xray *xray);

/* A call_namer: the name of a semaphore, fit for a terminal. `data` is the struct xray. */
void xray_name(void *data, int set, unsigned semaphore, char *text, size_t size);

/* What was seen, for people and as JSON. */
void xray_print(FILE *file, struct xray *xray);
void xray_print_json(FILE *file, struct xray *xray);

/* Programs under control, by commands from standard input, or by --run. Returns the exit code. */
int xray_play(struct xray *xray);

#endif
