/* A child that waits for too long is ended by its own alarm, and its parent removes all. */
#include "../homework.h"

int main(void)
{
	int status;

	make(0, 0);
	if (fork() == 0) {
		alarm(1);
		P(0);
		return 0;
	}
	while (wait(&status) < 0)
		continue;
	finish(0);
	return !WIFSIGNALED(status) || WTERMSIG(status) != SIGALRM;
}
