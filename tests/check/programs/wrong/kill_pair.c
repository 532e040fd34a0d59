/* The textbook's pair with SEM_UNDO on the mutex only: who dies takes a slot with it. For --kill. */
#include "../homework.h"

enum { MUTEX, EMPTY, FULL };

static void move(int from, int to)
{
	P(from);
	change(MUTEX, -1, SEM_UNDO);
	change(MUTEX, 1, SEM_UNDO);
	V(to);
}

static void produce(void)
{
	move(EMPTY, FULL);
}

static void consume(void)
{
	move(FULL, EMPTY);
}

int main(void)
{
	make(1, 1, 0);
	child(produce);
	child(consume);
	return finish(2);
}
