/* The signal is not blocked between the look and pause(): if it arrives there, it wakes nobody. */
#include "../homework.h"

static volatile sig_atomic_t has_come;
static pid_t waiter;

static void caught(int signal)
{
	(void)signal;
	has_come = 1;
}

static void wake(void)
{
	P(0);
	kill(waiter, SIGUSR1);
}

int main(void)
{
	waiter = getpid();
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = caught}, NULL);
	make(0);
	child(wake);
	V(0);
	while (!has_come)
		pause();
	return finish(1);
}
