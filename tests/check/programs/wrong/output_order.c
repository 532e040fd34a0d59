/* Who prints first is left to chance. */
#include "../homework.h"

static void hello(void)
{
	P(0);
	puts("hello");
	fflush(stdout);
	V(0);
}

int main(void)
{
	make(1);
	child(hello);
	P(0);
	puts("world");
	fflush(stdout);
	V(0);
	return finish(1);
}
