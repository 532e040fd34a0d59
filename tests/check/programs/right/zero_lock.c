/* The lock of older books: wait for zero and add 1, in one call. */
#include "../homework.h"

static void work(void)
{
	struct sembuf lock[] = {{0, 0, 0}, {0, 1, SEM_UNDO}};
	struct sembuf unlock = {0, -1, SEM_UNDO};

	semop(set, lock, 2);
	shared[0]++;
	semop(set, &unlock, 1);
}

int main(void)
{
	int worst;

	make(0);
	child(work);
	child(work);
	worst = finish(2);
	return worst != 0 || shared[0] != 2;
}
