/* Without SEM_UNDO a dead one keeps the mutex. For --kill. */
#include "../homework.h"

static void work(void)
{
	P(0);
	V(0);
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	return finish(2);
}
