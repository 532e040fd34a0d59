/* A semaphore of 2 is no mutex, even if it looks like one in most schedules. */
#include "../homework.h"

static void work(void)
{
	P(0);
	shared[0]++;
	V(0);
}

int main(void)
{
	make(2);
	child(work);
	child(work);
	return finish(2);
}
