/*
 * symlinks.c - see symlinks.h. Walks the path one name at a time and keeps the folder that it has
 * reached open, because another process may replace what a name refers to at any moment. An open
 * symbolic link cannot change.
 */
#include "symlinks.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "translate.h"

#define LINKS_MOST 40 /* the kernel's limit */

struct walk {
	unsigned links;
	char *reason; /* TEXT_REASON_MAX bytes; empty unless a link is refused */
};

static int walk_path(struct walk *walk, int from, const char *path);

static bool is_trusted(struct walk *walk, uid_t maker, int target)
{
	struct stat status;

	if (maker == geteuid() || maker == 0 ||
		(fstat(target, &status) == 0 && status.st_uid == maker))
		return true;
	snprintf(walk->reason, TEXT_REASON_MAX,
		_("is reached through a link of another user (uid %u), and the link's "
		  "target does not belong to that user; name the file itself"),
		(unsigned)maker);
	return false;
}

/*
 * A link in /proc may lead to an object without a path, such as a pipe. The kernel makes it, and no
 * process can replace it; in a user namespace it seems to belong to a stranger.
 */
static bool is_of_proc(int link)
{
	struct statfs system;

	return fstatfs(link, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/* Opens the target of an open link that belongs to `maker`. Returns a descriptor, or -1. */
static int follow(struct walk *walk, int folder, const char *name, int link, uid_t maker)
{
	char path[PATH_MAX];
	ssize_t length = readlinkat(link, "", path, sizeof(path) - 1);
	int target = -1;

	if (length < 0 || ++walk->links > LINKS_MOST)
		return -1;
	path[length] = '\0';
	if (is_of_proc(link))
		return openat(folder, name, O_PATH | O_CLOEXEC);
	target = walk_path(walk, folder, path);
	if (target < 0 || is_trusted(walk, maker, target))
		return target;
	close(target);
	return -1;
}

/* Opens one name in an open folder, and follows it if it is a link. Returns a descriptor, or -1. */
static int step(struct walk *walk, int folder, const char *name)
{
	struct stat status;
	int found = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), target;

	if (found < 0 || fstat(found, &status) != 0 || !S_ISLNK(status.st_mode))
		return found;
	target = follow(walk, folder, name, found, status.st_uid);
	close(found);
	return target;
}

/*
 * Opens a path, which is relative to the folder `from` unless it begins with a slash; -1: failed.
 */
static int walk_path(struct walk *walk, int from, const char *path)
{
	int at = openat(from, path[0] == '/' ? "/" : ".", O_PATH | O_CLOEXEC);

	while (at >= 0 && *(path += strspn(path, "/")) != '\0') {
		const size_t length = strcspn(path, "/");
		char name[NAME_MAX + 1];
		int next = -1;

		if (length < sizeof(name)) {
			memcpy(name, path, length);
			name[length] = '\0';
			next = step(walk, at, name);
		}
		close(at);
		at = next;
		path += length;
	}
	return at;
}

bool symlinks_allow(const char *path, int fd, char reason[TEXT_REASON_MAX])
{
	struct walk walk = {.reason = reason};
	struct stat opened, now;
	int reached;
	bool is_same;

	reason[0] = '\0';
	reached = walk_path(&walk, AT_FDCWD, path);
	is_same = reached >= 0 && fstat(fd, &opened) == 0 && fstat(reached, &now) == 0 &&
		  opened.st_dev == now.st_dev && opened.st_ino == now.st_ino;
	if (reached >= 0)
		close(reached);
	if (reached < 0 && reason[0] == '\0' && (errno == EMFILE || errno == ENFILE))
		snprintf(reason, TEXT_REASON_MAX, _("cannot be read: %s"), strerror(errno));
	if (!is_same && reason[0] == '\0')
		snprintf(reason, TEXT_REASON_MAX, _("was replaced while it was opened: try again"));
	return is_same;
}
