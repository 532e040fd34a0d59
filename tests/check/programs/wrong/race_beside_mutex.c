/* The mutex is around the output, and not around the sum. */
#include "../homework.h"

static void work(void)
{
	shared[0] += 5;
	P(0);
	printf("added\n");
	fflush(stdout);
	V(0);
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	return finish(2);
}
