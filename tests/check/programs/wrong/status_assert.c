/* Two are in the critical section at once: a semaphore of 2 for a mutex. */
#include "../homework.h"

static void work(void)
{
	P(0);
	if (++shared[0] > 1)
		exit(1);
	usleep(1);
	shared[0]--;
	V(0);
}

int main(void)
{
	make(2);
	child(work);
	child(work);
	return finish(2);
}
