/* The handler of a signal gives what the interrupted P() waits for, and P() waits again. */
#include "../homework.h"

static pid_t waiter;

static void give(int signal)
{
	(void)signal;
	V(1);
}

static void send(void)
{
	P(0);
	kill(waiter, SIGUSR1);
}

int main(void)
{
	waiter = getpid();
	make(0, 0);
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = give}, NULL);
	child(send);
	V(0);
	P(1);
	return finish(1);
}
