/*
 * progress.h - a bar on the terminal for what takes over a second. It goes to standard error, and
 * nowhere if that is no terminal; when it ends nothing of it is left to be seen.
 */
#ifndef VITRINE_TOOLS_PROGRESS_H
#define VITRINE_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *name; /* of the file; must outlive it */
	uint64_t total;   /* bytes */
	int64_t started;
	int64_t shown; /* when it was drawn last; 0: never */
	bool on_terminal;
};

void progress_start(struct progress *progress, const char *name, uint64_t total);
void progress_update(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);

#endif
