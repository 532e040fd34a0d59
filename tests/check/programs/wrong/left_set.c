/* The set is never removed. */
#include "../homework.h"

static void work(void)
{
	P(0);
	V(0);
}

int main(void)
{
	make(1);
	child(work);
	wait(NULL);
	shmctl(segment, IPC_RMID, NULL);
	return 0;
}
