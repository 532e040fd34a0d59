/* The mutex is released twice by one that did not find what it looked for. */
#include "../homework.h"

static void look(void)
{
	P(0);
	if (shared[0] == 0)
		V(0);
	V(0);
}

int main(void)
{
	make(1);
	child(look);
	P(0);
	shared[0] = 1;
	V(0);
	return finish(1);
}
