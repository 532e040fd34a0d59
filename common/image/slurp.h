/*
 * slurp.h - reads a whole file into memory. Opening it can neither block nor have side effects.
 * decode.c reads images with it, so that parsers work on bytes that can no longer change.
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
	uint8_t *bytes; /* the `size` bytes read so far */
	size_t size;
	uint64_t file_size;
	struct timespec mtime;
};

/*
 * Opens a regular file that is not empty, and reads at most its first `head` bytes. Refuses
 * anything else without opening it. false: `reason` says why, and there is nothing to close.
 */
bool slurp_open(struct slurp *slurp, const char *path, size_t head, char reason[TEXT_REASON_MAX]);

/* The same, but the file may be empty. */
bool slurp_open_any(struct slurp *slurp, const char *path, size_t head,
	char reason[TEXT_REASON_MAX]);

/* Reads exactly `size` bytes at `offset` into `to`. */
bool slurp_into(const struct slurp *slurp, void *to, size_t size, uint64_t offset,
	char reason[TEXT_REASON_MAX]);

/* After slurp_into(): true if the file has neither changed nor grown since it was opened. */
bool slurp_is_unchanged(const struct slurp *slurp, char reason[TEXT_REASON_MAX]);

/* Reads the rest. false: `reason` says why. */
bool slurp_rest(struct slurp *slurp, char reason[TEXT_REASON_MAX]);

/* Frees the bytes and closes the file. */
void slurp_close(struct slurp *slurp);

#endif
