/*
 * newfile.h - a file that appears in its folder, under a free name, only once it is complete and on
 * the disk. Until then it has no name at all if the file system can do that (O_TMPFILE: a killed
 * program leaves nothing behind), otherwise a hidden one. Only newfile_replace() overwrites. Every
 * call returns 0 or -errno, which newfile_reason() turns into a sentence. Any thread.
 */
#ifndef VITRINE_BASE_NEWFILE_H
#define VITRINE_BASE_NEWFILE_H

#include <stddef.h>

#include "text.h"

struct newfile {
	int folder;
	int fd;             /* to write to */
	char temporary[32]; /* its hidden name; "" if none */
};

/*
 * Opens a folder to create files in, and returns its descriptor. Refuses a folder that may not be
 * written to.
 */
int newfile_folder(const char *path);

/* Like newfile_folder(), but creates the folder if it does not exist; its parent must exist. */
int newfile_make_folder(const char *path);

/* Starts a file; the caller keeps `folder`. After a failure there is nothing to close. */
int newfile_open(struct newfile *file, int folder);

/* Writes all of the bytes. */
int newfile_write(const struct newfile *file, const void *bytes, size_t size);

/* Writes everything to the disk; some file systems report a full disk only now. */
int newfile_sync(const struct newfile *file);

/* Gives the file its final name. -EEXIST: the name is taken; try another. */
int newfile_name(struct newfile *file, const char *name);

/* Like newfile_name(), but replaces an existing file of this name. */
int newfile_replace(struct newfile *file, const char *name);

/* Closes it; a file without a final name is deleted. Safe to call twice. */
void newfile_close(struct newfile *file);

/* The reason for the failure, and the remedy if there is one. Returns `reason`. */
const char *newfile_reason(char reason[TEXT_REASON_MAX], int minus_errno);

#endif
