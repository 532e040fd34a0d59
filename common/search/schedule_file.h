/* schedule_file.h - a schedule as a file: one decision per line. */
#ifndef VITRINE_SEARCH_SCHEDULE_FILE_H
#define VITRINE_SEARCH_SCHEDULE_FILE_H

#include "search/search.h"

/* Writes the schedule of a finding, under a title such as "Deadlock". Returns 0 or errno. */
int schedule_save(const char *path, const char *title, const struct finding *finding,
	const struct execution_options *programs);

/*
 * Returns 0 or errno; -1: the file is not a schedule, see `reason`. *watches: accesses to segments
 * were observed.
 */
int schedule_load(const char *path, struct decision decisions[DECISIONS_MAX],
	uint32_t identities[DECISIONS_MAX], uint32_t *count, bool *watches, char reason[256]);

#endif
