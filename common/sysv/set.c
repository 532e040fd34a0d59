/* set.c - see set.h. */
#include "set.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <unistd.h>

/* An operation numbers its semaphore with 16 bits, so a larger set is of no use. */
#define VALUES_MAX   65536u
#define VALUES_BYTES (VALUES_MAX * sizeof(uint16_t))

/* The fourth argument of semctl(2), which leaves its definition to the program. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

int sysv_set_stat(int id, struct sysv_set *set)
{
	struct semid_ds status;

	if (semctl(id, 0, IPC_STAT, (union semun){.buf = &status}) < 0)
		return -errno;
	*set = (struct sysv_set){
		.id = id,
		.key = status.sem_perm.__key,
		.owner = status.sem_perm.uid,
		.mode = status.sem_perm.mode & 0777,
		.count = (uint32_t)status.sem_nsems,
	};
	return 0;
}

int sysv_values_begin(struct sysv_values *buffer)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (VALUES_BYTES + page - 1) / page * page;
	char *at = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		0);

	buffer->values = NULL;
	if (at == MAP_FAILED)
		return -errno;
	if (mprotect(at + bytes, page, PROT_NONE) != 0) {
		int error = -errno;

		munmap(at, bytes + page);
		return error;
	}
	buffer->values = (uint16_t *)(void *)at;
	return 0;
}

void sysv_values_end(struct sysv_values *buffer)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (buffer->values != NULL)
		munmap(buffer->values, (VALUES_BYTES + page - 1) / page * page + page);
	buffer->values = NULL;
}

int sysv_values_read(struct sysv_values *buffer, int id)
{
	struct sysv_set set = {0};
	int error = sysv_set_stat(id, &set);

	if (error != 0)
		return error;
	if (set.count > VALUES_MAX)
		return -EFBIG;
	if (semctl(id, 0, GETALL, (union semun){.array = buffer->values}) < 0)
		return -errno;
	return (int)set.count;
}

int sysv_waiters_count(int id, uint32_t number, struct sysv_waiters *waiters)
{
	int for_more = semctl(id, (int)number, GETNCNT);
	int for_zero = for_more < 0 ? -1 : semctl(id, (int)number, GETZCNT);

	if (for_zero < 0)
		return -errno;
	waiters->for_more = for_more;
	waiters->for_zero = for_zero;
	return 0;
}

int sysv_waiters_last(int id, uint32_t number, struct sysv_waiters *waiters)
{
	int last = semctl(id, (int)number, GETPID);

	if (last < 0)
		return -errno;
	waiters->last = last;
	return 0;
}

int sysv_waiters_read(int id, uint32_t number, struct sysv_waiters *waiters)
{
	int error = sysv_waiters_count(id, number, waiters);

	return error != 0 ? error : sysv_waiters_last(id, number, waiters);
}
