/* objects.c - see objects.h. */
#include "objects.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/grow.h"

/* Parses one line of the kernel's list; see proc(5) for the columns. The first line names them. */
static bool parse(const char *line, enum sysv_kind kind, struct sysv_object *object)
{
	*object = (struct sysv_object){.kind = kind};
	switch (kind) {
	case SYSV_SETS:
		return sscanf(line,
			       "%" SCNd32 " %d %o %" SCNu64 " %u %*u %*u %*u %" SCNd64 " %" SCNd64,
			       &object->key, &object->id, &object->mode, &object->size,
			       &object->owner, &object->used, &object->changed) == 7;
	case SYSV_SEGMENTS:
		return sscanf(line,
			       "%" SCNd32 " %d %o %" SCNu64 " %d %d %" SCNu64
			       " %u %*u %*u %*u %" SCNd64,
			       &object->key, &object->id, &object->mode, &object->size,
			       &object->creator, &object->last, &object->count, &object->owner,
			       &object->used) == 9;
	default:
		return sscanf(line,
			       "%" SCNd32 " %d %o %" SCNu64 " %" SCNu64
			       " %d %d %u %*u %*u %*u %" SCNd64,
			       &object->key, &object->id, &object->mode, &object->size,
			       &object->count, &object->last, &object->reader, &object->owner,
			       &object->used) == 9;
	}
}

int sysv_objects_read(struct sysv_objects *list, enum sysv_kind kind)
{
	static const char *const paths[SYSV_KINDS] = {
		"/proc/sysvipc/sem", "/proc/sysvipc/shm", "/proc/sysvipc/msg"};
	FILE *file = fopen(paths[kind], "re");
	struct sysv_object object;
	char line[512];
	int error = 0;

	if (file == NULL)
		return -errno;
	setvbuf(file, NULL, _IOFBF, 65536); /* otherwise it reads 1 KiB at a time */
	while (error == 0 && fgets(line, sizeof(line), file) != NULL) {
		struct sysv_object *objects;

		if (!parse(line, kind, &object))
			continue;
		object.mode &= 0777;
		objects = grow_array(list->objects, list->count, sizeof(object));
		if (objects == NULL) {
			error = -ENOMEM;
			continue;
		}
		objects[list->count++] = object;
		list->objects = objects;
	}
	fclose(file);
	return error;
}

void sysv_objects_end(struct sysv_objects *list)
{
	free(list->objects);
	*list = (struct sysv_objects){0};
}

/* ---- POSIX ---------------------------------------------------------------------------------- */

/* glibc's layout of sem_t where 64-bit atomics are available: the value, then the waiters. */
static void read_value(struct sysv_named *semaphore, int folder, const char *file)
{
	uint32_t words[2];
	struct stat status;
	int descriptor = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (descriptor < 0)
		return;
	semaphore->is_readable = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
				 status.st_size == sizeof(sem_t) &&
				 pread(descriptor, words, sizeof(words), 0) == sizeof(words);
	if (semaphore->is_readable) {
		semaphore->value = words[0];
		semaphore->waiters = words[1];
	}
	close(descriptor);
}

int sysv_nameds_read(struct sysv_nameds *list)
{
	DIR *folder = opendir("/dev/shm");
	const struct dirent *entry;

	if (folder == NULL)
		return -errno;
	while ((entry = readdir(folder)) != NULL) {
		struct sysv_named semaphore = {0}, *semaphores;
		struct stat status;

		if (strncmp(entry->d_name, "sem.", 4) != 0 ||
			fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISREG(status.st_mode))
			continue;
		snprintf(semaphore.name, sizeof(semaphore.name), "/%.250s", entry->d_name + 4);
		semaphore.device = status.st_dev;
		semaphore.inode = status.st_ino;
		semaphore.owner = status.st_uid;
		read_value(&semaphore, dirfd(folder), entry->d_name);
		semaphores = grow_array(list->semaphores, list->count, sizeof(semaphore));
		if (semaphores == NULL)
			break;
		semaphores[list->count++] = semaphore;
		list->semaphores = semaphores;
	}
	closedir(folder);
	return 0;
}

void sysv_nameds_end(struct sysv_nameds *list)
{
	free(list->semaphores);
	*list = (struct sysv_nameds){0};
}
