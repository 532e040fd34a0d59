/*
 * xray_command.h - what the files of vitrine xray share: the options, the names of semaphores, and
 * the printing of looks and steps.
 */
#ifndef VITRINE_TOOLS_XRAY_COMMAND_H
#define VITRINE_TOOLS_XRAY_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "control/control.h"
#include "scope.h"
#include "search/execution.h"
#include "tool.h"

struct xray_session {
	struct tool tool;
	struct scope scope;
	struct execution_options run; /* for --replay */
	bool is_json;
	bool is_text;            /* --text */
	bool is_window;          /* --window */
	bool runs;               /* --run: no commands */
	int64_t run_ns;          /* --run=SECONDS */
	int64_t repeat_ns;       /* --watch=SECONDS; 0: look once */
	struct written *written; /* the text of each set: written.h */
	size_t written_count;
};

/* Print the state, for people and as JSON. */
void xray_print(FILE *file, struct xray_session *xray);
void xray_print_json(FILE *file, struct xray_session *xray);

/*
 * Runs programs under control, by commands from standard input or by --run. Returns the exit code.
 */
int xray_terminal(struct xray_session *xray);

#endif
