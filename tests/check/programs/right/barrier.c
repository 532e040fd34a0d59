/* A barrier that can be used again: one door in, one door out. */
#include "../homework.h"

enum { MUTEX, IN, OUT };

static void cross(int door, int step, int last)
{
	P(MUTEX);
	shared[0] += step;
	if (shared[0] == last)
		change(door, 2, 0);
	V(MUTEX);
	P(door);
}

static void work(void)
{
	for (int i = 1; i <= 2; i++) {
		cross(IN, 1, 2);
		cross(OUT, -1, 0);
	}
}

int main(void)
{
	make(1, 0, 0);
	child(work);
	child(work);
	return finish(2);
}
