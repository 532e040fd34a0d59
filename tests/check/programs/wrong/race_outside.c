/* The consumer gives the slot back before it reads it. */
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
	int sum = 0;

	make(1, 0);
	child(produce);
	for (int i = 1; i <= 2; i++) {
		P(FULL);
		V(EMPTY);
		sum += shared[0];
	}
	return finish(1);
}
