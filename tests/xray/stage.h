/*
 * stage.h - what the tests of programs under control share: programs by their words, and their
 * ends.
 */
#ifndef VITRINE_TESTS_XRAY_STAGE_H
#define VITRINE_TESTS_XRAY_STAGE_H

#include <limits.h>

#include "control/control.h"

#define STAGE_WORDS 32

/* Where the programs of the tests lie. */
#ifndef PROGRAMS
#define PROGRAMS "."
#endif

struct stage {
	struct control *control;
	struct tracer_program programs[4];
	size_t count;
	char paths[4][PATH_MAX];
	char words[4][STAGE_WORDS][64];
	char *argv[4][STAGE_WORDS + 1];
};

/* Adds a program: "worker make 1 op 0-1"; its first word lies in PROGRAMS. */
void stage_add(struct stage *stage, const char *line);

/* Starts them; fails the test if that fails. */
void stage_begin(struct stage *stage);

/* Kills them, and removes the sets they made. */
void stage_end(struct stage *stage);

/* One step of actor `number`; fails the test if it cannot. */
void stage_step(struct stage *stage, unsigned number);
/* Steps until it has ended. */
void stage_step_to_end(struct stage *stage, unsigned number);

/* The set that an actor's last call was about. */
int stage_set(struct stage *stage, unsigned number);

/* Steps the actor until it is stopped before a semop. */
void stage_to_semop(struct stage *stage, unsigned number);

#endif
