/* The parent fills the segment after it has created the child that reads it. */
#include "../homework.h"

static void work(void)
{
	if (shared[1] > 10)
		exit(1);
}

int main(void)
{
	make(1);
	child(work);
	shared[1] = 5;
	return finish(1);
}
