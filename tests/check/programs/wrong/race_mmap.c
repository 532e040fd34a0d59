/* Two processes count in memory shared by mmap(), without a lock. */
#include "../homework.h"

#include <sys/mman.h>

static void work(void)
{
	for (int i = 0; i < 2; i++)
		shared[0]++;
}

int main(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 2;
	child(work);
	child(work);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
