/* What comes through a pipe, and its end, order the accesses; no semaphore takes part. */
#include "../homework.h"

#include <fcntl.h>

static int ends[2];

/* What read() returns when it no longer has to wait. */
static ssize_t receive(char *byte)
{
	ssize_t count;

	while ((count = read(ends[0], byte, 1)) < 0 && errno == EAGAIN)
		usleep(10);
	return count;
}

static void work(void)
{
	close(ends[0]);
	shared[0] = 3;
	if (write(ends[1], "", 1) != 1)
		exit(1);
	shared[1] = 4;
	close(ends[1]);
	P(0);
}

int main(void)
{
	int first, second;
	char byte;

	make(0);
	if (pipe2(ends, O_NONBLOCK) != 0)
		return 2;
	child(work);
	close(ends[1]);
	if (receive(&byte) != 1)
		return 1;
	first = shared[0];
	if (receive(&byte) != 0)
		return 1;
	second = shared[1];
	V(0);
	return finish(1) != 0 || first + second != 7;
}
