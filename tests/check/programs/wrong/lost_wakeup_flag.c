/* "I sleep" is said after the look whether there is work: the wake-up between the two is lost. */
#include "../homework.h"

enum { MUTEX, WAKE };
enum { WORK, SLEEPS };

static void produce(void)
{
	P(MUTEX);
	shared[WORK] = 1;
	V(MUTEX);
	if (shared[SLEEPS])
		V(WAKE);
}

int main(void)
{
	int has_work;

	make(1, 0);
	child(produce);
	P(MUTEX);
	has_work = shared[WORK];
	V(MUTEX);
	if (!has_work) {
		usleep(10); /* it lies down */
		shared[SLEEPS] = 1;
		P(WAKE);
	}
	return finish(1);
}
