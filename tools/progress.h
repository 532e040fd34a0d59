/*
 * progress.h - a progress bar for operations that take more than a second. It is written to
 * standard error if that is a terminal, and is erased at the end.
 */
#ifndef VITRINE_TOOLS_PROGRESS_H
#define VITRINE_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *name; /* of the file; must outlive it */
	uint64_t total;   /* bytes */
	int64_t started;
	int64_t shown; /* time of the last drawing; 0: never */
	bool on_terminal;
};

void progress_start(struct progress *progress, const char *name, uint64_t total);
void progress_update(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);

#endif
