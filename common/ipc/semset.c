/* semset.c - see semset.h. */
#include "semset.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "owner.h"

enum { OPERATIONS_MAX = 16 }; /* more than any array has; the kernel's default limit is 500 */

/* The fourth argument of semctl(2), which leaves its definition to the program. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *limits;
};

int semset_create(key_t key, unsigned count, unsigned mode)
{
	int id = semget(key, (int)count, IPC_CREAT | IPC_EXCL | (int)(mode & 0777));

	return id < 0 ? -errno : id;
}

unsigned semset_operations_most(void)
{
	struct seminfo limits;

	if (semctl(0, 0, IPC_INFO, (union semun){.limits = &limits}) < 0)
		return UINT_MAX;
	return (unsigned)limits.semopm;
}

int semset_find(key_t key)
{
	int id = semget(key, 0, 0);

	return id < 0 ? -errno : id;
}

int semset_status(int id, struct semset_status *status)
{
	struct semid_ds ds;

	if (semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}) < 0)
		return -errno;
	*status = (struct semset_status){
		.owner = owner_of(&ds.sem_perm),
		.mode = ds.sem_perm.mode & 0777,
		.count = (unsigned)ds.sem_nsems,
		.used = ds.sem_otime,
	};
	return 0;
}

int semset_do(int id, const struct sembuf *operations, unsigned count, int64_t timeout_ns)
{
	struct sembuf array[OPERATIONS_MAX];
	struct timespec timeout;

	if (count > OPERATIONS_MAX)
		return -E2BIG;
	memcpy(array, operations, count * sizeof(array[0]));
	if (timeout_ns == 0) /* cheaper than semtimedop() with a timeout of 0 */
		for (unsigned i = 0; i < count; i++)
			array[i].sem_flg = (short)(array[i].sem_flg | IPC_NOWAIT);
	timeout.tv_sec = (time_t)(timeout_ns / 1000000000);
	timeout.tv_nsec = (long)(timeout_ns % 1000000000);
	if (semtimedop(id, array, count, timeout_ns > 0 ? &timeout : NULL) < 0)
		return errno == EFBIG ? -EIDRM : -errno; /* the id now names a smaller set */
	return 0;
}

int semset_room_make(struct semset_room *room, unsigned most)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t usable = (most * sizeof(unsigned short) + page - 1) / page * page;
	char *mapping = mmap(NULL, usable + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mapping == MAP_FAILED)
		return -errno;
	*room = (struct semset_room){
		.end = (unsigned short *)(void *)(mapping + usable),
		.mapping = mapping,
		.size = usable + page,
	};
	if (mprotect(mapping, usable, PROT_READ | PROT_WRITE) < 0) {
		int error = errno;

		semset_room_free(room);
		return -error;
	}
	return 0;
}

void semset_room_free(struct semset_room *room)
{
	if (room->mapping != NULL)
		munmap(room->mapping, room->size);
	*room = (struct semset_room){0};
}

int semset_values_in(const struct semset_room *room, int id, unsigned count, unsigned short *values)
{
	enum { UNTOUCHED = 0xffff }; /* above the highest value of a semaphore */
	unsigned short *array;

	if (room->end == NULL)
		return -ENOMEM;
	array = room->end - count;
	array[count - 1] = UNTOUCHED;
	if (semctl(id, 0, GETALL, (union semun){.array = array}) < 0)
		return errno == EFAULT ? -EIDRM : -errno; /* the set has more than `count` */
	if (array[count - 1] == UNTOUCHED)
		return -EIDRM; /* the set has fewer */
	memcpy(values, array, count * sizeof(values[0]));
	return 0;
}

int semset_values(int id, unsigned count, unsigned short *values)
{
	struct semset_room room;
	int rc = semset_room_make(&room, count);

	if (rc < 0)
		return rc;
	rc = semset_values_in(&room, id, count, values);
	semset_room_free(&room);
	return rc;
}

static int ask(int id, unsigned number, int command)
{
	int answer = semctl(id, (int)number, command);

	return answer < 0 ? -errno : answer;
}

int semset_pid(int id, unsigned number)
{
	return ask(id, number, GETPID);
}

int semset_ncnt(int id, unsigned number)
{
	return ask(id, number, GETNCNT);
}

int semset_zcnt(int id, unsigned number)
{
	return ask(id, number, GETZCNT);
}

int semset_remove(int id)
{
	return semctl(id, 0, IPC_RMID) < 0 ? -errno : 0;
}
