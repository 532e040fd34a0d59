/*
 * budget.c - see budget.h. Reads /proc/meminfo and the limits of the process's memory cgroup
 * (version 2 or 1) and of all groups above it; in a container the cgroup limits are the ones that
 * matter.
 */
#include "budget.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The number at the start of a file; UINT64_MAX if there is none ("max", or no such file). */
static uint64_t read_number(const char *path)
{
	uint64_t number = UINT64_MAX;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return UINT64_MAX;
	if (fscanf(file, "%" SCNu64, &number) != 1)
		number = UINT64_MAX;
	fclose(file);
	return number;
}

static uint64_t memory_available(const char *root)
{
	char path[PATH_MAX];
	char line[256];
	uint64_t kib = UINT64_MAX / 1024;

	snprintf(path, sizeof(path), "%s/proc/meminfo", root);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return UINT64_MAX;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
			break;
	fclose(file);
	return kib < UINT64_MAX / 1024 ? kib * 1024 : UINT64_MAX;
}

/* The lowest limit of a group and of all groups above it. */
static uint64_t group_limit(const char *root, const char *mount, char *group, const char *file)
{
	uint64_t limit = UINT64_MAX;
	char path[PATH_MAX];

	for (;;) {
		if (snprintf(path, sizeof(path), "%s%s%s/%s", root, mount, group, file) <
			(int)sizeof(path))
			limit = smaller(limit, read_number(path));
		char *slash = strrchr(group, '/');
		if (slash == NULL)
			return limit;
		*slash = '\0';
	}
}

uint64_t budget_group_limit(const char *root)
{
	uint64_t limit = UINT64_MAX;
	char path[PATH_MAX];
	char line[PATH_MAX];

	snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return UINT64_MAX;
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		char *controllers = strchr(line, ':'); /* "4:memory:/group", or "0::/group" */
		char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
		if (group == NULL)
			continue;
		*group++ = '\0';
		if (strcmp(controllers + 1, "") == 0)
			limit = smaller(limit,
				group_limit(root, "/sys/fs/cgroup", group, "memory.max"));
		else if (strcmp(controllers + 1, "memory") == 0)
			limit = smaller(limit, group_limit(root, "/sys/fs/cgroup/memory", group,
						       "memory.limit_in_bytes"));
	}
	fclose(file);
	return limit;
}

uint64_t budget_default(const char *root)
{
	uint64_t quarter = smaller(memory_available(root), budget_group_limit(root)) / 4;

	if (quarter < BUDGET_LEAST)
		return BUDGET_LEAST;
	return smaller(quarter, BUDGET_MOST);
}
