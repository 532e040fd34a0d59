/* Three processes hand a token round; one that is late finds it gone, and nobody has it. */
#include "../homework.h"

enum { A, B, C };

static void first(void)
{
	P(A);
	P(B);
	V(A);
	V(B);
}

static void second(void)
{
	P(B);
	P(C);
	V(B);
	V(C);
}

static void third(void)
{
	P(C);
	P(A);
	V(C);
	V(A);
}

int main(void)
{
	make(1, 1, 1);
	child(first);
	child(second);
	child(third);
	return finish(3);
}
