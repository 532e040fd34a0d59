/* One way out of the critical section does not release the mutex: only if the other came first. */
#include "../homework.h"

static void work(void)
{
	for (int i = 0; i < 2; i++) {
		P(0);
		if (shared[0] == 2)
			return;
		shared[0]++;
		V(0);
	}
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	return finish(2);
}
