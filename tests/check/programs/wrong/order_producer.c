/* The producer takes the mutex before it waits for an empty slot. */
#include "../homework.h"

enum { MUTEX, EMPTY, FULL };

static void produce(void)
{
	for (int i = 0; i < 2; i++) {
		P(MUTEX);
		P(EMPTY);
		shared[0] = i;
		V(MUTEX);
		V(FULL);
	}
}

int main(void)
{
	make(1, 1, 0);
	child(produce);
	for (int i = 0; i < 2; i++) {
		P(FULL);
		P(MUTEX);
		if (shared[0] != i)
			return 1;
		V(MUTEX);
		V(EMPTY);
	}
	return finish(1);
}
