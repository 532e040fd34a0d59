/* links.c - see links.h. */
#include "links.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "translate.h"

static bool is_trusted(const char *path, char reason[TEXT_REASON_MAX])
{
	struct stat link, target;

	if (lstat(path, &link) != 0 || !S_ISLNK(link.st_mode) || link.st_uid == geteuid() ||
		link.st_uid == 0 || (stat(path, &target) == 0 && target.st_uid == link.st_uid))
		return true;
	snprintf(reason, TEXT_REASON_MAX,
		_("is reached through a link of another user (uid %u) to something that does "
		  "not belong to that user; name the file itself"),
		(unsigned)link.st_uid);
	return false;
}

/* Looks at each part of the path: "/a", "/a/b", "/a/b/c". */
static bool all_trusted(const char *path, char reason[TEXT_REASON_MAX])
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length >= sizeof(part))
		return true; /* longer than a path that can be opened */
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (!is_trusted(part, reason))
			return false;
	}
	return true;
}

bool links_allow(const char *path, int fd, char reason[TEXT_REASON_MAX])
{
	struct stat opened, now;

	if (!all_trusted(path, reason))
		return false;
	/* A link may have been there while it was opened, and something else while we looked. */
	if (fstat(fd, &opened) == 0 && stat(path, &now) == 0 && opened.st_dev == now.st_dev &&
		opened.st_ino == now.st_ino)
		return true;
	snprintf(reason, TEXT_REASON_MAX, _("was replaced while it was opened: try again"));
	return false;
}
