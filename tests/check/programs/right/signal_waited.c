/* sigsuspend() unblocks the signal and sleeps in one step: a signal that came before is not lost. */
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
	V(0);
	kill(waiter, SIGUSR1);
}

int main(void)
{
	sigset_t mask, before;

	waiter = getpid();
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = caught}, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, &before);
	make(0);
	child(wake);
	P(0);
	while (!has_come)
		sigsuspend(&before);
	return finish(1);
}
