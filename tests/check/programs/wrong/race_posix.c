/*
 * POSIX shared memory and a named semaphore, in two programs: race_posix writer, race_posix reader.
 * The reader looks before it waits.
 */
#include "../homework.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	int is_writer = argc > 1 && strcmp(argv[1], "writer") == 0;
	int file = shm_open("/race_posix", O_RDWR | O_CREAT, 0600);
	sem_t *written = sem_open("/race_posix", O_CREAT, 0600, 0);
	int seen = 0;

	if (file < 0 || written == SEM_FAILED || ftruncate(file, 4096) != 0)
		return 2;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (shared == MAP_FAILED)
		return 2;
	if (is_writer) {
		shared[5] = 1;
		sem_post(written);
	} else {
		seen = shared[5];
		sem_wait(written);
		shm_unlink("/race_posix");
		sem_unlink("/race_posix");
	}
	return seen > 1;
}
