/*
 * source.h - the bytes to send: a file, or a stream of unknown length (standard input, a pipe),
 * which is first spooled to memory, so that its size is known and a slow writer occupies no slot. A
 * file that changes while it is read is refused.
 *
 * Functions return true, or false with `reason`: one line without the file's name.
 */
#ifndef VITRINE_TOOLS_SOURCE_H
#define VITRINE_TOOLS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "text.h"
#include "tool.h"

struct source {
	int fd;
	const char *path; /* as given */
	const char *name; /* the name to publish */
	bool is_spooled;
	off_t start;        /* a part of standard input may already have been read */
	uint64_t size;      /* bytes from there */
	struct stat before; /* when it was opened */
};

/* `path` may be "-". A stream of more than `most` bytes is refused. May sleep for its writer. */
bool source_open(struct source *source, const struct tool *tool, const char *path, uint64_t most,
	char reason[TEXT_REASON_MAX]);

/* Reads exactly `size` bytes at `offset` into `to`. */
bool source_read(const struct source *source, void *to, size_t size, uint64_t offset,
	char reason[TEXT_REASON_MAX]);

/* Call after reading: true if the file has neither changed nor grown since it was opened. */
bool source_is_unchanged(const struct source *source, char reason[TEXT_REASON_MAX]);

void source_close(struct source *source); /* safe to call twice */

#endif
