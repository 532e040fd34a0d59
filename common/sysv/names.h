/*
 * names.h - the names of a program's semaphores: from a list that the user gives, or from an enum
 * in its source. One list serves a set of several semaphores, or several sets of one: each of these
 * has the next name.
 */
#ifndef VITRINE_SYSV_NAMES_H
#define VITRINE_SYSV_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSV_NAMES_MAX  64
#define SYSV_LABEL_MAX  32
#define SYSV_SINGLE_MAX 64

struct sysv_names {
	size_t count;
	char names[SYSV_NAMES_MAX][SYSV_LABEL_MAX];
	/* Sets of one semaphore, in the order in which they were first asked for. */
	int singles[SYSV_SINGLE_MAX];
	size_t single_count;
};

/* "mutex,empty,full". false: `reason` (128 bytes) says what is wrong, and the remedy. */
bool sysv_names_parse(struct sysv_names *names, const char *list, char reason[256]);

/*
 * Takes the first enum of a C file that has at least two names and starts at 0. Names are in lower
 * case, at the index of their value. false: `reason` says why there is none.
 */
bool sysv_names_from_file(struct sysv_names *names, const char *path, char reason[256]);

/* The name of a semaphore in a set of `set_size`; its number if it has no name. */
void sysv_names_get(struct sysv_names *names, int set, uint32_t set_size, uint32_t semaphore,
	char *text, size_t size);

#endif
