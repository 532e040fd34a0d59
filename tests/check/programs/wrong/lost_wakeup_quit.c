/* A server looks at a flag before it sleeps: the signal that sets it can arrive between the two. */
#include "../homework.h"

static volatile sig_atomic_t quits;

static void caught(int signal)
{
	(void)signal;
	quits = 1;
}

int main(void)
{
	pid_t server;

	make(0);
	sigaction(SIGTERM, &(struct sigaction){.sa_handler = caught}, NULL);
	server = fork();
	if (server == 0) {
		while (!quits)
			change(0, -1, 0);
		return 0;
	}
	V(0);
	kill(server, SIGTERM);
	return finish(1);
}
