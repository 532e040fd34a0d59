/*
 * file_output.h - writes one taken image to its destination: a file in a folder, or standard
 * output. It neither takes nor releases; recv.c does, depending on the result. The image is
 * untrusted: its name is made safe, and with `verify` the bytes that are written are the same bytes
 * that are hashed.
 */
#ifndef VITRINE_TOOLS_FILE_OUTPUT_H
#define VITRINE_TOOLS_FILE_OUTPUT_H

#include <stdbool.h>

#include "naming.h"
#include "tool.h"

struct file_output {
	const struct tool *tool;
	const char *path;      /* path of the folder, for messages */
	int folder;            /* -1: standard output */
	bool verify;           /* verify the checksum, if the image carries one */
	bool numbered;         /* file01.jpg, file02.jpg … */
	const char *extension; /* replaces the extension of files; may be NULL */
	/* private: where to look for a free name */
	struct naming naming;
	unsigned number; /* number of the last fileNN */
};

enum file_output_result {
	OUTPUT_KEPT,    /* it is on the disk under its final name */
	OUTPUT_REFUSED, /* it does not match its checksum: nothing was written */
	OUTPUT_MISSED,  /* it was overwritten before it was copied; only callers set this */
	OUTPUT_FAILED,  /* it could not be written, or a signal arrived: requeue it */
};

/*
 * Writes the image, and logs "received" or prints the reason for a failure on standard error.
 * `channel` is NULL if the image's bytes are a private copy, which cannot change.
 */
enum file_output_result file_output_write(struct file_output *output,
	const struct vitrine_channel *channel, const struct vitrine_image *image);

#endif
