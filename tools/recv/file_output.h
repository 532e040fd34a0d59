/*
 * file_output.h - writes one taken image to where it is to be: a file of its own in a folder, or
 * standard output. It takes and releases nothing; recv.c does, by what comes back from here. What
 * lies in the channel is untrusted: its name is made safe, and with `verify` the very bytes that are
 * written are what is hashed.
 */
#ifndef VITRINE_TOOLS_FILE_OUTPUT_H
#define VITRINE_TOOLS_FILE_OUTPUT_H

#include <stdbool.h>

#include "naming.h"
#include "tool.h"

struct file_output {
	const struct tool *tool;
	const char *path;      /* of the folder, for messages */
	int folder;            /* -1: standard output */
	bool verify;           /* check the checksum, if the image carries one */
	bool numbered;         /* file01.jpg, file02.jpg … */
	const char *extension; /* for files, instead of their own; may be NULL */
	/* private: where to look for a free name */
	struct naming naming;
	unsigned number; /* of the last fileNN */
};

enum file_output_result {
	OUTPUT_KEPT,    /* it is on the disk, under its name */
	OUTPUT_REFUSED, /* it is not what its publisher sent: nothing was kept */
	OUTPUT_FAILED,  /* it could not be written, or a signal came: it must wait again */
};

/* Says what came of it: "received" in the log, or why not on standard error. */
enum file_output_result file_output_write(struct file_output *output,
	const struct vitrine_channel *channel, const struct vitrine_image *image);

#endif
