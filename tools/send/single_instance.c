/* single_instance.c - see single_instance.h. */
#include "single_instance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a folder to which only this user may write. Returns a descriptor, or -errno. */
static int open_folder(void)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];
	struct stat status;
	int fd;

	if (folder == NULL || folder[0] != '/') {
		folder = getenv("TMPDIR");
		if (folder == NULL || folder[0] != '/')
			folder = "/tmp";
		if (snprintf(path, sizeof(path), "%s/vitrine-%u", folder, (unsigned)geteuid()) >=
			(int)sizeof(path))
			return -ENAMETOOLONG;
		mkdir(path, 0700); /* errors are ignored: the checks below find them */
		folder = path;
	}
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 022) == 0)
		return fd;
	close(fd);
	return -EPERM;
}

int single_instance_claim(const char *what, const struct vitrine_key *key)
{
	char name[NAME_MAX];
	int folder = open_folder(), held, error;

	if (folder < 0)
		return folder;
	snprintf(name, sizeof(name), "vitrine-%08x-%s.lock", (unsigned)key->value, what);
	held = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	error = errno;
	close(folder);
	if (held < 0)
		return -error;
	if (flock(held, LOCK_EX | LOCK_NB) == 0)
		return held;
	error = errno;
	close(held);
	return error == EWOULDBLOCK ? -EADDRINUSE : -error;
}
