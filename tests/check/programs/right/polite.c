/* It tries twice without waiting, does something else, and then waits. */
#include "../homework.h"

static void give(void)
{
	V(0);
}

int main(void)
{
	make(0);
	child(give);
	if (change(0, -1, IPC_NOWAIT) < 0) {
		usleep(10);
		if (change(0, -1, IPC_NOWAIT) < 0)
			P(0);
	}
	return finish(1);
}
