/* statefile.c - see statefile.h. */
#include "statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool statefile_path(char path[PATH_MAX], const char *name)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	int length;

	/* The XDG Base Directory Specification says that a relative path must be ignored. */
	if (state != NULL && state[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/vitrine/%s", state, name);
	else if (home != NULL && home[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/.local/state/vitrine/%s", home, name);
	else
		return false;
	return length > 0 && length < PATH_MAX;
}

/* The specification requires mode 0700. */
void statefile_make_folders(const char *path)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash = folder; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		mkdir(folder, 0700);
		*slash = '/';
	}
}

int statefile_open(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (!statefile_path(path, name))
		return -ENOENT;
	statefile_make_folders(path);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	return fd >= 0 ? fd : -errno;
}
