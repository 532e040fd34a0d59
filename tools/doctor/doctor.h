/*
 * doctor.h - what the checks of vitrine doctor share: where they look, and how they report. Each
 * looks at one thing and says one line about it; a finding comes with the command that cures it.
 */
#ifndef VITRINE_TOOLS_DOCTOR_H
#define VITRINE_TOOLS_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tool.h"

struct doctor {
	struct tool *tool;
	const char *root; /* stands before /proc, /etc …: "" on a real system */
	uid_t user;
	unsigned warnings;
	unsigned stops;
};

/* `what` is fine; says why. */
void doctor_fine(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* It works now, but may surprise; or it stops the pair. doctor_cure() comes next. */
void doctor_warn(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void doctor_stop(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A line that can be pasted into a shell. */
void doctor_cure(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads up to `most` numbers at the beginning of a file below the root; how many there were. */
size_t doctor_numbers(const struct doctor *doctor, const char *path, uint64_t *numbers,
	size_t most);

/* Whether there is such a file or folder below the root. */
bool doctor_exists(const struct doctor *doctor, const char *path);

/* The checks, in the order of the report. */
void doctor_kernel(struct doctor *doctor);   /* limits, settings, memory */
void doctor_session(struct doctor *doctor);  /* logind, containers, display, fonts */
void doctor_files(struct doctor *doctor);    /* which image files can be opened */
void doctor_channels(struct doctor *doctor); /* what is there: this key, leftovers of the dead */

#endif
