/* POSIX shared memory with a POSIX semaphore in it, which orders all accesses. */
#include "../homework.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>

struct counter {
	sem_t mutex;
	int count;
};

static struct counter *counter;

static void work(void)
{
	for (int i = 0; i < 2; i++) {
		sem_wait(&counter->mutex);
		counter->count++;
		sem_post(&counter->mutex);
	}
}

int main(void)
{
	int file = shm_open("/posix_semaphore", O_RDWR | O_CREAT | O_EXCL, 0600);
	int children = 2, status, worst = 0;

	if (file < 0 || ftruncate(file, sizeof(*counter)) != 0)
		return 2;
	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (counter == MAP_FAILED || sem_init(&counter->mutex, 1, 1) != 0)
		return 2;
	for (int i = 0; i < children; i++)
		child(work);
	while (wait(&status) > 0)
		worst |= status;
	shm_unlink("/posix_semaphore");
	return worst != 0 || counter->count != 4;
}
