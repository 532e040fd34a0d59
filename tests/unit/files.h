/*
 * files.h - a temporary folder for each test program, removed with its contents at the end. The
 * functions are static: each test includes what it needs.
 */
#ifndef VITRINE_TEST_FILES_H
#define VITRINE_TEST_FILES_H

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct files {
	char folder[64];
	char paths[16][PATH_MAX]; /* the paths that were returned last */
	unsigned next;
};

static inline void files_open(struct files *files)
{
	*files = (struct files){0};
	strcpy(files->folder, "/tmp/vitrine-test-XXXXXX");
	assert_non_null(mkdtemp(files->folder));
}

static inline int files_remove_one(const char *path, const struct stat *status, int type,
	struct FTW *ftw)
{
	(void)status, (void)type, (void)ftw;
	return remove(path);
}

static inline void files_close(struct files *files)
{
	assert_int_equal(nftw(files->folder, files_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* The path of `name` in the folder; valid until this was called sixteen more times. */
static inline const char *files_path(struct files *files, const char *name)
{
	char *path = files->paths[files->next++ % 16];
	char folder[sizeof(files->folder)]; /* a copy: gcc cannot see that they do not overlap */

	memcpy(folder, files->folder, sizeof(folder));
	snprintf(path, PATH_MAX, "%s/%s", folder, name);
	return path;
}

static inline const char *files_write(struct files *files, const char *name, const void *bytes,
	size_t size)
{
	const char *path = files_path(files, name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* Reads a whole file; the caller frees the memory. */
static inline uint8_t *files_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	struct stat status;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*size = (size_t)status.st_size;
	uint8_t *bytes = malloc(*size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

#endif
