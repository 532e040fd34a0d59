/* It asks with IPC_NOWAIT until it gets it. */
#include "../homework.h"

static void give(void)
{
	V(0);
}

int main(void)
{
	make(0);
	child(give);
	while (change(0, -1, IPC_NOWAIT) < 0)
		continue;
	return finish(1);
}
