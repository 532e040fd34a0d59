/* An alarm interrupts the wait, and the program takes that for a failure. */
#include "../homework.h"

static void caught(int signal)
{
	(void)signal;
}

static void give(void)
{
	V(0);
}

int main(void)
{
	int failed;

	make(0);
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = caught}, NULL);
	child(give);
	alarm(1);
	failed = change(0, -1, 0) < 0;
	alarm(0);
	finish(1);
	return failed;
}
