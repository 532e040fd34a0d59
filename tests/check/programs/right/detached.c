/*
 * The ends of the children detach the segment. Another program may read their memory meanwhile, which
 * takes long because it is large: this must not make a difference.
 */
#include <sys/mman.h>

#include "../homework.h"

#define LARGE ((size_t)1 << 30)

static void work(void)
{
	mmap(NULL, LARGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	P(0);
	V(0);
}

int main(void)
{
	struct shmid_ds status;

	make(1);
	for (int i = 0; i < 3; i++)
		child(work);
	for (int i = 0; i < 3; i++)
		wait(NULL);
	if (shmctl(segment, IPC_STAT, &status) < 0 || status.shm_nattch != 1)
		return 1;
	return finish(0);
}
