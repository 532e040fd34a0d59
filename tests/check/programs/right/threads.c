/* A thread and its process, by semaphores. */
#include "../homework.h"

#include <pthread.h>

static void *produce(void *none)
{
	for (int i = 0; i < 2; i++) {
		P(0);
		shared[0]++;
		V(1);
	}
	return none;
}

int main(void)
{
	pthread_t thread;

	make(1, 0);
	pthread_create(&thread, NULL, produce, NULL);
	for (int i = 0; i < 2; i++) {
		P(1);
		if (shared[0] != i + 1)
			return 1;
		V(0);
	}
	pthread_join(thread, NULL);
	return finish(0);
}
