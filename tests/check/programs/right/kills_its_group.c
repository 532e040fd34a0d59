/* A parent ends its children by a signal to its process group, which must reach nobody else. */
#include "../homework.h"

static void work(void)
{
	V(0);
	while (1)
		P(1);
}

int main(void)
{
	make(0, 0);
	child(work);
	P(0);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	return finish(1);
}
