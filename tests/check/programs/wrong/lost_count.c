/* Reading and writing are in critical sections of their own: an update in between is lost. */
#include "../homework.h"

static void count(void)
{
	int number;

	P(0);
	number = shared[0];
	V(0);
	number++;
	P(0);
	shared[0] = number;
	V(0);
}

int main(void)
{
	make(1);
	child(count);
	child(count);
	return finish(2);
}
