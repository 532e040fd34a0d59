/*
 * newfile.h - a file that appears in its folder when it is whole and on the disk, under a name that
 * was free. Until then it has no name at all where the file system can do that (O_TMPFILE: a
 * program that is killed leaves nothing behind), else a hidden one. Nothing is ever overwritten.
 *
 * Every call returns 0 or -errno; newfile_reason() makes a sentence of it. Any thread.
 */
#ifndef VITRINE_BASE_NEWFILE_H
#define VITRINE_BASE_NEWFILE_H

#include <stddef.h>

#include "text.h"

struct newfile {
	int folder;
	int fd;             /* to write to */
	char temporary[32]; /* its hidden name; "" if it has none */
};

/* Opens a folder to put files into; its descriptor. Refuses one that may not be written to. */
int newfile_folder(const char *path);

/* The same of a folder that is made if it is not there; the folder that it lies in must be. */
int newfile_make_folder(const char *path);

/* Begins a file; `folder` stays the caller's. After a failure there is nothing to close. */
int newfile_open(struct newfile *file, int folder);

/* Writes all of the bytes. */
int newfile_write(const struct newfile *file, const void *bytes, size_t size);

/* All that was written is on the disk: only now does a full disk of some file systems show. */
int newfile_sync(const struct newfile *file);

/* Gives the file its name, for good. -EEXIST: the name is taken; try another. */
int newfile_name(struct newfile *file, const char *name);

/* Ends it; a file that got no name is gone. Safe to call twice. */
void newfile_close(struct newfile *file);

/* Why it failed, and the remedy where there is one. Returns `reason`. */
const char *newfile_reason(char reason[TEXT_REASON_MAX], int minus_errno);

#endif
