/* Both find that the table is not initialized, and both initialize it. */
#include "../homework.h"

static void work(void)
{
	if (shared[0] == 0) {
		shared[1] = 7;
		shared[0] = 1;
	}
	P(0);
	shared[2] += shared[1];
	V(0);
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	return finish(2);
}
