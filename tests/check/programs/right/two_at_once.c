/* Both locks by one semop() of two operations: all of it, or nothing. In whatever order. */
#include "../homework.h"

static void transfer(unsigned short first)
{
	struct sembuf take[] = {{first, -1, 0}, {(unsigned short)(1 - first), -1, 0}};
	struct sembuf give[] = {{first, 1, 0}, {(unsigned short)(1 - first), 1, 0}};

	semop(set, take, 2);
	shared[0]++;
	semop(set, give, 2);
}

static void other(void)
{
	transfer(1);
}

int main(void)
{
	make(1, 1);
	child(other);
	transfer(0);
	return finish(1);
}
