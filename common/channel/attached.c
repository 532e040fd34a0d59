/* attached.c - see attached.h. */
#include "attached.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "predict.h"
#include "proc_stat.h"
#include "sysv/sysv_processes.h"
#include "text.h"

/*
 * A child that shares its parent's segment for longer is taken for a program that will not exec().
 */
enum { EXEC_SECONDS = 1 };

/* Reads the start of a process's command line: its words, each with its NUL. */
static void read_command_line(pid_t pid, char *words, size_t size)
{
	char path[48];
	size_t length = 0;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	stream = fopen(path, "re");
	if (stream != NULL) {
		length = fread(words, 1, size - 1, stream);
		fclose(stream);
	}
	words[length] = '\0';
}

/* The process's name. The kernel keeps 15 bytes of it; the command line has the rest. */
static void find_name(pid_t pid, char name[ATTACHED_NAME_MAX])
{
	char comm[SYSV_NAME_MAX], first[512];
	const char *base;

	sysv_process_name(pid, comm);
	read_command_line(pid, first, sizeof(first));
	base = text_base_name(first);
	if (strncmp(base, comm, strlen(comm)) != 0)
		base = comm;
	text_printable(name, ATTACHED_NAME_MAX, *base != '\0' ? base : "process");
}

const char *attached_role(const struct attached_program *program)
{
	static const char prefix[] = "vitrine-";
	const char *name = program->name;

	if (program->is_mirror)
		return "mirror";
	return strncmp(name, prefix, strlen(prefix)) == 0 ? name + strlen(prefix) : name;
}

static int by_pid(const void *one, const void *other)
{
	pid_t a = ((const struct attached_program *)one)->pid;
	pid_t b = ((const struct attached_program *)other)->pid;

	return (a > b) - (a < b);
}

/*
 * True if the mapping is that of a process which has just been forked, or has ended. Between fork()
 * and exec() a child shares its parent's segments, but is no program of the channel.
 */
static bool passes_by(const struct sysv_processes *users, const struct sysv_mapping *child)
{
	struct timespec now;
	struct proc_stat stat;

	if (!proc_stat_read(child->pid, &stat))
		return true;
	clock_gettime(CLOCK_BOOTTIME, &now);
	if ((double)now.tv_sec - stat.started > EXEC_SECONDS)
		return false;
	for (size_t i = 0; i < users->mapping_count; i++)
		if (users->mappings[i].pid == stat.parent &&
			users->mappings[i].segment == child->segment &&
			users->mappings[i].address == child->address)
			return true;
	return false;
}

size_t attached_find(int shmid, struct attached_program *programs, size_t max)
{
	const struct sysv_nameds no_names = {0};
	struct sysv_processes users = {0};
	size_t count = 0;

	sysv_processes_find_mappings(&users, &no_names);
	for (size_t i = 0; i < users.mapping_count && count < max; i++) {
		const struct sysv_mapping *mapping = &users.mappings[i];

		if (mapping->segment != shmid || passes_by(&users, mapping))
			continue;
		programs[count] = (struct attached_program){
			.pid = mapping->pid, .sleeps_on = -1, .writes = mapping->writes};
		find_name(mapping->pid, programs[count++].name);
	}
	sysv_processes_end(&users);
	qsort(programs, count, sizeof(*programs), by_pid);
	return count;
}

/* ---- asleep -------------------------------------------------------------------------------- */

/* The operation at which the array of a sleeper blocks; NULL: unknown, or of another set. */
static const struct sembuf *blocking_operation(const struct sysv_sleeper *sleeper, int semid,
	const struct vitrine_snapshot *snapshot)
{
	struct prediction prediction;

	if (!sleeper->is_known || sleeper->sleep != SYSV_IN_SEMOP || sleeper->id != semid ||
		sleeper->count == 0 || sleeper->count > PREDICT_MAX)
		return NULL;
	predict(&prediction, snapshot, sleeper->operations, sleeper->count);
	return prediction.outcome == PREDICT_SLEEPS ? &sleeper->operations[prediction.at] : NULL;
}

static void look_at_sleeper(struct attached_program *program, const struct sysv_sleeper *sleeper,
	int semid, const struct vitrine_snapshot *snapshot)
{
	const struct sembuf *operation = blocking_operation(sleeper, semid, snapshot);

	if (operation == NULL)
		return;
	program->sleeps_on = operation->sem_num;
	program->is_mirror = operation->sem_op == 0;
}

void attached_look(struct attached_program *programs, size_t count, int semid,
	const struct vitrine_snapshot *snapshot)
{
	struct sysv_processes users = {0};

	for (size_t i = 0; i < count; i++) {
		users.sleeper_count = 0;
		sysv_processes_add_sleepers(&users, programs[i].pid);
		programs[i].sleeps_on = -1;
		for (size_t j = 0; j < users.sleeper_count && programs[i].sleeps_on < 0; j++)
			look_at_sleeper(&programs[i], &users.sleepers[j], semid, snapshot);
	}
	sysv_processes_end(&users);
}

bool attached_has_thread(pid_t pid, const char *name)
{
	char path[64];
	bool found = false;
	pid_t thread;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	while (tasks != NULL && !found && (thread = sysv_proc_next(tasks)) != 0) {
		char comm[20] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/task/%d/comm", (int)pid, (int)thread);
		file = fopen(path, "re");
		if (file == NULL)
			continue;
		if (fgets(comm, sizeof(comm), file) != NULL)
			comm[strcspn(comm, "\n")] = '\0';
		fclose(file);
		found = strcmp(comm, name) == 0;
	}
	if (tasks != NULL)
		closedir(tasks);
	return found;
}
