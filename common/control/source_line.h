/*
 * source_line.h - where in its source a program makes a call. Each stop saves a place, which is
 * cheap: the registers and the top of the stack. libdw unwinds it to source lines only when they
 * are needed, even long after the program has left that place.
 */
#ifndef VITRINE_CONTROL_SOURCE_LINE_H
#define VITRINE_CONTROL_SOURCE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/registers.h"
#include "control/tracer.h"

#define CALL_SITE_STACK    2048
#define SOURCE_LINE_FRAMES 4

struct call_site {
	struct registers registers;
	uint32_t size; /* bytes of the stack that were saved; 0: no place */
	unsigned char stack[CALL_SITE_STACK];
};

/* The place of a task that is stopped before a call. */
void call_site_keep(struct call_site *place, const struct tracer_task *task);

struct source_line {
	char function[64]; /* "": not known */
	char file[128];    /* without its folder; "": the program was built without -g */
	int line;
};

/* The source of one process, as it is mapped now. A new one is needed after exec. */
struct source_lines;

/* NULL: no memory, no libdw, or the process is gone. The other functions accept NULL. */
struct source_lines *source_lines_create(pid_t pid);
void source_lines_destroy(struct source_lines *lines);

/*
 * The program's own functions on the stack of the place, innermost first: those with source lines
 * or, if it was built without -g, those with names. Returns their number.
 */
size_t source_lines_find(struct source_lines *lines, const struct call_site *place,
	struct source_line found[SOURCE_LINE_FRAMES]);

#define SOURCE_LINE_LIBRARY_MAX 64

/*
 * The function of a library that the program's own function has called on the way to the place:
 * "pthread_cond_wait"; "": none, or not known. Returns `text`.
 */
char *source_lines_library(struct source_lines *lines, const struct call_site *place,
	char text[SOURCE_LINE_LIBRARY_MAX]);

#define SOURCE_LINE_TEXT_MAX 320

/*
 * The most telling line: "at pair.c:40 in produce()"; "in produce()" without -g. If a function only
 * wraps semop(), as its name (P, wait, down, sem_lock …) or its place in a header shows, its caller
 * is named instead.
 */
char *source_line_text(const struct source_line *lines, size_t count,
	char text[SOURCE_LINE_TEXT_MAX]);

#endif
