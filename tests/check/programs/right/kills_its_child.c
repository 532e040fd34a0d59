/* The parent ends its child with a signal, as a service is ended, and removes all. */
#include "../homework.h"

static void serve(void)
{
	V(1);
	while (1)
		P(0);
}

int main(void)
{
	pid_t server;

	make(0, 0);
	server = fork();
	if (server == 0)
		serve();
	V(0);
	P(1);
	kill(server, SIGKILL);
	return finish(1);
}
