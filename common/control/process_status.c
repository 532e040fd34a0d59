/* process_status.c - see process_status.h; proc_pid_status(5). */
#include "process_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_line(struct process_status *status, const char *line)
{
	const char *value = strchr(line, '\t');

	if (value == NULL)
		return;
	if (strncmp(line, "Tgid:", 5) == 0)
		status->pid = status->own_pid = (pid_t)strtol(value, NULL, 10);
	else if (strncmp(line, "NStgid:", 7) == 0) /* its own pid is the last of them */
		status->own_pid = (pid_t)strtol(strrchr(line, '\t') + 1, NULL, 10);
	else if (strncmp(line, "TracerPid:", 10) == 0)
		status->tracer = (pid_t)strtol(value, NULL, 10);
	else if (strncmp(line, "SigPnd:", 7) == 0 || strncmp(line, "ShdPnd:", 7) == 0)
		status->pending |= strtoull(value, NULL, 16);
	else if (strncmp(line, "SigBlk:", 7) == 0)
		status->blocked = strtoull(value, NULL, 16);
	else if (strncmp(line, "SigIgn:", 7) == 0)
		status->ignored = strtoull(value, NULL, 16);
	else if (strncmp(line, "SigCgt:", 7) == 0)
		status->caught = strtoull(value, NULL, 16);
}

bool process_status_read(pid_t tid, struct process_status *status)
{
	char path[48], line[256];
	FILE *file;

	*status = (struct process_status){.pid = tid, .own_pid = tid};
	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL)
		read_line(status, line);
	fclose(file);
	return true;
}
