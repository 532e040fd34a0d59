/* The child uses a pointer that its parent has yet to put into the segment. */
#include "../homework.h"

static void use(void)
{
	P(0);
	if (shared[0] == 0)
		abort();
	V(0);
}

int main(void)
{
	int status = 0;

	make(1);
	child(use);
	P(0);
	shared[0] = 1;
	V(0);
	wait(&status);
	finish(0);
	return 0;
}
