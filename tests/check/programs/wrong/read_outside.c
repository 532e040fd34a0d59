/* The consumer reads the item after it has given the slot back. */
#include "../homework.h"

enum { EMPTY, FULL };

static void produce(void)
{
	for (int i = 1; i <= 2; i++) {
		P(EMPTY);
		shared[0] = i;
		V(FULL);
	}
}

int main(void)
{
	make(1, 0);
	child(produce);
	for (int i = 1; i <= 2; i++) {
		P(FULL);
		V(EMPTY);
		usleep(10);
		if (shared[0] != i) {
			finish(1);
			return 1;
		}
	}
	return finish(1);
}
