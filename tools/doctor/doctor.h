/*
 * doctor.h - what the checks of vitrine doctor share: where they look, and how they report. Each
 * check prints one line about one thing; a problem is followed by a command that fixes it.
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
	const char *root; /* prepended to /proc, /etc …: "" except in tests */
	uid_t user;
	unsigned warnings;
	unsigned stops;
};

/* Reports that `what` is fine, and why. */
void doctor_fine(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Reports something that works but may surprise, or something that stops the two programs. Call
 * doctor_cure() next.
 */
void doctor_warn(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void doctor_stop(struct doctor *doctor, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints a command that can be pasted into a shell. */
void doctor_cure(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reads up to `most` numbers from the start of a file below the root; returns how many it found. */
size_t doctor_numbers(const struct doctor *doctor, const char *path, uint64_t *numbers,
	size_t most);

/* True if this file or folder exists below the root. */
bool doctor_exists(const struct doctor *doctor, const char *path);

/* The checks, in the order of the report. */
void doctor_kernel(struct doctor *doctor);   /* limits, settings, memory */
void doctor_session(struct doctor *doctor);  /* logind, containers, display, fonts */
void doctor_files(struct doctor *doctor);    /* which image files can be opened */
void doctor_channels(struct doctor *doctor); /* this key, leftovers of dead programs */

#endif
