/* Readers pass a turnstile that a waiting writer holds: nobody overtakes it. */
#include "../homework.h"

enum { TURNSTILE, MUTEX, ROOM };

static void read_twice(void)
{
	for (int i = 0; i < 2; i++) {
		P(TURNSTILE);
		V(TURNSTILE);
		P(MUTEX);
		if (++shared[0] == 1)
			P(ROOM);
		V(MUTEX);
		if (shared[1] % 2 != 0)
			exit(1);
		P(MUTEX);
		if (--shared[0] == 0)
			V(ROOM);
		V(MUTEX);
	}
}

static void write_once(void)
{
	P(TURNSTILE);
	P(ROOM);
	shared[1]++;
	usleep(1);
	shared[1]++;
	V(TURNSTILE);
	V(ROOM);
}

int main(void)
{
	make(1, 1, 1);
	child(read_twice);
	child(write_once);
	return finish(2);
}
