/*
 * check.h - what the parts of vitrine check share: the options, and the output of a result.
 */
#ifndef VITRINE_TOOLS_CHECK_H
#define VITRINE_TOOLS_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "search/run_options.h"
#include "search/search.h"
#include "sysv/names.h"
#include "tool.h"

enum {
	CHECK_UNJUDGED = 3, /* exit status: no verdict */
};

struct check {
	struct tool tool;
	struct search_options search;
	struct run_options run;
	struct sysv_names names;
	bool is_json, is_junit;
	const char *save;      /* NULL: do not save the schedule */
	char *replay;          /* NULL: search */
	bool is_window;        /* show the replay in the window of `vitrine xray` */
	char names_list[1024]; /* --names without the bounds */
	char *enum_file;       /* --enum; NULL: none */
};

/* "Deadlock", "Sleeps for ever" … */
const char *check_title(enum fault_kind kind);
/* "deadlock", "sleeps" …: for programs that read the result. These never change. */
const char *check_word(enum fault_kind kind);

/* The exit status: 0: no fault was found; 1: one was found; 3: no verdict, and *why says why. */
int check_judge(const struct search_result *result, char why[512]);

/* Describes in a sentence how much was searched. */
char *check_extent(const struct search_result *result, char text[512]);

/* Calls `step` for each line of a described run, and returns the sentence after them. */
struct check_step {
	unsigned actor;
	const char *name;   /* of its program */
	const char *what;   /* "semop: mutex −1" */
	const char *place;  /* "at pair.c:58 in produce()", or "" */
	const char *result; /* or "" */
};
typedef void check_stepper(void *data, unsigned number, const struct check_step *step);
const char *check_steps(char *text, check_stepper *step, void *data);

void check_print(FILE *file, const struct search_result *result);
/* The one schedule of --replay. */
void check_print_replay(FILE *file, const struct search_result *result);
void check_print_json(FILE *file, const struct search_result *result);
void check_print_junit(FILE *file, const struct search_result *result,
	const struct execution_options *programs);

#endif
