/* The parent removes the set while its child still uses it, and the child goes on as if it did not. */
#include "../homework.h"

static void work(void)
{
	for (int i = 0; i < 3; i++) {
		change(0, -1, 0);
		change(0, 1, 0);
	}
}

int main(void)
{
	make(1);
	child(work);
	semctl(set, 0, IPC_RMID);
	shmctl(segment, IPC_RMID, NULL);
	wait(NULL);
	return 0;
}
