/* It looks at the value until it is what it wants. */
#include "../homework.h"

static void give(void)
{
	V(0);
}

int main(void)
{
	make(0);
	child(give);
	while (semctl(set, 0, GETVAL) == 0)
		continue;
	P(0);
	return finish(1);
}
