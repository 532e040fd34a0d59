/* shared.c - see shared.h. Reads /proc. */
#include "shared.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* True if an entry of /proc/PID/fd is a file that all copies may have. */
static bool is_harmless(int folder, const char *entry, const char *output)
{
	char target[256], memfd[256];
	struct stat status;
	ssize_t length;

	if (fstatat(folder, entry, &status, 0) == 0 && S_ISCHR(status.st_mode))
		return true;
	length = readlinkat(folder, entry, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	snprintf(memfd, sizeof(memfd), "/memfd:%s (deleted)", output);
	return strcmp(target, memfd) == 0;
}

bool shared_has_files(pid_t pid, const char *output)
{
	const struct dirent *entry;
	bool has_any = false;
	char path[32];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	if (folder == NULL)
		return true;
	while (!has_any && (entry = readdir(folder)) != NULL)
		has_any = entry->d_name[0] != '.' &&
			  !is_harmless(dirfd(folder), entry->d_name, output);
	closedir(folder);
	return has_any;
}

bool shared_has_memory(pid_t pid)
{
	bool has_any = false;
	char path[32], line[512], mode[5];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return true;
	while (!has_any && fgets(line, sizeof(line), file) != NULL)
		has_any = sscanf(line, "%*s %4s", mode) == 1 && mode[1] == 'w' && mode[3] == 's';
	fclose(file);
	return has_any;
}
