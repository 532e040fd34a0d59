/* No mutex, and no call between reading and writing: only the accesses themselves show it. */
#include "../homework.h"

static void work(void)
{
	for (int i = 0; i < 2; i++)
		shared[0]++;
	V(0);
}

int main(void)
{
	make(0);
	child(work);
	child(work);
	P(0);
	P(0);
	return finish(2);
}
