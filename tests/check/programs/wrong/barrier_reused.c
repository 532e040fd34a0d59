/* A barrier of one semaphore: a fast one passes it twice, and a slow one never. */
#include "../homework.h"

enum { MUTEX, DOOR };

static void cross(void)
{
	P(MUTEX);
	if (++shared[0] == 2) {
		shared[0] = 0;
		change(DOOR, 2, 0);
	}
	V(MUTEX);
	P(DOOR);
}

static void work(void)
{
	for (int i = 0; i < 2; i++) {
		cross();
		shared[1 + i]++;
		if (i == 1 && shared[1] != 2)
			exit(1);
	}
}

int main(void)
{
	make(1, 0);
	child(work);
	child(work);
	return finish(2);
}
