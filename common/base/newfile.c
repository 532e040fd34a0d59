/* newfile.c - see newfile.h. */
#include "newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "translate.h"

int newfile_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0 && errno == EACCES) /* a folder may be writable without being readable */
		folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	if (faccessat(folder, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		int error = errno;

		close(folder);
		return -error;
	}
	return folder;
}

int newfile_make_folder(const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return -errno;
	return newfile_folder(path);
}

static int hide(struct newfile *file)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -errno;
	snprintf(file->temporary, sizeof(file->temporary), ".vitrine-%012llx.part",
		(unsigned long long)(number & 0xffffffffffff));
	return 0;
}

/* Creates a file with a hidden name; never reuses an existing file of that name. */
static int open_named(struct newfile *file)
{
	for (int tries = 0; tries < 100; tries++) {
		int rc = hide(file);

		if (rc != 0)
			return rc;
		file->fd = openat(file->folder, file->temporary,
			O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (file->fd >= 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	return -errno;
}

int newfile_open(struct newfile *file, int folder)
{
	*file = (struct newfile){.folder = folder};
	if (access("/proc/self/fd", X_OK) != 0) /* by which newfile_name() would name it */
		return open_named(file);
	file->fd = openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (file->fd >= 0)
		return 0;
	/* The errors of a file system, or a kernel, without O_TMPFILE. */
	if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT)
		return open_named(file);
	return -errno;
}

int newfile_write(const struct newfile *file, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t written = write(file->fd, at, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		at += written;
		size -= (size_t)written;
	}
	return 0;
}

int newfile_sync(const struct newfile *file)
{
	if (fsync(file->fd) != 0 && errno != EINVAL && errno != EROFS)
		return -errno;
	return 0;
}

/*
 * renameat2() where the file system supports its flag; otherwise creates a second link and removes
 * the first.
 */
static int rename_new(const struct newfile *file, const char *name)
{
	if (renameat2(file->folder, file->temporary, file->folder, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (linkat(file->folder, file->temporary, file->folder, name, 0) != 0)
		return -errno;
	unlinkat(file->folder, file->temporary, 0);
	return 0;
}

/* Names a file that has no name. */
static int link_new(const struct newfile *file, const char *name)
{
	char own[32];

	snprintf(own, sizeof(own), "/proc/self/fd/%d", file->fd);
	return linkat(AT_FDCWD, own, file->folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

static int finish(struct newfile *file, int rc)
{
	if (rc == 0) {
		file->temporary[0] = '\0';
		fsync(file->folder); /* the name, too; failure is ignored */
	}
	return rc;
}

int newfile_name(struct newfile *file, const char *name)
{
	return finish(file,
		file->temporary[0] != '\0' ? rename_new(file, name) : link_new(file, name));
}

/* rename() needs a name to start from: a file without one gets a hidden one first. */
int newfile_replace(struct newfile *file, const char *name)
{
	int rc = 0;

	if (file->temporary[0] == '\0') {
		rc = hide(file);
		if (rc == 0)
			rc = link_new(file, file->temporary);
		if (rc != 0)
			file->temporary[0] = '\0';
	}
	if (rc == 0 && renameat(file->folder, file->temporary, file->folder, name) != 0)
		rc = -errno;
	return finish(file, rc);
}

void newfile_close(struct newfile *file)
{
	if (file->temporary[0] != '\0')
		unlinkat(file->folder, file->temporary, 0);
	file->temporary[0] = '\0';
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

const char *newfile_reason(char reason[TEXT_REASON_MAX], int minus_errno)
{
	const char *remedy = "";

	switch (-minus_errno) {
	case ENOSPC: remedy = _(": the disk is full; make room, or choose another folder"); break;
	case EDQUOT: remedy = _(": your quota is used up; make room"); break;
	case EFBIG:
		remedy = _(": larger than a file may be here (ulimit -f, or the file system)");
		break;
	case EACCES:
	case EPERM:
		remedy = _(": you have no permission to write there; choose another folder");
		break;
	case ENOENT: remedy = _(": create the folder first (mkdir -p)"); break;
	case ENOTDIR: remedy = _(": this is not a folder"); break;
	default: break;
	}
	snprintf(reason, TEXT_REASON_MAX, "%s%s", strerror(-minus_errno), remedy);
	return reason;
}
