/* Each process locks a mutex, but not the same one. */
#include "../homework.h"

static void first(void)
{
	P(0);
	shared[0]++;
	V(0);
}

static void second(void)
{
	P(1);
	shared[0]++;
	V(1);
}

int main(void)
{
	make(1, 1);
	child(first);
	child(second);
	return finish(2);
}
