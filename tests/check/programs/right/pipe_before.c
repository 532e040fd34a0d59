/* A pipe from before the first call: each run must have its own, empty and with one writer. */
#include "../homework.h"

#include <fcntl.h>

static int ends[2];

static void work(void)
{
	if (write(ends[1], "", 1) != 1)
		exit(1);
	V(0);
}

int main(void)
{
	char bytes[8];
	ssize_t count;

	if (pipe2(ends, O_NONBLOCK) != 0)
		return 2;
	make(0);
	child(work);
	close(ends[1]);
	P(0);
	if (finish(1) != 0)
		return 1;
	count = read(ends[0], bytes, sizeof(bytes));
	return count != 1 || read(ends[0], bytes, 1) != 0;
}
