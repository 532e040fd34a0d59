/* The count of a barrier is read again after the mutex was given back: both think they are the last. */
#include "../homework.h"

enum { MUTEX, DOOR };

static void cross(void)
{
	P(MUTEX);
	shared[0]++;
	V(MUTEX);
	usleep(10);
	if (shared[0] < 2)
		P(DOOR);
	else
		V(DOOR);
}

static void work(void)
{
	cross();
}

int main(void)
{
	make(1, 0);
	child(work);
	cross();
	return finish(1);
}
