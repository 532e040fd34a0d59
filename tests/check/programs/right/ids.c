/* What it does depends on the ids of its objects: they must be the same in each run. */
#include "../homework.h"

static void work(void)
{
	P(0);
	V(0);
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	for (int i = 0; i < (set ^ segment) % 4; i++)
		P(0), V(0);
	for (int i = 0; i < segment % 3; i++)
		work();
	return finish(2);
}
