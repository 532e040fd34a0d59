/* Readers and writers: the count is looked at after the mutex was given back, and no one was the first. */
#include "../homework.h"

enum { MUTEX, ROOM };

static void look(void)
{
	P(MUTEX);
	shared[0]++;
	V(MUTEX);
	usleep(10);
	if (shared[0] == 1)
		P(ROOM);
	P(MUTEX);
	if (--shared[0] == 0)
		V(ROOM);
	V(MUTEX);
}

int main(void)
{
	make(1, 1);
	child(look);
	child(look);
	P(ROOM);
	V(ROOM);
	return finish(2);
}
