/* It only wakes somebody if somebody sleeps: GETNCNT is 0 just before the other one sleeps. */
#include "../homework.h"

static void waker(void)
{
	if (semctl(set, 0, GETNCNT) > 0)
		V(0);
}

int main(void)
{
	make(0);
	child(waker);
	P(0);
	return finish(1);
}
