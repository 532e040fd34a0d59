/* Both take the left one first. */
#include "../homework.h"

static void transfer(void)
{
	P(0);
	P(1);
	shared[0]++;
	V(1);
	V(0);
}

int main(void)
{
	make(1, 1);
	child(transfer);
	transfer();
	return finish(1);
}
