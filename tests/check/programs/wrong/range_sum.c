/* Two add 20,000 each before anybody takes: a semaphore ends at 32,767. */
#include "../homework.h"

static void give(void)
{
	change(0, 20000, 0);
}

int main(void)
{
	make(0);
	child(give);
	child(give);
	change(0, -20000, 0);
	change(0, -20000, 0);
	return finish(2);
}
