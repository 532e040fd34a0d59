/* Two locks, taken in one order by the one and in the other by the other. */
#include "../homework.h"

enum { LEFT, RIGHT };

static void transfer_back(void)
{
	P(RIGHT);
	P(LEFT);
	shared[0]--;
	V(LEFT);
	V(RIGHT);
}

int main(void)
{
	make(1, 1);
	child(transfer_back);
	P(LEFT);
	P(RIGHT);
	shared[0]++;
	V(RIGHT);
	V(LEFT);
	return finish(1);
}
