/* The end of a child interrupts the wait for the mutex, and the parent goes in without it. */
#include "../homework.h"

static void caught(int signal)
{
	(void)signal;
}

static void hold(void)
{
	P(0);
	usleep(1);
	V(0);
}

static void end(void)
{
}

int main(void)
{
	make(1);
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = caught}, NULL);
	child(hold);
	child(end);
	change(0, -1, 0);
	shared[0]++;
	V(0);
	return finish(2);
}
