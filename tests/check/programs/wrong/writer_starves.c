/* Readers come and go, one always inside: the writer waits for ever. */
#include "../homework.h"

enum { MUTEX, WRITE };

static void read_again(void)
{
	for (int i = 0; i < 60; i++) {
		P(MUTEX);
		if (++shared[0] == 1)
			P(WRITE);
		V(MUTEX);
		P(MUTEX);
		if (--shared[0] == 0)
			V(WRITE);
		V(MUTEX);
	}
}

static void write_once(void)
{
	P(WRITE);
	V(WRITE);
}

int main(void)
{
	make(1, 1);
	child(read_again);
	child(read_again);
	child(write_once);
	return finish(3);
}
