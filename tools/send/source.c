/* source.c - see source.h. */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "newfile.h"
#include "symlinks.h"
#include "translate.h"

#define SPOOL_BYTES ((size_t)256 << 10)

static bool refuse(char reason[TEXT_REASON_MAX], const char *why)
{
	snprintf(reason, TEXT_REASON_MAX, "%s", why);
	return false;
}

static bool refuse_errno(char reason[TEXT_REASON_MAX], int error)
{
	switch (error) {
	case ENOENT: return refuse(reason, _("does not exist"));
	case EACCES:
		return refuse(reason,
			_("cannot be read by you (permission denied): chmod u+r gives its owner "
			  "permission"));
	case ENAMETOOLONG: return refuse(reason, _("is too long for the name of a file"));
	case ENXIO:
		return refuse(reason, _("is a socket or a device without a driver, not a file"));
	default: break;
	}
	snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(error));
	return false;
}

/*
 * Reads the available bytes of a stream into the spool. Returns their number, 0 at the end, or
 * -errno.
 */
static ssize_t spool_some(const struct tool *tool, int from, void *buffer,
	const struct newfile *spool)
{
	ssize_t count;
	int rc;

	do {
		if (!tool_ready(tool, from, POLLIN))
			return -EINTR;
		count = read(from, buffer, SPOOL_BYTES);
	} while (count < 0 && (errno == EINTR || errno == EAGAIN));
	if (count < 0)
		return -errno;
	rc = newfile_write(spool, buffer, (size_t)count);
	return rc < 0 ? rc : count;
}

static bool refuse_size(char reason[TEXT_REASON_MAX], uint64_t most)
{
	char size[TEXT_SIZE_MAX];

	snprintf(reason, TEXT_REASON_MAX,
		_("gave more than the %s (%llu bytes) that a slot of this channel has; close all "
		  "windows and start the first with a larger --slot-size"),
		text_size(size, most), (unsigned long long)most);
	return false;
}

/* Reads a stream to its end into memory, which replaces the stream. */
static bool spool(struct source *source, const struct tool *tool, uint64_t most,
	char reason[TEXT_REASON_MAX])
{
	struct newfile memory = {.folder = -1, .fd = memfd_create("vitrine", MFD_CLOEXEC)};
	void *buffer = malloc(SPOOL_BYTES);
	ssize_t count = -ENOMEM;

	if (buffer != NULL && memory.fd >= 0)
		while ((count = spool_some(tool, source->fd, buffer, &memory)) > 0 &&
			source->size <= most)
			source->size += (uint64_t)count;
	free(buffer);
	close(source->fd);
	source->fd = memory.fd;
	source->is_spooled = true;
	if (count == -EINTR)
		return refuse(reason, _("interrupted before the end of the input"));
	if (count < 0)
		return refuse_errno(reason, (int)-count);
	return source->size <= most ? true : refuse_size(reason, most);
}

static bool is_sendable(const struct stat *status, char reason[TEXT_REASON_MAX])
{
	if (S_ISDIR(status->st_mode))
		return refuse(reason, _("is a folder: name the files in it"));
	if (S_ISBLK(status->st_mode))
		return refuse(reason, _("is a disk, not a file"));
	return true;
}

/* Checks the path before opening it, because opening a device can have side effects. */
static bool open_path(struct source *source, char reason[TEXT_REASON_MAX])
{
	if (strcmp(source->path, "-") == 0) {
		source->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		source->name = "stdin";
	} else {
		if (stat(source->path, &source->before) != 0)
			return refuse_errno(reason, errno);
		if (!is_sendable(&source->before, reason))
			return false;
		source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	}
	if (source->fd < 0 || fstat(source->fd, &source->before) != 0)
		return refuse_errno(reason, errno);
	if (strcmp(source->path, "-") != 0 && !symlinks_allow(source->path, source->fd, reason))
		return false;
	return is_sendable(&source->before, reason);
}

bool source_open(struct source *source, const struct tool *tool, const char *path, uint64_t most,
	char reason[TEXT_REASON_MAX])
{
	bool is_open;

	*source = (struct source){.fd = -1, .path = path, .name = path};
	is_open = open_path(source, reason);
	if (is_open && S_ISREG(source->before.st_mode) && source->before.st_size > 0) {
		source->start = lseek(source->fd, 0, SEEK_CUR);
		if (source->start < source->before.st_size)
			source->size = (uint64_t)(source->before.st_size - source->start);
		posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	} else if (is_open) {
		/* Also files of size 0: those in /proc have contents nevertheless. */
		if (strcmp(path, "/dev/stdin") == 0 || strncmp(path, "/dev/fd/", 8) == 0)
			source->name = "stdin";
		is_open = spool(source, tool, most, reason);
	}
	if (!is_open)
		source_close(source);
	return is_open;
}

bool source_read(const struct source *source, void *to, size_t size, uint64_t offset,
	char reason[TEXT_REASON_MAX])
{
	char *at = to;

	while (size > 0) {
		ssize_t count = pread(source->fd, at, size, source->start + (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return refuse_errno(reason, errno);
		if (count == 0) {
			snprintf(reason, TEXT_REASON_MAX,
				_("became shorter while it was read: it ends after %llu of %llu "
				  "bytes; send it again when it is finished"),
				(unsigned long long)offset, (unsigned long long)source->size);
			return false;
		}
		at += count;
		size -= (size_t)count;
		offset += (uint64_t)count;
	}
	return true;
}

bool source_is_unchanged(const struct source *source, char reason[TEXT_REASON_MAX])
{
	const struct stat *before = &source->before;
	struct stat after;

	if (source->is_spooled)
		return true;
	if (fstat(source->fd, &after) != 0)
		return refuse_errno(reason, errno);
	if (after.st_nlink == 0 && before->st_nlink > 0)
		return refuse(reason, _("was removed while it was read: it was not sent"));
	if (after.st_size > before->st_size)
		return refuse(reason,
			_("grew while it was read: send it again when it is finished"));
	if (after.st_size < before->st_size || after.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		after.st_mtim.tv_nsec != before->st_mtim.tv_nsec)
		return refuse(reason,
			_("was changed while it was read: send it again when it is finished"));
	return true;
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}
