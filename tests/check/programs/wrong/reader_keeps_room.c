/* Readers and writers: the last reader does not open the room for the writer. */
#include "../homework.h"

enum { MUTEX, ROOM };

static void look(void)
{
	P(MUTEX);
	if (++shared[0] == 1)
		P(ROOM);
	V(MUTEX);
	P(MUTEX);
	shared[0]--;
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
