/* The last one is to remove the segment, and neither of two thinks that it is the last. */
#include "../homework.h"

static void leave(void)
{
	struct shmid_ds status;

	shmctl(segment, IPC_STAT, &status);
	if (status.shm_nattch == 2) /* this one, and the parent's */
		shmctl(segment, IPC_RMID, NULL);
	shmdt((void *)(uintptr_t)shared);
}

int main(void)
{
	make(1);
	child(leave);
	child(leave);
	wait(NULL);
	wait(NULL);
	semctl(set, 0, IPC_RMID);
	return 0;
}
