/* The parent sets the values after the child was born, and overwrites what that has done. */
#include "../homework.h"

static void give(void)
{
	V(0);
}

int main(void)
{
	make(0);
	child(give);
	semctl(set, 0, SETVAL, 0);
	P(0);
	return finish(1);
}
