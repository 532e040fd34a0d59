/*
 * slurp.c - see slurp.h. The path is checked twice: before it is opened, because opening a device
 * can have side effects, and afterwards, because it may have been replaced in the meantime.
 */
#include "slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symlinks.h"
#include "translate.h"

static void why_errno(char reason[TEXT_REASON_MAX], const char *path, int error)
{
	struct stat link;

	if (error == ENOENT && lstat(path, &link) == 0 && S_ISLNK(link.st_mode))
		snprintf(reason, TEXT_REASON_MAX, _("is a link to a file that does not exist"));
	else if (error == ENOENT)
		snprintf(reason, TEXT_REASON_MAX, _("does not exist"));
	else if (error == EACCES)
		snprintf(reason, TEXT_REASON_MAX,
			_("cannot be read by you (permission denied): chmod u+r gives its owner "
			  "permission"));
	else
		snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(error));
}

/*
 * True if it is a regular file, and not empty unless it may be; otherwise `reason` says what it is.
 */
static bool is_readable_kind(const struct stat *status, bool may_be_empty,
	char reason[TEXT_REASON_MAX])
{
	const char *why = NULL;

	switch (status->st_mode & S_IFMT) {
	case S_IFREG: why = status->st_size == 0 && !may_be_empty ? _("is empty") : NULL; break;
	case S_IFDIR: why = _("is a folder, not an image"); break;
	case S_IFIFO: why = _("is a pipe (FIFO), not an image file"); break;
	case S_IFCHR:
	case S_IFBLK: why = _("is a device, not an image file"); break;
	case S_IFSOCK: why = _("is a socket, not an image file"); break;
	default: why = _("is not a file"); break;
	}
	if (why != NULL)
		snprintf(reason, TEXT_REASON_MAX, "%s", why);
	return why == NULL;
}

/* Reads until there are `size` bytes, or the file ends (another program may be truncating it). */
static bool read_to(struct slurp *slurp, size_t size, char reason[TEXT_REASON_MAX])
{
	uint8_t *bytes = realloc(slurp->bytes, size > 0 ? size : 1);

	if (bytes == NULL) {
		char text[TEXT_SIZE_MAX];

		snprintf(reason, TEXT_REASON_MAX, _("is %s: not enough memory to read it"),
			text_size(text, size));
		return false;
	}
	slurp->bytes = bytes;
	while (slurp->size < size) {
		ssize_t count = read(slurp->fd, bytes + slurp->size, size - slurp->size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(errno));
			return false;
		}
		if (count == 0)
			break;
		slurp->size += (size_t)count;
	}
	return true;
}

static bool open_file(struct slurp *slurp, const char *path, size_t head, bool may_be_empty,
	char reason[TEXT_REASON_MAX])
{
	struct stat status;

	*slurp = (struct slurp){.fd = -1};
	if (stat(path, &status) != 0) {
		why_errno(reason, path, errno);
		return false;
	}
	if (!is_readable_kind(&status, may_be_empty, reason))
		return false;
	slurp->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (slurp->fd < 0 || fstat(slurp->fd, &status) != 0) {
		why_errno(reason, path, errno);
		slurp_close(slurp);
		return false;
	}
	if (!symlinks_allow(path, slurp->fd, reason)) {
		slurp_close(slurp);
		return false;
	}
	slurp->file_size = (uint64_t)status.st_size;
	slurp->mtime = status.st_mtim;
	size_t size = slurp->file_size < head ? (size_t)slurp->file_size : head;
	if (!is_readable_kind(&status, may_be_empty, reason) || !read_to(slurp, size, reason)) {
		slurp_close(slurp);
		return false;
	}
	return true;
}

bool slurp_open(struct slurp *slurp, const char *path, size_t head, char reason[TEXT_REASON_MAX])
{
	return open_file(slurp, path, head, false, reason);
}

bool slurp_open_any(struct slurp *slurp, const char *path, size_t head,
	char reason[TEXT_REASON_MAX])
{
	return open_file(slurp, path, head, true, reason);
}

bool slurp_into(const struct slurp *slurp, void *to, size_t size, uint64_t offset,
	char reason[TEXT_REASON_MAX])
{
	char *at = to;

	while (size > 0) {
		ssize_t count = pread(slurp->fd, at, size, (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(errno));
		if (count == 0)
			snprintf(reason, TEXT_REASON_MAX,
				_("became shorter while it was read: try again when it is finished"));
		if (count <= 0)
			return false;
		at += count;
		size -= (size_t)count;
		offset += (uint64_t)count;
	}
	return true;
}

bool slurp_is_unchanged(const struct slurp *slurp, char reason[TEXT_REASON_MAX])
{
	struct stat now;

	if (fstat(slurp->fd, &now) == 0 && (uint64_t)now.st_size == slurp->file_size &&
		now.st_mtim.tv_sec == slurp->mtime.tv_sec &&
		now.st_mtim.tv_nsec == slurp->mtime.tv_nsec)
		return true;
	snprintf(reason, TEXT_REASON_MAX,
		_("was changed while it was read: try again when it is finished"));
	return false;
}

bool slurp_rest(struct slurp *slurp, char reason[TEXT_REASON_MAX])
{
	if (slurp->size >= slurp->file_size)
		return true;
	return read_to(slurp, (size_t)slurp->file_size, reason);
}

void slurp_close(struct slurp *slurp)
{
	if (slurp->fd >= 0)
		close(slurp->fd);
	free(slurp->bytes);
	*slurp = (struct slurp){.fd = -1};
}
