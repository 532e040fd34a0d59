/*
 * hostile_calls.c - see hostile.h: the system calls between the library and the kernel, as ld's
 * --wrap leads them here. Each does what it always does, on the real object.
 */
#include "hostile_calls.h"

#include <errno.h>
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

enum { PAGE = 4096, MAPPINGS = 16, NAP_NS = 20000 };

/* One mapping of a segment, between two pages that nobody may touch. */
struct mapping {
	uint8_t *reserved; /* NULL: a free entry */
	size_t length;     /* of all that is reserved */
	uint8_t *end;      /* of the segment … */
	size_t tail;       /* … and so many bytes of its last page are behind it */
};

static struct mapping mappings[MAPPINGS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t whole_pages(size_t size)
{
	return (size + PAGE - 1) / PAGE * PAGE;
}

/* Maps it where a read before or behind it is a fault; NULL: errno. */
static void *map(struct mapping *mapping, int id, int flags, size_t size)
{
	void *at;

	mapping->length = whole_pages(size) + 2 * PAGE;
	mapping->reserved = mmap(NULL, mapping->length, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping->reserved == MAP_FAILED) {
		mapping->reserved = NULL;
		return (void *)-1;
	}
	at = __real_shmat(id, mapping->reserved + PAGE, flags | SHM_REMAP);
	if (at == (void *)-1) {
		munmap(mapping->reserved, mapping->length);
		mapping->reserved = NULL;
		return at;
	}
	mapping->end = (uint8_t *)at + size;
	mapping->tail = whole_pages(size) - size;
	__asan_poison_memory_region(mapping->end, mapping->tail);
	return at;
}

void *__wrap_shmat(int id, const void *address, int flags);
void *__wrap_shmat(int id, const void *address, int flags)
{
	struct shmid_ds status;
	void *at = (void *)-1;

	must(address == NULL);
	if (shmctl(id, IPC_STAT, &status) < 0)
		return at;
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < MAPPINGS; i++)
		if (mappings[i].reserved == NULL) {
			at = map(&mappings[i], id, flags, status.shm_segsz);
			break;
		}
	pthread_mutex_unlock(&lock);
	return at;
}

int __wrap_shmdt(const void *address);
int __wrap_shmdt(const void *address)
{
	int rc = -1;

	errno = EINVAL;
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < MAPPINGS; i++) {
		struct mapping *mapping = &mappings[i];

		if (mapping->reserved == NULL || mapping->reserved + PAGE != address)
			continue;
		__asan_unpoison_memory_region(mapping->end, mapping->tail);
		rc = __real_shmdt(address);
		munmap(mapping->reserved, mapping->length);
		*mapping = (struct mapping){0};
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

int __real_semctl(int id, int number, int command, ...);
int __wrap_semctl(int id, int number, int command, ...);
int __wrap_semctl(int id, int number, int command, ...)
{
	va_list rest;
	void *argument;

	va_start(rest, command);
	argument = va_arg(rest, void *);
	va_end(rest);
	if (command == GETALL)
		hostile_change();
	return __real_semctl(id, number, command, argument);
}

int __real_semtimedop(int id, struct sembuf *array, size_t count, const struct timespec *timeout);
int __wrap_semtimedop(int id, struct sembuf *array, size_t count, const struct timespec *timeout);
int __wrap_semtimedop(int id, struct sembuf *array, size_t count, const struct timespec *timeout)
{
	static const struct timespec nap = {.tv_nsec = NAP_NS};

	(void)timeout;
	hostile_change();
	return __real_semtimedop(id, array, count, &nap);
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
	(void)time, (void)left;
	return 0;
}

/* ---- what is ours --------------------------------------------------------------------------- */

int32_t hostile_key(void)
{
	const char *text = getenv("VITRINE_FUZZ_KEY");

	if (text != NULL)
		return (int32_t)strtoul(text, NULL, 0);
	return 0x77050000 | (getpid() & 0xffff);
}

void hostile_remove_all(void)
{
	int id;

	while ((id = semget(hostile_key(), 0, 0)) >= 0 && semctl(id, 0, IPC_RMID) == 0) {
	}
	while ((id = shmget(hostile_key(), 0, 0)) >= 0 && shmctl(id, IPC_RMID, NULL) == 0) {
	}
}

static char folder[64];

static void remove_folder(void)
{
	rmdir(folder);
}

const char *hostile_folder(void)
{
	const char *parent = getenv("VITRINE_FUZZ_FOLDER");

	if (folder[0] == '\0') {
		snprintf(folder, sizeof(folder), "%s/fuzz-XXXXXX", parent ? parent : "/dev/shm");
		must(mkdtemp(folder) != NULL);
		atexit(remove_folder);
	}
	return folder;
}
