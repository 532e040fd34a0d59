/* Three stages, each hands on to the next. */
#include "../homework.h"

static void second(void)
{
	for (int i = 0; i < 2; i++) {
		P(0);
		shared[1] = shared[0] + 1;
		V(1);
	}
}

static void third(void)
{
	for (int i = 0; i < 2; i++) {
		P(1);
		if (shared[1] != i + 1)
			exit(1);
		V(2);
	}
}

int main(void)
{
	make(0, 0, 1);
	child(second);
	child(third);
	for (int i = 0; i < 2; i++) {
		P(2);
		shared[0] = i;
		V(0);
	}
	return finish(2);
}
