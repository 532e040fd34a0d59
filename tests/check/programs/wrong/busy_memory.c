/* It waits for a flag in the segment by looking at it, without any call. */
#include "../homework.h"

static void raise_flag(void)
{
	shared[0] = 1;
	V(0);
}

int main(void)
{
	make(0);
	child(raise_flag);
	while (shared[0] == 0)
		continue;
	P(0);
	return finish(1);
}
