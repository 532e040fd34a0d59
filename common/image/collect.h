/*
 * collect.h - expands the user's files and folders into a list of files. Folders are walked in
 * natural order ("2" before "10"); hidden entries are skipped, and from folders only images are
 * taken. It does not open images for decoding. It may run for a long time: the loader runs it on
 * its own thread. Any thread.
 */
#ifndef VITRINE_IMAGE_COLLECT_H
#define VITRINE_IMAGE_COLLECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define COLLECT_DEPTH_MAX 32     /* folders in folders */
#define COLLECT_FILES_MAX 100000 /* in one collection */

struct collect_refusal {
	char *path;
	char reason[TEXT_REASON_MAX];
};

struct collection {
	char **files; /* paths, in order */
	size_t count;
	struct collect_refusal *refused; /* folders that cannot be read or hold no image … */
	size_t refused_count;
	uint64_t skipped; /* files in folders that are not images */
};

/*
 * Adds `path` to the collection (initially {0}): of a folder its images, any other path itself,
 * even if it does not exist (decode then reports that). Links to folders are followed unless
 * symlinks.h forbids it, but no folder is entered twice within itself. Stops early when *cancel
 * becomes true (NULL: never). false: no memory; what was collected so far remains.
 */
bool collect_path(struct collection *collection, const char *path, const atomic_bool *cancel);

/* True if a regular file in a folder is taken: by its name, or by its first bytes. */
bool collect_takes(const char *path);

/* Frees its contents and makes it empty. Safe to call twice. */
void collect_free(struct collection *collection);

#endif
