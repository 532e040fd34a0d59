/*
 * collect.c - see collect.h. A folder is walked depth first, its files before its folders. The
 * folders being walked form a chain on the stack: if one of them is found again below, it is a
 * loop.
 */
#include "collect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"
#include "grow.h"
#include "symlinks.h"
#include "translate.h"

struct walk {
	struct collection *collection;
	const atomic_bool *cancel;
};

/* A folder that is being walked, below `parent`. */
struct folder {
	const struct folder *parent;
	const char *path;
	dev_t device;
	ino_t inode;
	unsigned depth;
};

static bool is_cancelled(const struct walk *walk)
{
	return walk->cancel != NULL && atomic_load_explicit(walk->cancel, memory_order_relaxed);
}

static bool refuse(struct collection *collection, const char *path, const char *reason)
{
	struct collect_refusal *larger =
		grow_array(collection->refused, collection->refused_count, sizeof(*larger));
	char *copy = strdup(path);

	if (larger != NULL)
		collection->refused = larger;
	if (larger == NULL || copy == NULL) {
		free(copy);
		return false;
	}
	struct collect_refusal *refusal = &larger[collection->refused_count++];
	refusal->path = copy;
	snprintf(refusal->reason, sizeof(refusal->reason), "%s", reason);
	return true;
}

/* True if a regular file begins like an image. */
static bool has_image_bytes(int folder, const char *name)
{
	uint8_t bytes[FORMAT_BYTES];
	int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	ssize_t size = read(fd, bytes, sizeof(bytes));
	close(fd);
	return size > 0 && format_is_decoded(format_of(bytes, (size_t)size, name));
}

bool collect_takes(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       (format_is_image_name(path) || has_image_bytes(AT_FDCWD, path));
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* Reads the names in a folder that are not hidden, and sorts them. Returns 0 or an errno. */
static int read_names(DIR *stream, char ***names, size_t *count)
{
	struct dirent *entry;

	*names = NULL;
	*count = 0;
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (!grow_texts(names, count, entry->d_name))
			return ENOMEM;
	}
	if (errno == 0 && *count > 1)
		qsort(*names, *count, sizeof(char *), compare_names);
	return errno;
}

static bool is_loop(const struct folder *folder)
{
	for (const struct folder *p = folder->parent; p != NULL; p = p->parent)
		if (p->device == folder->device && p->inode == folder->inode)
			return true;
	return false;
}

static bool walk_folder(const struct walk *walk, const struct folder *parent, const char *path);

/* Adds one entry of a folder, in the pass for files or in the one for folders. */
static bool walk_entry(const struct walk *walk, const struct folder *folder, int fd,
	const char *name, bool folders)
{
	struct stat status;
	char *path;
	bool ok = true;

	if (fstatat(fd, name, &status, 0) != 0) {
		walk->collection->skipped += !folders; /* a dangling link */
		return true;
	}
	if (S_ISDIR(status.st_mode) != folders)
		return true;
	bool is_image = S_ISREG(status.st_mode) &&
			(format_is_image_name(name) || has_image_bytes(fd, name));
	if (!folders && !is_image) {
		walk->collection->skipped++;
		return true;
	}
	const char *slash = folder->path[strlen(folder->path) - 1] == '/' ? "" : "/";
	if (asprintf(&path, "%s%s%s", folder->path, slash, name) < 0)
		return false;
	if (folders)
		ok = walk_folder(walk, folder, path);
	else if (walk->collection->count < COLLECT_FILES_MAX)
		ok = grow_texts(&walk->collection->files, &walk->collection->count, path);
	else
		walk->collection->skipped++;
	free(path);
	return ok;
}

static bool walk_names(const struct walk *walk, const struct folder *folder, int fd, char **names,
	size_t count)
{
	for (int folders = 0; folders <= 1; folders++)
		for (size_t i = 0; i < count && !is_cancelled(walk); i++)
			if (!walk_entry(walk, folder, fd, names[i], folders == 1))
				return false;
	return true;
}

/* Walks an open folder and closes it. */
static bool walk_open_folder(const struct walk *walk, const struct folder *folder, DIR *stream)
{
	char **names;
	size_t count;
	bool ok;

	int error = read_names(stream, &names, &count);
	if (error == ENOMEM) {
		ok = false;
	} else if (error != 0) {
		char reason[TEXT_REASON_MAX];

		snprintf(reason, sizeof(reason), _("cannot be read: %s"), strerror(error));
		ok = refuse(walk->collection, folder->path, reason);
	} else {
		ok = walk_names(walk, folder, dirfd(stream), names, count);
	}
	grow_free_texts(names, count);
	closedir(stream);
	return ok;
}

static bool walk_folder(const struct walk *walk, const struct folder *parent, const char *path)
{
	struct folder folder = {parent, path, 0, 0, parent != NULL ? parent->depth + 1 : 0};
	struct stat status;
	char reason[TEXT_REASON_MAX];

	DIR *stream = opendir(path);
	if (stream == NULL || fstat(dirfd(stream), &status) != 0) {
		snprintf(reason, sizeof(reason), _("is a folder that cannot be read: %s"),
			strerror(errno));
		if (stream != NULL)
			closedir(stream);
		return refuse(walk->collection, path, reason);
	}
	if (!symlinks_allow(path, dirfd(stream), reason)) {
		closedir(stream);
		return refuse(walk->collection, path, reason);
	}
	folder.device = status.st_dev;
	folder.inode = status.st_ino;
	if (is_loop(&folder)) {
		closedir(stream);
		return true;
	}
	if (folder.depth > COLLECT_DEPTH_MAX) {
		closedir(stream);
		snprintf(reason, sizeof(reason),
			_("is more than %d folders deep: drop it separately"), COLLECT_DEPTH_MAX);
		return refuse(walk->collection, path, reason);
	}
	return walk_open_folder(walk, &folder, stream);
}

bool collect_path(struct collection *collection, const char *path, const atomic_bool *cancel)
{
	struct walk walk = {collection, cancel};
	struct stat status;
	size_t files = collection->count;
	size_t refused = collection->refused_count;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return grow_texts(&collection->files, &collection->count, path);
	if (!walk_folder(&walk, NULL, path))
		return false;
	if (collection->count > files || collection->refused_count > refused || is_cancelled(&walk))
		return true;
	return refuse(collection, path, _("is a folder without images"));
}

void collect_free(struct collection *collection)
{
	grow_free_texts(collection->files, collection->count);
	for (size_t i = 0; i < collection->refused_count; i++)
		free(collection->refused[i].path);
	free(collection->refused);
	*collection = (struct collection){0};
}
