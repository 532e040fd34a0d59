/* The consumer gives a slot back that it has not emptied: more slots than there are. */
#include "../homework.h"

enum { EMPTY, FULL };

static void produce(void)
{
	P(EMPTY);
	V(FULL);
}

int main(void)
{
	make(2, 0);
	child(produce);
	if (change(FULL, -1, IPC_NOWAIT) < 0)
		shared[0] = 1;
	V(EMPTY);
	return finish(1);
}
