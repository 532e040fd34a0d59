/* An increment under a mutex, by three. */
#include "../homework.h"

static void work(void)
{
	int value;

	P(0);
	value = shared[0];
	usleep(10);
	shared[0] = value + 1;
	V(0);
}

int main(void)
{
	int worst;

	make(1);
	for (int i = 0; i < 3; i++)
		child(work);
	worst = finish(3);
	return worst != 0 || shared[0] != 3;
}
