/* origin.c - see origin.h. */
#include "origin.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/stat.h>

#include "base/grow.h"

#define FTOK_BITS    0xffffff
#define QT_BYTE      'Q'
#define QT_DIGITS    40    /* the name ends with a SHA-1 in hexadecimal digits */
#define QT_FILES_MAX 65536 /* a limit, because any number of files may have such names */

static const char *const qt_prefixes[] = {"qipc_sharedmemory_", "qipc_systemsem_"};

/* ---- any file -------------------------------------------------------------------------------- */

int origin_file_get(struct origin_file *file, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return -errno;
	file->ftok = (int32_t)((status.st_ino & 0xffff) | (status.st_dev & 0xff) << 16);
	file->inode = (int32_t)(uint32_t)status.st_ino;
	return 0;
}

bool origin_file_fits(const struct origin_file *file, int32_t key)
{
	return key != IPC_PRIVATE && ((key & FTOK_BITS) == file->ftok || key == file->inode);
}

/* ---- Qt -------------------------------------------------------------------------------------- */

/* The part of the name that the program gave. NULL: it is not a file of Qt's. */
static const char *qt_part(const char *name, size_t *length)
{
	for (size_t i = 0; i < sizeof(qt_prefixes) / sizeof(qt_prefixes[0]); i++) {
		size_t prefix = strlen(qt_prefixes[i]);

		if (strncmp(name, qt_prefixes[i], prefix) != 0 || strlen(name) < prefix + QT_DIGITS)
			continue;
		*length = strlen(name) - prefix - QT_DIGITS;
		return name + prefix;
	}
	return NULL;
}

static int by_key(const void *one, const void *other)
{
	const struct origin_qt_file *a = one, *b = other;

	return (a->key > b->key) - (a->key < b->key);
}

static void add(struct origin_qt *qt, const char *name)
{
	char path[sizeof(qt->folder) + NAME_MAX + 2];
	struct origin_qt_file file, *files;
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", qt->folder, name);
	if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || qt->count == QT_FILES_MAX)
		return;
	files = grow_array(qt->files, qt->count, sizeof(*files));
	if (files == NULL)
		return;
	qt->files = files;
	file = (struct origin_qt_file){ftok(path, QT_BYTE), strdup(name)};
	if (file.key == -1 || file.name == NULL)
		free(file.name);
	else
		files[qt->count++] = file;
}

static void forget(struct origin_qt *qt)
{
	for (size_t i = 0; i < qt->count; i++)
		free(qt->files[i].name);
	qt->count = 0;
}

void origin_qt_look(struct origin_qt *qt)
{
	const char *folder = getenv("TMPDIR");
	const struct dirent *entry;
	struct stat status;
	size_t length;
	DIR *opened;

	snprintf(qt->folder, sizeof(qt->folder), "%s",
		folder != NULL && *folder != '\0' ? folder : "/tmp");
	if (stat(qt->folder, &status) != 0 ||
		(status.st_mtim.tv_sec == qt->changed.tv_sec &&
			status.st_mtim.tv_nsec == qt->changed.tv_nsec))
		return;
	opened = opendir(qt->folder);
	if (opened == NULL)
		return;
	qt->changed = status.st_mtim;
	forget(qt);
	while ((entry = readdir(opened)) != NULL)
		if (qt_part(entry->d_name, &length) != NULL)
			add(qt, entry->d_name);
	closedir(opened);
	if (qt->count > 0)
		qsort(qt->files, qt->count, sizeof(*qt->files), by_key);
}

void origin_qt_end(struct origin_qt *qt)
{
	forget(qt);
	free(qt->files);
	*qt = (struct origin_qt){0};
}

bool origin_qt_name(const struct origin_qt *qt, int32_t key, char *text, size_t size)
{
	const struct origin_qt_file wanted = {.key = key}, *found = NULL;
	const char *part;
	size_t length = 0;

	text[0] = '\0';
	if (key != IPC_PRIVATE && qt->count > 0)
		found = bsearch(&wanted, qt->files, qt->count, sizeof(wanted), by_key);
	if (found == NULL)
		return false;
	part = qt_part(found->name, &length);
	snprintf(text, size, "%.*s", (int)length, part);
	return true;
}
