/*
 * Ignores SIGCHLD, so that its children leave no zombies: wait() sleeps until the last one has ended,
 * and then fails.
 */
#include "../homework.h"

static void work(void)
{
	V(0);
}

int main(void)
{
	signal(SIGCHLD, SIG_IGN);
	make(0);
	child(work);
	child(work);
	if (wait(NULL) != -1 || errno != ECHILD)
		return 1;
	P(0);
	P(0);
	return finish(0);
}
