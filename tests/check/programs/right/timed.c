/* It waits with a timeout, and again when that is over. */
#include "../homework.h"

#include <time.h>

static void give(void)
{
	V(0);
}

int main(void)
{
	const struct timespec second = {1, 0};
	struct sembuf take = {0, -1, 0};

	make(0);
	child(give);
	while (semtimedop(set, &take, 1, &second) < 0)
		if (errno != EAGAIN && errno != EINTR)
			return 1;
	return finish(1);
}
