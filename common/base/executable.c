/* executable.c - see executable.h. */
#include "executable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *executable_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	folder[length > 0 ? length : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash != NULL)
		slash[slash == folder] = '\0'; /* the root folder is named by its slash */
	return folder;
}

bool executable_find_file(char path[PATH_MAX], const char *const places[], size_t count,
	const char *name)
{
	char folder[PATH_MAX];

	executable_folder(folder);
	for (size_t i = 0; i < count; i++) {
		int size = snprintf(path, PATH_MAX, "%s/%s%s%s", folder, places[i],
			places[i][0] != '\0' ? "/" : "", name);

		if (size < PATH_MAX && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

bool executable_find(char path[PATH_MAX], const char *name)
{
	static const char *const beside[] = {""};
	const char *folders = getenv("PATH");

	if (executable_find_file(path, beside, 1, name) && access(path, X_OK) == 0)
		return true;
	while (folders != NULL && *folders != '\0') {
		size_t length = strcspn(folders, ":");

		if (snprintf(path, PATH_MAX, "%.*s/%s", (int)length, folders, name) < PATH_MAX &&
			access(path, X_OK) == 0)
			return true;
		folders += length + (folders[length] == ':');
	}
	snprintf(path, PATH_MAX, "%s", name);
	return false;
}
