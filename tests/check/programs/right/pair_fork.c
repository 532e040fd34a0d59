/* The bounded buffer as it should be: first the slot, then the mutex. */
#include "../homework.h"

enum { MUTEX, EMPTY, FULL };

static void produce(void)
{
	for (int i = 1; i <= 3; i++) {
		P(EMPTY);
		P(MUTEX);
		shared[shared[2]++ % 2] = i;
		V(MUTEX);
		V(FULL);
	}
}

int main(void)
{
	int sum = 0, worst;

	make(1, 2, 0);
	child(produce);
	for (int i = 0; i < 3; i++) {
		P(FULL);
		P(MUTEX);
		sum += shared[shared[3]++ % 2];
		V(MUTEX);
		V(EMPTY);
	}
	worst = finish(1);
	return worst != 0 || sum != 6;
}
