/* Two hand the turn to each other. */
#include "../homework.h"

static void pong(void)
{
	for (int i = 0; i < 3; i++) {
		P(1);
		if (shared[0]++ != 2 * i + 1)
			exit(1);
		V(0);
	}
}

int main(void)
{
	make(1, 0);
	child(pong);
	for (int i = 0; i < 3; i++) {
		P(0);
		if (shared[0]++ != 2 * i)
			return 1;
		V(1);
	}
	return finish(1);
}
