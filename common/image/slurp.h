/*
 * slurp.h - a whole file in memory, opened so that nothing can block or be set off by it. decode
 * reads images with it; parsers then work on bytes that no longer change under them.
 */
#ifndef VITRINE_IMAGE_SLURP_H
#define VITRINE_IMAGE_SLURP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "text.h"

struct slurp {
	int fd;
	uint8_t *bytes; /* what was read so far: `size` of them */
	size_t size;
	uint64_t file_size;
	struct timespec mtime;
};

/*
 * Opens a regular file that is not empty, and reads its first `head` bytes at most. Anything else is
 * refused before it is opened. false: `reason` says why, and there is nothing to close.
 */
bool slurp_open(struct slurp *slurp, const char *path, size_t head, char reason[TEXT_REASON_MAX]);

/* The same for a file of whatever content, which may be empty. */
bool slurp_open_any(struct slurp *slurp, const char *path, size_t head,
	char reason[TEXT_REASON_MAX]);

/* Reads exactly `size` bytes at `offset` into `to`. */
bool slurp_into(const struct slurp *slurp, void *to, size_t size, uint64_t offset,
	char reason[TEXT_REASON_MAX]);

/* After slurp_into(): whether it still is the file that was opened, and that was all of it. */
bool slurp_is_unchanged(const struct slurp *slurp, char reason[TEXT_REASON_MAX]);

/* Reads the rest. false: `reason` says why. */
bool slurp_rest(struct slurp *slurp, char reason[TEXT_REASON_MAX]);

/* Frees the bytes and closes the file. */
void slurp_close(struct slurp *slurp);

#endif
