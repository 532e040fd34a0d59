/* No mutex at all: an increment is lost while the other one writes its log. */
#include "../homework.h"

static void work(void)
{
	int value = shared[0];

	usleep(10);
	shared[0] = value + 1;
}

int main(void)
{
	int total, worst;

	make(1);
	child(work);
	child(work);
	worst = finish(2);
	total = shared[0];
	return worst != 0 || total != 2;
}
