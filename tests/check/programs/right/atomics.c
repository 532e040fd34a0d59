/* A lock of C11 atomics in the segment, a counter that needs none, and data that the lock protects. */
#include "../homework.h"

#include <sched.h>
#include <stdatomic.h>

static struct {
	atomic_int lock, total;
	int sum;
} * both;

static void work(void)
{
	for (int i = 0; i < 2; i++) {
		while (atomic_exchange(&both->lock, 1) != 0)
			sched_yield();
		both->sum += 2;
		atomic_store(&both->lock, 0);
		atomic_fetch_add(&both->total, 1);
	}
}

int main(void)
{
	int worst;

	make(1);
	both = (void *)shared;
	child(work);
	child(work);
	worst = finish(2);
	return worst != 0 || both->sum != 8 || both->total != 4;
}
