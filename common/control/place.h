/*
 * place.h - where in its source a program makes a call. Each stop saves a place, which is cheap:
 * the registers and the top of the stack. libdw unwinds it to source lines only when they are
 * needed, even long after the program has left that place.
 */
#ifndef VITRINE_CONTROL_PLACE_H
#define VITRINE_CONTROL_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/machine.h"
#include "control/tracer.h"

#define PLACE_STACK  2048
#define PLACE_FRAMES 4

struct place {
	struct machine_registers registers;
	uint32_t size; /* bytes of the stack that were saved; 0: no place */
	unsigned char stack[PLACE_STACK];
};

/* The place of a task that is stopped before a call. */
void place_keep(struct place *place, const struct tracer_task *task);

struct place_line {
	char function[64]; /* "": not known */
	char file[128];    /* without its folder; "": the program was built without -g */
	int line;
};

/* The source of one process, as it is mapped now. A new one is needed after exec. */
struct lines;

/* NULL: no memory, no libdw, or the process is gone. The other functions accept NULL. */
struct lines *lines_create(pid_t pid);
void lines_destroy(struct lines *lines);

/*
 * The program's own functions on the stack of the place, innermost first: those with source lines
 * or, if it was built without -g, those with names. Returns their number.
 */
size_t lines_find(struct lines *lines, const struct place *place,
	struct place_line found[PLACE_FRAMES]);

#define PLACE_LIBRARY_MAX 64

/*
 * The function of a library that the program's own function has called on the way to the place:
 * "pthread_cond_wait"; "": none, or not known. Returns `text`.
 */
char *lines_library(struct lines *lines, const struct place *place, char text[PLACE_LIBRARY_MAX]);

#define PLACE_TEXT_MAX 320

/*
 * The most telling line: "at pair.c:40 in produce()"; "in produce()" without -g. If a function only
 * wraps semop(), as its name (P, wait, down, sem_lock …) or its place in a header shows, its caller
 * is named instead.
 */
char *place_short(const struct place_line *lines, size_t count, char text[PLACE_TEXT_MAX]);

#endif
