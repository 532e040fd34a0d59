/* segment.c - see segment.h. */
#include "segment.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "owner.h"

int segment_create(key_t key, uint64_t size, unsigned mode)
{
	int id;

	if (size != (size_t)size)
		return -ENOMEM; /* a 32-bit process cannot address that much */
	id = shmget(key, (size_t)size, IPC_CREAT | IPC_EXCL | SHM_NORESERVE | (int)(mode & 0777));
	return id < 0 ? -errno : id;
}

int segment_find(key_t key)
{
	/*
	 * Size 0 and no permission bits: finds any segment. Its status decides whether it is used.
	 */
	int id = shmget(key, 0, 0);

	return id < 0 ? -errno : id;
}

int segment_status(int id, struct segment_status *status)
{
	struct shmid_ds ds;

	if (shmctl(id, IPC_STAT, &ds) < 0)
		return -errno;
	*status = (struct segment_status){
		.owner = owner_of(&ds.shm_perm),
		.mode = ds.shm_perm.mode & 0777,
		.size = ds.shm_segsz,
		.attached = ds.shm_nattch,
		.creator = ds.shm_cpid,
		.removed = (ds.shm_perm.mode & SHM_DEST) != 0,
	};
	return 0;
}

uint64_t segment_memory(int id)
{
	uint64_t memory = UINT64_MAX, resident, swapped;
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	char line[512];
	int line_id;

	/* key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap */
	while (file != NULL && memory == UINT64_MAX && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line,
			    "%*d %d %*o %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %" SCNu64
			    " %" SCNu64,
			    &line_id, &resident, &swapped) == 3 &&
			line_id == id)
			memory = resident + swapped;
	if (file != NULL)
		fclose(file);
	return memory;
}

int segment_attach(int id, bool writable, void **address)
{
	struct segment_status status;
	void *at = shmat(id, NULL, writable ? 0 : SHM_RDONLY);

	if (at == (void *)-1) /* EAGAIN: the program locks its memory and exceeds RLIMIT_MEMLOCK */
		return errno == EAGAIN ? -ENOMEM : -errno;
	/*
	 * A core file of a gigabyte takes a long time to write, and meanwhile the crashed process
	 * still holds its semaphores.
	 */
	if (segment_status(id, &status) == 0)
		madvise(at, (size_t)status.size, MADV_DONTDUMP);
	*address = at;
	return 0;
}

int segment_detach(const void *address)
{
	return shmdt(address) < 0 ? -errno : 0;
}

int segment_remove(int id)
{
	return shmctl(id, IPC_RMID, NULL) < 0 ? -errno : 0;
}
