/* The producer forgets to tell of its last item. */
#include "../homework.h"

enum { EMPTY, FULL };

static void produce(void)
{
	for (int i = 0; i < 3; i++) {
		P(EMPTY);
		shared[0] = i;
		if (i < 2)
			V(FULL);
	}
}

int main(void)
{
	make(1, 0);
	child(produce);
	for (int i = 0; i < 3; i++) {
		P(FULL);
		V(EMPTY);
	}
	return finish(1);
}
