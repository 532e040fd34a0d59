/* proc_stat.c - see proc_stat.h. */
#include "proc_stat.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool proc_stat_read(pid_t pid, struct proc_stat *stat)
{
	char path[48], line[1024] = "";
	unsigned long long ticks;
	const char *rest;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	line[fread(line, 1, sizeof(line) - 1, file)] = '\0';
	fclose(file);
	/* The name, in parentheses, may contain anything. */
	rest = strrchr(line, ')');
	if (rest == NULL || sscanf(rest + 1,
				    " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
				    "%*d %*d %*d %*d %llu",
				    &stat->state, &stat->parent, &ticks) != 3)
		return false;
	stat->started = (double)ticks / (double)sysconf(_SC_CLK_TCK);
	return true;
}
